package dev.ninetunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.testing.RandomMessages;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tclunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("the frame decoder")
class FrameDecoderTest {
    private static final int LIMIT = 4096;

    private final FrameDecoder decoder = new FrameDecoder(LIMIT);
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf frame(Object message) {
        return RandomMessages.frame(message, 1);
    }

    private static ByteBuf sizeOnly(long size) {
        return Unpooled.buffer().writeIntLE((int) size);
    }

    private List<String> frames() {
        List<String> frames = new ArrayList<>();
        for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            frames.add(ByteBufUtil.hexDump(frame));
            frame.release();
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3, 6, LIMIT + 1, 1L << 31, (1L << 31) - 1, (1L << 32) - 1})
    @DisplayName("L2 refuses a size that no frame can have:")
    void refusesASizeThatNoFrameCanHave(long size) {
        assertThatThrownBy(() -> channel.writeInbound(sizeOnly(size)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("a frame of " + size + " bytes, where 7 to " + LIMIT + " are allowed");
        assertThat(frames()).isEmpty();
    }

    @Test
    @DisplayName("L2 lets nothing through behind a broken frame, and what came before it")
    void letsNothingThroughBehindABrokenFrame() {
        ByteBuf good = frame(new Rclunk());
        String hex = ByteBufUtil.hexDump(good);
        ByteBuf bytes = Unpooled.buffer().writeBytes(good.duplicate()).writeIntLE(3).writeBytes(good.duplicate());
        assertThatThrownBy(() -> channel.writeInbound(bytes)).isInstanceOf(MalformedMessageException.class);
        channel.writeInbound(good);
        assertThat(frames()).containsExactly(hex);
    }

    @Test
    @DisplayName("L2 allocates nothing of the size that a frame claims")
    void allocatesNothingOfTheClaimedSize() {
        decoder.limit(Integer.MAX_VALUE);
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        channel.config().setAllocator(allocator);
        channel.writeInbound(sizeOnly(1 << 30));
        for (int i = 0; i < 1000; i++) {
            channel.writeInbound(Unpooled.buffer(1).writeByte(i));
        }
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(16 << 10);
        assertThat(frames()).isEmpty();
    }

    @Test
    void takesFramesThatComeSplitAtAnyByte() {
        ByteBuf one = frame(new Tclunk(0x01020304));
        ByteBuf two = frame(new Rread(Unpooled.wrappedBuffer(new byte[]{5, 6, 7})));
        List<String> both = List.of(ByteBufUtil.hexDump(one), ByteBufUtil.hexDump(two));
        ByteBuf stream = Unpooled.wrappedBuffer(one, two);
        for (int first = 0; first <= stream.readableBytes(); first++) {
            for (int second = first; second <= stream.readableBytes(); second++) {
                channel.writeInbound(stream.copy(0, first));
                channel.writeInbound(stream.copy(first, second - first));
                channel.writeInbound(stream.copy(second, stream.readableBytes() - second));
                assertThat(frames()).isEqualTo(both);
            }
        }
    }

    @Test
    void takesLargeFramesThatComeInPiecesOfAnySize() {
        decoder.limit(1 << 20);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 20; i++) {
            ByteBuf stream = Unpooled.buffer();
            byte[] data = new byte[random.nextInt(100_000)];
            random.nextBytes(data);
            List<String> all = new ArrayList<>();
            for (Object message : List.of(new Tclunk(i), new Rread(Unpooled.wrappedBuffer(data)), new Rclunk())) {
                ByteBuf frame = frame(message);
                all.add(ByteBufUtil.hexDump(frame));
                stream.writeBytes(frame);
            }
            while (stream.isReadable()) {
                int most = 64 << random.nextInt(11);
                channel.writeInbound(stream.readBytes(Math.min(stream.readableBytes(), 1 + random.nextInt(most))));
            }
            assertThat(frames()).isEqualTo(all);
        }
    }

    @Test
    @DisplayName("L2 holds little more than has come of a frame, however small its pieces are and whatever they were part of")
    void holdsLittleMoreThanHasCome() {
        decoder.limit(1 << 20);
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        channel.config().setAllocator(allocator);
        channel.writeInbound(sizeOnly(1 << 20));
        for (int i = 0; i < 3000; i++) {
            channel.writeInbound(allocator.buffer(16 << 10).writeByte(i));
        }
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(10_000);
    }

    @Test
    void takesManyFramesFromOneBuffer() {
        RandomMessages messages = new RandomMessages(new SplittableRandom(1));
        decoder.limit(1 << 20);
        ByteBuf stream = Unpooled.buffer();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ByteBuf frame = frame(messages.any());
            all.add(ByteBufUtil.hexDump(frame));
            stream.writeBytes(frame);
        }
        channel.writeInbound(stream);
        assertThat(frames()).isEqualTo(all);
    }

    @Test
    void takesAFrameOfExactlyTheLimitAndOfTheSmallestSize() {
        ByteBuf largest = Unpooled.buffer(LIMIT).writeIntLE(LIMIT).writeZero(LIMIT - 4);
        channel.writeInbound(largest, frame(new Rclunk()));
        assertThat(frames()).extracting(String::length).containsExactly(2 * LIMIT, 2 * Frame.HEADER);
    }

    @Test
    void aLimitHoldsFromTheNextFrameOn() {
        decoder.limit(Frame.HEADER);
        channel.writeInbound(frame(new Rclunk()));
        assertThatThrownBy(() -> channel.writeInbound(frame(new Tclunk(1))))
                .isInstanceOf(MalformedMessageException.class);
        assertThat(frames()).hasSize(1);
    }

    @Test
    @DisplayName("hands out frames whose bytes can be changed in place, without touching the frames behind them")
    void framesCanBeChangedInPlace() {
        ByteBuf stream = channel.alloc().buffer();
        new Tclunk(1).write(stream, 1);
        new Tclunk(2).write(stream, 2);
        channel.writeInbound(stream);
        ByteBuf first = channel.readInbound();
        ByteBuf second = channel.readInbound();
        Frame.tag(first, 0xFFFE);
        Frame.int32(first, 7, -1);
        assertThat(ByteBufUtil.hexDump(first)).isEqualTo("0b00000078feffffffffff");
        assertThat(ByteBufUtil.hexDump(second)).isEqualTo("0b00000078020002000000");
        first.release();
        assertThat(Frame.int32(second, 7)).isEqualTo(2);
        second.release();
    }

    @Test
    void aFrameOutlivesWhatIsReceivedAfterIt() {
        ByteBuf start = channel.alloc().buffer(64).writeBytes(frame(new Tclunk(7))).writeByte(11);
        channel.writeInbound(start);
        ByteBuf kept = channel.readInbound();
        for (int i = 0; i < 200; i++) {
            channel.writeInbound(frame(new Tclunk(i)).skipBytes(1), Unpooled.buffer(1).writeByte(11));
        }
        assertThat(frames()).hasSize(200);
        assertThat(ByteBufUtil.hexDump(kept)).isEqualTo("0b00000078010007000000");
        kept.release();
    }

    @Test
    void anUnfinishedFrameIsDroppedWithItsConnection() {
        channel.writeInbound(sizeOnly(100), Unpooled.buffer().writeZero(50));
        assertThat(channel.finish()).isFalse();
    }
}
