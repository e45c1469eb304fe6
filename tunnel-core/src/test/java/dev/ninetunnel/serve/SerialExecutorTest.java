package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How a worker does what is to be done in order, and when it hands it back. */
class SerialExecutorTest {
    private final ArrayDeque<Runnable> worker = new ArrayDeque<>();
    private final List<Integer> done = new ArrayList<>();
    /** The numbers of what was handed back together. */
    private final List<List<Integer>> taken = new ArrayList<>();
    private long now;
    private int delivering;
    private final SerialExecutor serialExecutor = new SerialExecutor(new Workers(worker::add), () -> now, this::take);

    private void take(List<WorkerResult> made) {
        List<Integer> numbers = new ArrayList<>();
        for (WorkerResult one : made) {
            one.deliver();
            numbers.add(delivering);
        }
        taken.add(numbers);
    }

    private void add(int number, long micros) {
        serialExecutor.execute(() -> {
            now += TimeUnit.MICROSECONDS.toNanos(micros);
            done.add(number);
            return new WorkerResult(null, _ -> delivering = number);
        });
    }

    @Test
    @DisplayName("what is done quickly wakes the loop once, and one worker does it")
    void together() {
        for (int number = 1; number <= 4; number++) {
            add(number, 20);
        }
        assertThat(worker).hasSize(1);
        worker.remove().run();
        assertThat(taken).containsExactly(List.of(1, 2, 3, 4));
        assertThat(worker).isEmpty();
        add(5, 20);
        assertThat(worker).hasSize(1);
        worker.remove().run();
        assertThat(taken).containsExactly(List.of(1, 2, 3, 4), List.of(5));
    }

    @Test
    @DisplayName("what is done does not wait for what takes long")
    void slow() {
        add(1, 20);
        add(2, 20_000);
        add(3, 20_000);
        add(4, 20);
        worker.remove().run();
        assertThat(taken).containsExactly(List.of(1, 2), List.of(3), List.of(4));
    }

    @Test
    @DisplayName("after 16 pieces others who wait for a worker have their turn")
    void turns() {
        for (int number = 1; number <= 20; number++) {
            add(number, 1);
        }
        worker.remove().run();
        assertThat(done).hasSize(16);
        assertThat(worker).hasSize(1);
        add(21, 1);
        assertThat(worker).hasSize(1);
        worker.remove().run();
        assertThat(done).hasSize(21).isSorted();
        assertThat(taken).hasSize(2);
    }

    @Test
    @DisplayName("what comes while it is handed back is done by the same worker, behind it")
    void whileHandedBack() {
        SerialExecutor[] chain = new SerialExecutor[1];
        chain[0] = new SerialExecutor(new Workers(worker::add), () -> now, made -> {
            made.forEach(WorkerResult::deliver);
            if (done.size() == 1) {
                chain[0].execute(() -> piece(2));
                assertThat(worker).isEmpty();
            }
        });
        chain[0].execute(() -> piece(1));
        worker.remove().run();
        assertThat(done).containsExactly(1, 2);
        assertThat(worker).isEmpty();
    }

    private WorkerResult piece(int number) {
        return new WorkerResult(null, _ -> done.add(number));
    }
}
