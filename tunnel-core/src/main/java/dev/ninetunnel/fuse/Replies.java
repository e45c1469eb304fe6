package dev.ninetunnel.fuse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;

/** Bodies of answers to the kernel. Each is its receiver's. */
final class Replies {
    /** For what is answered without a body. */
    static final ByteBuf EMPTY = Unpooled.EMPTY_BUFFER;

    private Replies() {}

    static CompletableFuture<ByteBuf> now(ByteBuf body) {
        return CompletableFuture.completedFuture(body);
    }

    static ByteBuf empty(Object ignored) {
        return EMPTY;
    }

    static ByteBuf buffer(int bytes) {
        return ByteBufAllocator.DEFAULT.directBuffer(bytes);
    }
}
