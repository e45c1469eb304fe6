package dev.ninetunnel.fuse.kernel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;

/** Bodies of answers to the kernel. Each is its receiver's. */
public final class Replies {
    /** For what is answered without a body. */
    public static final ByteBuf EMPTY = Unpooled.EMPTY_BUFFER;

    private static final int WORTH_KEEPING = 64 << 10;

    private Replies() {}

    public static CompletableFuture<ByteBuf> now(ByteBuf body) {
        return CompletableFuture.completedFuture(body);
    }

    public static ByteBuf empty(Object ignored) {
        return EMPTY;
    }

    /**
     * What a request brings, for longer than the method for it runs. Much is kept where it is, in the memory into which the request
     * was read; little is copied, so that it does not keep all of that memory.
     */
    public static ByteBuf kept(ByteBuf slice) {
        int bytes = slice.readableBytes();
        return bytes < WORTH_KEEPING ? buffer(bytes).writeBytes(slice) : slice.retain();
    }

    public static ByteBuf buffer(int bytes) {
        return ByteBufAllocator.DEFAULT.directBuffer(bytes);
    }
}
