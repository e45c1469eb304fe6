package dev.ninetunnel.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that goes, with all that is in it, when this is closed. */
record Folder(Path path) implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    /** A new one whose files are in memory, or else one in this room. */
    static Folder inMemory(Path room) throws IOException {
        return new Folder(Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "ninetunnel-bench")
                : Files.createDirectory(room.resolve("export")));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
