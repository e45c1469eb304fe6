package dev.ninetunnel.fuse.kernel;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * Memory into which requests are read. The data of a write stay in it until the server has them. What is free again is used again: it is
 * more than allocators keep, and new memory costs as much as moving the data. One thread.
 */
final class RequestMemory implements AutoCloseable {
    /** So many requests at a time find memory that is there. */
    static final int MOST_KEPT = 4;

    private final int bytes;
    private final ArrayDeque<ByteBuf> inUse = new ArrayDeque<>(MOST_KEPT);
    private ByteBuf next;

    /** @param bytes the most that one request has */
    RequestMemory(int bytes) {
        this.bytes = bytes;
        this.next = Replies.buffer(bytes);
    }

    /** For the next request, until this is called again; stays this object's. Who needs it for longer retains it. */
    ByteBuf free() {
        if (isUsed(next)) {
            inUse.add(next);
            next = isUsed(inUse.peek()) ? another() : inUse.poll();
        }
        return next;
    }

    private static boolean isUsed(ByteBuf memory) {
        return memory.refCnt() > 1;
    }

    private ByteBuf another() {
        if (inUse.size() == MOST_KEPT) {
            inUse.poll().release();
        }
        return Replies.buffer(bytes);
    }

    @Override
    public void close() {
        next.release();
        inUse.forEach(ByteBuf::release);
        inUse.clear();
    }
}
