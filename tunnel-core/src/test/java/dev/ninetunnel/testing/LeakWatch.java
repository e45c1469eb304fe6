package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
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
        // The factory must be in place before the first buffer of the first class.
        leaks(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        System.gc();
        new PooledByteBufAllocator(true).directBuffer(1).release();
        assertThat(leaks(context)).as("leaked buffers").isEmpty();
    }

    /** The leaks of the whole run: one that shows up late counts for the class that runs by then. */
    private static List<String> leaks(ExtensionContext context) {
        return context.getRoot().getStore(OURS).computeIfAbsent(Factory.class, _ -> {
            Factory factory = new Factory();
            ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(factory);
            return factory;
        }, Factory.class).leaks;
    }

    private static final class Factory extends ResourceLeakDetectorFactory {
        private final List<String> leaks = new CopyOnWriteArrayList<>();

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
            ResourceLeakDetector<T> detector = new ResourceLeakDetector<>(resource, samplingInterval);
            detector.setLeakListener((type, records) -> leaks.add(type + " " + records));
            return detector;
        }

        @Override
        @SuppressWarnings("deprecation")
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval,
                long maxActive) {
            return newResourceLeakDetector(resource, samplingInterval);
        }
    }
}
