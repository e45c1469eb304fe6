package dev.ninetunnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ninetunnel.cli.Failure;
import dev.ninetunnel.cli.options.CommonOptions;
import dev.ninetunnel.testing.InMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Any bytes in {@code ninetunnel.toml} are understood, or refused with a message that names the file. */
class ConfigFileFuzz {
    @TempDir(factory = InMemory.class)
    Path folder;

    @FuzzTest
    void isUnderstoodOrRefused(byte[] input) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Path file = Files.write(folder.resolve(ConfigFile.NAME), input);
        try {
            ConfigFile.read(file, new CommonOptions());
        } catch (Failure e) {
            assertThat(e.getMessage()).contains(file.toString());
        }
    }
}
