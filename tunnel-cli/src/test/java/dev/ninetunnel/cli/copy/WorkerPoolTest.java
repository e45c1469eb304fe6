package dev.ninetunnel.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("a crew")
@Timeout(60)
class WorkerPoolTest {
    @Test
    @DisplayName("does all work of a tree, however deep, without waiting for itself")
    void trees() {
        WorkerPool workerPool = new WorkerPool(3);
        AtomicInteger leaves = new AtomicInteger();
        branch(workerPool, 6, leaves);
        assertThat(leaves).hasValue(4 * 4 * 4 * 4 * 4 * 4);
    }

    private static void branch(WorkerPool workerPool, int depth, AtomicInteger leaves) {
        WorkerPool.Batch batch = workerPool.batch();
        for (int i = 0; i < 4; i++) {
            if (depth > 1) {
                batch.tree(() -> branch(workerPool, depth - 1, leaves));
            } else {
                batch.file(leaves::incrementAndGet);
            }
        }
        batch.await();
    }

    @Test
    @DisplayName("does as much at once as it has hands")
    void atOnce() throws InterruptedException {
        WorkerPool workerPool = new WorkerPool(2);
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        WorkerPool.Batch batch = workerPool.batch();
        for (int i = 0; i < 2; i++) {
            batch.file(() -> {
                both.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        both.await();
        go.countDown();
        batch.await();
    }

    @Test
    @DisplayName("tells what a hand could not do")
    void faults() {
        WorkerPool.Batch batch = new WorkerPool(1).batch();
        batch.file(() -> {
            throw new IllegalArgumentException("broken");
        });
        assertThatThrownBy(batch::await).isInstanceOf(IllegalStateException.class).hasMessage("broken");
    }
}
