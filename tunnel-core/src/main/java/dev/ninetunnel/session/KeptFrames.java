package dev.ninetunnel.session;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/**
 * The frames that were sent and that the far side may lack, in the order in which they were sent, numbered from 1 on. A
 * small frame is copied into a block together with its neighbours, so that it does not hold on to the large buffer that it
 * was received in; a large one is held as it is. A frame costs no object. Blocks are small at first, for most peers of an endpoint
 * are idle for most of the time. On the session's loop.
 */
final class KeptFrames {
    private static final int COPY_BELOW = 4096;
    private static final int FIRST_BLOCK = 256;
    private static final int LARGEST_BLOCK = 16 << 10;
    private static final int FIRST_FRAMES = 8;

    private ByteBuf[] buffers = new ByteBuf[FIRST_FRAMES];
    private int[] starts = new int[FIRST_FRAMES];
    private int[] sizes = new int[FIRST_FRAMES];
    /** The number of the first that is kept, and of the first that has not been sent yet. */
    private long first = 1;
    private long next = 1;
    private ByteBuf block;
    /** How large the next block is: each twice as large as the one before it that was too small, up to the largest. */
    private int nextBlock = FIRST_BLOCK;
    private long requestBytes;
    private long replyBytes;

    /** How many frames have been sent, all in all. */
    long sent() {
        return next - 1;
    }

    /** How many of them, from the first on, are not kept any more. */
    long dropped() {
        return first - 1;
    }

    /** The bytes of the requests that are kept. */
    long requestBytes() {
        return requestBytes;
    }

    /** The bytes of the replies that are kept. */
    long replyBytes() {
        return replyBytes;
    }

    /** Keeps one more frame, which stays its owner's. Returns its number. */
    long keep(ByteBuf frame) {
        if (next - first == buffers.length) {
            grow();
        }
        int at = index(next);
        int size = frame.readableBytes();
        if (size < COPY_BELOW) {
            ByteBuf into = blockFor(size);
            starts[at] = into.writerIndex();
            into.writeBytes(frame, frame.readerIndex(), size);
            buffers[at] = into.retain();
        } else {
            starts[at] = frame.readerIndex();
            buffers[at] = frame.retain();
        }
        sizes[at] = size;
        count(at, size);
        return next++;
    }

    private ByteBuf blockFor(int size) {
        if (block != null && block.writableBytes() < size) {
            if (block.refCnt() == 1) {
                block.clear();
            } else {
                releaseBlock();
            }
        }
        if (block == null || block.capacity() < size) {
            releaseBlock();
            while (nextBlock < size) {
                nextBlock *= 2;
            }
            block = ByteBufAllocator.DEFAULT.directBuffer(nextBlock, nextBlock);
            nextBlock = Math.min(2 * nextBlock, LARGEST_BLOCK);
        }
        return block;
    }

    /** The far side has all frames up to this number, which has been sent. */
    void dropThrough(long number) {
        for (; first <= number; first++) {
            int at = index(first);
            count(at, -sizes[at]);
            buffers[at].release();
            buffers[at] = null;
        }
    }

    /** Sends again what comes behind this number, which is not below {@link #dropped}. */
    void resendBehind(long number, FrameSink link) {
        for (long n = number + 1; n < next; n++) {
            int at = index(n);
            link.accept(buffers[at].retainedSlice(starts[at], sizes[at]));
        }
    }

    /** Keeps nothing any more. */
    void release() {
        dropThrough(sent());
        releaseBlock();
    }

    private void releaseBlock() {
        if (block != null) {
            block.release();
            block = null;
        }
    }

    private void count(int at, int bytes) {
        boolean reply = (buffers[at].getByte(starts[at] + Frame.TYPE_AT) & 1) != 0;
        if (reply) {
            replyBytes += bytes;
        } else {
            requestBytes += bytes;
        }
    }

    private int index(long number) {
        return (int) (number & (buffers.length - 1));
    }

    private void grow() {
        int old = buffers.length;
        ByteBuf[] widerBuffers = new ByteBuf[2 * old];
        int[] widerStarts = new int[2 * old];
        int[] widerSizes = new int[2 * old];
        for (long n = first; n < next; n++) {
            int from = (int) (n & (old - 1));
            int to = (int) (n & (2 * old - 1));
            widerBuffers[to] = buffers[from];
            widerStarts[to] = starts[from];
            widerSizes[to] = sizes[from];
        }
        Arrays.fill(buffers, null);
        buffers = widerBuffers;
        starts = widerStarts;
        sizes = widerSizes;
    }
}
