package dev.ninetunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * L2 What any bytes are cut into is frames whose size is true, however they arrive, or ends the stream; and no more is kept than
 * has come. The first byte of an input says in pieces of how many bytes it arrives, the rest is the stream.
 */
class PartsFuzz {
    private static final int LIMIT = 16384;
    /** What a buffer may be larger than what it is asked for: it grows in steps. */
    private static final int GROWTH = 4;
    /** A frame that has begun, and a part of one. */
    private static final int BEGUN = 2 * 4096;

    private record Outcome(List<String> frames, boolean broken) {}

    @FuzzTest
    void bytesBecomeFramesOrEndTheStream(byte[] input) {
        if (input.length > 0) {
            Outcome whole = cut(input, input.length);
            assertThat(cut(input, 1 + (input[0] & 0x3F))).isEqualTo(whole);
        }
    }

    private static Outcome cut(byte[] input, int piece) {
        UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
        PartJoiner joiner = new PartJoiner(LIMIT);
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(LIMIT), joiner);
        channel.config().setAllocator(alloc);
        joiner.agree();
        List<String> frames = new ArrayList<>();
        boolean broken = false;
        for (int at = 1; at < input.length; at += piece) {
            int bytes = Math.min(piece, input.length - at);
            try {
                channel.writeInbound(alloc.buffer(bytes).writeBytes(input, at, bytes));
            } catch (MalformedMessageException e) {
                broken = true;
            }
            take(channel, frames);
            assertThat(alloc.metric().usedHeapMemory()).as("bytes kept")
                    .isLessThanOrEqualTo(BEGUN + GROWTH * (at + bytes));
        }
        channel.finishAndReleaseAll();
        assertThat(alloc.metric().usedHeapMemory()).as("bytes left").isZero();
        return new Outcome(frames, broken);
    }

    private static void take(EmbeddedChannel channel, List<String> frames) {
        for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            assertThat(Frame.int32(frame, 0)).as("size").isEqualTo(frame.readableBytes()).isBetween(Frame.HEADER,
                    LIMIT);
            assertThat(Part.is(frame)).as("a part that is left").isFalse();
            frames.add(ByteBufUtil.hexDump(frame));
            frame.release();
        }
    }
}
