package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/**
 * Counts the direct memory that is held of Netty's default allocator, to the byte, where it does not pool ({@code
 * -Dio.netty.allocator.type=unpooled}, as fuzz tests run); else nothing. What tests keep is on the heap. For tests in one thread.
 */
public final class HeldBuffers {
    private final long before = bytes();

    private static long bytes() {
        return ByteBufAllocator.DEFAULT instanceof UnpooledByteBufAllocator exact
                ? exact.metric().usedDirectMemory()
                : 0;
    }

    /** Fails if more is held, or less, than when this was made. */
    public void assertNoneLeft() {
        assertThat(bytes() - before).as("bytes of buffers left").isZero();
    }
}
