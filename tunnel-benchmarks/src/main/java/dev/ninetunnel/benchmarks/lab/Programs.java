package dev.ninetunnel.benchmarks.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Programs that are started for a comparison, and stopped when this is closed. Their output goes to files in a folder. */
final class Programs implements AutoCloseable {
    private static final List<Path> USUAL_FOLDERS = List.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin"));
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOK_AGAIN_MILLIS = 5;

    private final Path folder;
    private final List<Process> running = new ArrayList<>();
    private boolean closed;

    Programs(Path folder) {
        this.folder = folder;
    }

    /** Where a program is: on PATH, or where daemons live. */
    static Optional<Path> find(String program) {
        Stream<Path> path = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .filter(entry -> !entry.isEmpty()).map(Path::of);
        return Stream.concat(path, USUAL_FOLDERS.stream()).map(entry -> entry.resolve(program))
                .filter(Files::isExecutable).findFirst();
    }

    /** Starts a program, whose output of both kinds goes to {@code NAME.out} in the folder; none any more after the end. */
    Process start(String name, List<String> command) throws IOException {
        return start(name, new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output(name).toFile()));
    }

    private synchronized Process start(String name, ProcessBuilder how) throws IOException {
        if (closed) {
            throw new IOException(name + " is not started: the benchmark was stopped");
        }
        Process process = how.start();
        running.add(process);
        return process;
    }

    /** Runs a program to its end, with the input and output of this one, and more in its environment; what it ends with. */
    int runHere(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder how = new ProcessBuilder(command).inheritIO();
        how.environment().putAll(environment);
        return start(command.getFirst(), how).waitFor();
    }

    /** Runs a program to its end. */
    void run(String name, List<String> command) throws IOException, InterruptedException {
        if (start(name, command).waitFor() != 0) {
            throw new IOException(name + " has failed: " + Files.readString(output(name)).strip());
        }
    }

    /** Waits until somebody listens there. */
    void awaitListening(Process process, String name, SocketAddress address) throws IOException, InterruptedException {
        await(process, name, () -> {
            try (SocketChannel _ = SocketChannel.open(address)) {
                return true;
            } catch (IOException _) {
                return false;
            }
        });
    }

    /** Waits for a line of output that begins with this word, and returns it. */
    String awaitLine(Process process, String name, String word) throws IOException, InterruptedException {
        await(process, name, () -> line(name, word).isPresent());
        return line(name, word).orElseThrow();
    }

    private Optional<String> line(String name, String word) throws IOException {
        return new String(Files.readAllBytes(output(name)), StandardCharsets.UTF_8).lines()
                .filter(line -> line.startsWith(word)).findFirst();
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(Process process, String name, Condition condition) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IOException(name + (process.isAlive() ? " does not begin to serve: " : " has ended: ")
                        + Files.readString(output(name)).strip());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private Path output(String name) {
        return folder.resolve(name + ".out");
    }

    /** A place on the loopback interface where nobody listens. */
    static InetSocketAddress freePlace() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }
    }

    /** Ends all of them and what they have started, and waits until they have gone. Any thread may call it. */
    @Override
    public synchronized void close() {
        closed = true;
        List<ProcessHandle> all = new ArrayList<>(running.stream().flatMap(Process::descendants).toList());
        running.reversed().forEach(process -> all.add(process.toHandle()));
        all.forEach(ProcessHandle::destroy);
        all.forEach(Programs::awaitEnd);
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
