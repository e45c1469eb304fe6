package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
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
    public void afterEach(ExtensionContext context) {
        for (int i = 0; i < 3; i++) {
            System.gc();
            // The detector reports when the next buffer is made.
            UnpooledByteBufAllocator.DEFAULT.buffer(16).release();
            PooledByteBufAllocator.DEFAULT.buffer(16).release();
        }
        assertThat(leaks).isEmpty();
    }
}
