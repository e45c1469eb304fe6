package dev.ninetunnel.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory that is removed, with all that is in it, when this is closed. */
public record TempDirectory(Path path) implements AutoCloseable {
    private static final int ATTEMPTS = 20;

    /** Tries a few times, because a program that still writes into it makes a removal fail. */
    @Override
    public void close() throws IOException {
        for (int left = ATTEMPTS; Files.exists(path); left--) {
            try {
                remove();
            } catch (IOException | UncheckedIOException e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    private void remove() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
