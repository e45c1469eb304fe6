package dev.ninetunnel.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that goes, with all that is in it, when this is closed. */
public record Folder(Path path) implements AutoCloseable {
    private static final int ATTEMPTS = 20;
    private static final Path MEMORY = Path.of("/dev/shm");

    /** A new one whose files are in memory, or else one in this room. */
    static Folder inMemory(Path room) throws IOException {
        return new Folder(Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "ninetunnel-bench")
                : Files.createDirectory(room.resolve("export")));
    }

    /** Who still writes into it meanwhile may make it fail; it is tried a few times. */
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
