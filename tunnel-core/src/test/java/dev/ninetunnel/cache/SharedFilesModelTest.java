package dev.ninetunnel.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
    private static final int STEPS = 300;

    @TempDir
    private Path folder;

    private void stories(int count) throws IOException {
        int early = 0;
        for (int i = 0; i < count; i++) {
            try (SharedFiles files = new SharedFiles(folder.resolve("s" + i), SEED + i, i % 2 == 1)) {
                try {
                    files.run(STEPS);
                    early += files.observations.early();
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + (SEED + i) + ": " + e.getMessage() + "\n"
                            + String.join("\n", files.story), e);
                }
            }
        }
        assertThat(early).as("writes that were told as done before they had come").isGreaterThan(count / 4);
    }

    @Test
    @DisplayName("nobody is shown less than anybody had been shown or told before, through a hundred stories")
    void hundred() throws IOException {
        stories(100);
    }

    @Tag("long")
    @Test
    @DisplayName("nor through five hundred")
    void hundreds() throws IOException {
        stories(500);
    }

    @Tag("endurance")
    @Test
    @DisplayName("nor through ten thousand")
    void tenThousand() throws IOException {
        stories(10_000);
    }
}
