package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("a crew")
@Timeout(60)
class CrewTest {
    @Test
    @DisplayName("does all work of a tree, however deep, without waiting for itself")
    void trees() {
        Crew crew = new Crew(3);
        AtomicInteger leaves = new AtomicInteger();
        branch(crew, 6, leaves);
        assertThat(leaves).hasValue(4 * 4 * 4 * 4 * 4 * 4);
    }

    private static void branch(Crew crew, int depth, AtomicInteger leaves) {
        Crew.Batch batch = crew.batch();
        for (int i = 0; i < 4; i++) {
            if (depth > 1) {
                batch.tree(() -> branch(crew, depth - 1, leaves));
            } else {
                batch.file(leaves::incrementAndGet);
            }
        }
        batch.await();
    }

    @Test
    @DisplayName("does as much at once as it has hands")
    void atOnce() throws InterruptedException {
        Crew crew = new Crew(2);
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        Crew.Batch batch = crew.batch();
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
        Crew.Batch batch = new Crew(1).batch();
        batch.file(() -> {
            throw new IllegalArgumentException("broken");
        });
        assertThatThrownBy(batch::await).isInstanceOf(IllegalStateException.class).hasMessage("broken");
    }
}
