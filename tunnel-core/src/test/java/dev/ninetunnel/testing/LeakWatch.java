package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test class that leaks a buffer. Netty finds a leak when the garbage collector has taken a buffer that nobody
 * released, and another one is allocated: so that is what happens here after each class. Found for every class by
 * JUnit's service loader.
 */
public final class LeakWatch implements BeforeAllCallback, AfterAllCallback {
    private static final Namespace OURS = Namespace.create(LeakWatch.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        List<String> leaks = leaks(context);
        // For each class again: a class may have set a listener of its own.
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + " " + records));
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        collectGarbage();
        PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        assertThat(leaks(context)).as("leaked buffers").isEmpty();
    }

    /** Returns once the collector has told of garbage that was made here, and so of what was garbage before. */
    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        // A reference may be handed out before others of the same collection: so twice.
        for (int i = 0; i < 2; i++) {
            Reference<Object> garbage = new PhantomReference<>(new Object(), collected);
            try {
                System.gc();
                collected.remove(ByteStream.PATIENCE.toMillis());
            } finally {
                Reference.reachabilityFence(garbage);
            }
        }
    }

    /** The leaks of the whole run: one that shows up late counts for the class that runs by then. */
    private static List<String> leaks(ExtensionContext context) {
        return context.getRoot().getStore(OURS).computeIfAbsent(Leaks.class, _ -> new Leaks(), Leaks.class).all;
    }

    private record Leaks(List<String> all) {
        Leaks() {
            this(new CopyOnWriteArrayList<>());
        }
    }
}
