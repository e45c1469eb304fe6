package dev.ninetunnel.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Debian's diod, a 9P2000.L server written in C, that exports a directory on a unix socket while a test runs. */
public final class Diod implements AutoCloseable {
    private static final List<Path> USUAL_FOLDERS = List.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin"));

    private final Process process;
    private final Path export;
    private final UnixDomainSocketAddress address;

    private Diod(Process process, Path export, UnixDomainSocketAddress address) {
        this.process = process;
        this.export = export;
        this.address = address;
    }

    /**
     * Starts it, or skips the test where it is not installed.
     *
     * @param export the directory to serve; its path is the aname to attach to
     * @param room an empty directory for its socket and its log
     */
    public static Diod serve(Path export, Path room) {
        Path program = find("diod");
        assumeTrue(program != null, "SKIPPED: diod is not installed (apt-get install diod)");
        Path socket = room.resolve("diod.sock");
        try {
            Process process = new ProcessBuilder(program.toString(), "-f", "-n", "-N", "-c", "/dev/null", "-l",
                    socket.toString(), "-e", export.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(room.resolve("diod.log").toFile())
                    .start();
            Diod diod = new Diod(process, export, UnixDomainSocketAddress.of(socket));
            Awaitility.await("diod's socket").atMost(Duration.ofSeconds(20)).until(diod::answers);
            return diod;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a program of this name is, on PATH or where daemons live; null if nowhere. */
    public static Path find(String program) {
        Stream<Path> path = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .filter(folder -> !folder.isEmpty()).map(Path::of);
        return Stream.concat(path, USUAL_FOLDERS.stream()).map(folder -> folder.resolve(program))
                .filter(Files::isExecutable).findFirst().orElse(null);
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("diod has left with code " + process.exitValue());
        }
        try (SocketChannel _ = SocketChannel.open(address)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    public UnixDomainSocketAddress address() {
        return address;
    }

    /** What to attach to. */
    public String aname() {
        return export.toString();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
