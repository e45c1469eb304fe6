package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test in which a buffer was collected by the garbage collector without having been released. */
final class NoLeaks implements BeforeAllCallback, AfterEachCallback {
    private final List<String> leaks = new CopyOnWriteArrayList<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        ByteBufUtil.setLeakListener((resourceType, records) -> leaks.add(resourceType + records));
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        collectGarbage();
        // The detector reports when the next buffer is made.
        PooledByteBufAllocator.DEFAULT.buffer(16).release();
        assertThat(leaks).isEmpty();
    }

    /** Until it has really happened, and what was found has been handed out. */
    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> found = new ReferenceQueue<>();
        for (int i = 0; i < 2; i++) {
            Reference<Object> garbage = new PhantomReference<>(new Object(), found);
            try {
                System.gc();
                found.remove(Ends.PATIENCE.toMillis());
            } finally {
                Reference.reachabilityFence(garbage);
            }
        }
    }
}
