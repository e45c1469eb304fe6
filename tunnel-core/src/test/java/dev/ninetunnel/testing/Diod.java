package dev.ninetunnel.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Debian's diod, a 9P2000.L server written in C, that exports a directory on a unix socket while a test runs. Each connection has a
 * process of its own: diod 1.0.24 crashes now and then when a client hangs up while it works for it.
 */
public final class Diod implements AutoCloseable {
    private static final List<Path> USUAL_FOLDERS = List.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin"));
    private static final int CHUNK = 1 << 16;

    private final ProcessBuilder command;
    private final Path export;
    private final UnixDomainSocketAddress address;
    private final ServerSocketChannel listener;
    private final Queue<Process> processes = new ConcurrentLinkedQueue<>();

    private Diod(Path program, Path export, Path room) throws IOException {
        this.export = export;
        this.command = new ProcessBuilder(program.toString(), "-f", "-n", "-N", "-c", "/dev/null", "-e",
                export.toString(), "-r", "0", "-w", "1", "-L", "stderr")
                .redirectError(ProcessBuilder.Redirect.appendTo(room.resolve("diod.log").toFile()));
        this.address = UnixDomainSocketAddress.of(room.resolve("diod.sock"));
        this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
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
        try {
            Diod diod = new Diod(program, export, room);
            Thread.ofPlatform().daemon().name("diod").start(diod::acceptAll);
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

    private void acceptAll() {
        try {
            while (true) {
                serve(listener.accept());
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    private void serve(SocketChannel client) throws IOException {
        Process process = command.start();
        processes.add(process);
        Thread.ofPlatform().daemon().name("to diod").start(
                () -> pump(Channels.newInputStream(client), process.getOutputStream()));
        Thread.ofPlatform().daemon().name("from diod").start(() -> {
            pump(process.getInputStream(), Channels.newOutputStream(client));
            process.destroy();
        });
    }

    /** Until either has ended; then both have. */
    private static void pump(InputStream from, OutputStream to) {
        try (from; to) {
            byte[] chunk = new byte[CHUNK];
            for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
                to.write(chunk, 0, n);
                to.flush();
            }
        } catch (IOException _) {
            // One has hung up.
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
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }
}
