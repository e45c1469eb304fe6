package dev.ninetunnel.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Promises 1 and 2 of docs/coherence.md, whatever the network, the workers and the programs do: one seed, one story. */
@EnabledOnOs(OS.LINUX)
class SharedFilesModelTest {
    private static final long SEED = Long.getLong("ninetunnel.seed", 20261129);
    private static final int STEPS = 200;

    @TempDir
    private Path folder;
    private final AtomicInteger early = new AtomicInteger();

    /** Each story in a thread of its own, as many at once as the machine has processors. */
    private void stories(int count) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(threads.submit(() -> story(number)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
        assertThat(early.get()).as("writes that were told as done before they had come").isGreaterThan(count / 4);
    }

    /** Without looking for leaks, which takes longer than the stories, and which a hundred of them do. */
    private void storiesAlone(int count) throws InterruptedException {
        ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try {
            stories(count);
        } finally {
            ResourceLeakDetector.setLevel(before);
        }
    }

    private Void story(int number) throws IOException {
        try (SharedFiles files = open(number, false)) {
            files.run(STEPS);
            early.addAndGet(files.observations.early());
            return null;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + (SEED + number) + ": " + e.getMessage() + "\n" + told(number), e);
        }
    }

    private SharedFiles open(int number, boolean isTold) throws IOException {
        return new SharedFiles(folder.resolve("s" + number + (isTold ? "-told" : "")), SEED + number, number % 2 == 1,
                isTold);
    }

    /** The same once more, to be told. */
    private String told(int number) throws IOException {
        try (SharedFiles files = open(number, true)) {
            try {
                files.run(STEPS);
            } catch (AssertionError | RuntimeException e) {
                return files.story();
            }
            return "it goes well when it is told:\n" + files.story();
        }
    }

    @Test
    @DisplayName("nobody is shown less than anybody had been shown or told before, through a hundred stories")
    void hundred() throws InterruptedException {
        stories(100);
    }

    @Tag("long")
    @Test
    @DisplayName("nor through ten thousand")
    void tenThousand() throws InterruptedException {
        storiesAlone(10_000);
    }

    @Tag("endurance")
    @Test
    @DisplayName("nor through a hundred thousand")
    void hundredThousand() throws InterruptedException {
        storiesAlone(100_000);
    }
}
