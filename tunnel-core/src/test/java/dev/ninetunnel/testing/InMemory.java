package dev.ninetunnel.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Makes temporary directories on tmpfs, and skips tests where there is none. */
public final class InMemory implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
        assumeThat(MEMORY).isDirectory();
        assumeThat(Files.getFileStore(MEMORY).type()).isEqualTo("tmpfs");
        return Files.createTempDirectory(MEMORY, "ninetunnel");
    }
}
