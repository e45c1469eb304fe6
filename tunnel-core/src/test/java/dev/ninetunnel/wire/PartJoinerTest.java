package dev.ninetunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
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

@DisplayName("messages in parts")
class PartJoinerTest {
    private static final int LIMIT = 131096;

    private final PartJoiner joiner = new PartJoiner(LIMIT);
    private final EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(LIMIT), joiner);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf frame(Rmessage message, int tag) {
        ByteBuf frame = Unpooled.buffer();
        message.write(frame, tag);
        return frame;
    }

    private static ByteBuf reply(int bytes) {
        byte[] data = new byte[bytes];
        new SplittableRandom(bytes).nextBytes(data);
        return frame(new Rread(Unpooled.wrappedBuffer(data)), 7);
    }

    private static ByteBuf part(ByteBuf frame, int from, int to) {
        return Unpooled.wrappedBuffer(Part.header(UnpooledByteBufAllocator.DEFAULT, frame, to - from),
                frame.copy(from, to - from));
    }

    private static ByteBuf part(int type, String hex) {
        byte[] body = ByteBufUtil.decodeHexDump(hex);
        return Unpooled.buffer().writeIntLE(Frame.HEADER + body.length).writeByte(type).writeShortLE(7)
                .writeBytes(body);
    }

    private List<String> received() {
        List<String> frames = new ArrayList<>();
        for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            frames.add(ByteBufUtil.hexDump(frame));
            frame.release();
        }
        return frames;
    }

    @Test
    @DisplayName("are put together, whatever the size of the parts, and what comes between them passes")
    void joins() {
        joiner.agree();
        ByteBuf large = reply(100_000);
        ByteBuf small = frame(new Rclunk(), 9);
        SplittableRandom random = new SplittableRandom(1);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            for (int from = 0; from < large.readableBytes();) {
                int to = Math.min(large.readableBytes(), from + random.nextInt(Frame.HEADER, 40_000));
                channel.writeInbound(part(large, from, to));
                from = to;
                if (from < large.readableBytes()) {
                    channel.writeInbound(small.copy());
                    expected.add(ByteBufUtil.hexDump(small));
                }
            }
            expected.add(ByteBufUtil.hexDump(large));
        }
        assertThat(received()).isEqualTo(expected);
    }

    @Test
    @DisplayName("are messages of an unknown type like any other, as long as they are not agreed on")
    void notAgreed() {
        ByteBuf part = part(Part.OF_REPLY, "00");
        channel.writeInbound(part.copy());
        assertThat(received()).containsExactly(ByteBufUtil.hexDump(part));
    }

    @Test
    @DisplayName("L2 of a size that no message can have end the stream, before anything is allocated")
    void size() {
        refused(part(Part.OF_REPLY, "06000000750700"), "a message of 6 bytes in parts");
        refused(part(Part.OF_REPLY, "ffffffff750700"), "a message of 4294967295 bytes in parts");
        refused(part(Part.OF_REPLY, "1900020075070000"), "a message of 131097 bytes in parts");
        refused(part(Part.OF_REPLY, "0b0000007507"), "a first part of 6 bytes");
        refused(part(Part.OF_REPLY, ""), "a first part of 0 bytes");
    }

    @Test
    @DisplayName("L2 that go past the end of their message end the stream")
    void pastTheEnd() {
        refused(part(Part.OF_REPLY, "0800000079070000ff"), "a part that goes 1 bytes past the end");
    }

    @Test
    @DisplayName("L1 that are not all of requests, or all of replies, or hold parts themselves, end the stream")
    void kinds() {
        refused(part(Part.OF_REQUEST, "0b000000750700"), "a message of type 117 in parts of requests");
        refused(part(Part.OF_REPLY, "0b000000780700"), "a message of type 120 in parts of replies");
        refused(part(Part.OF_REPLY, "0b000000ff0700"), "a message of type 255 in parts of replies");
        joiner.agree();
        channel.writeInbound(part(Part.OF_REPLY, "0b000000750700"));
        refused(part(Part.OF_REQUEST, "00000000"), "a part of another message");
    }

    private void refused(ByteBuf part, String why) {
        joiner.agree();
        assertThatThrownBy(() -> channel.writeInbound(part)).isInstanceOf(MalformedMessageException.class)
                .hasMessageStartingWith(why);
        assertThat(received()).isEmpty();
    }

    @Test
    @DisplayName("of which the rest never comes are dropped with the connection")
    void half() {
        joiner.agree();
        ByteBuf large = reply(100_000);
        channel.writeInbound(part(large, 0, 50_000));
        channel.close();
        assertThat(received()).isEmpty();
    }
}
