package dev.ninetunnel.testing;

import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.session.SessionLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An endpoint in a process of its own, which can be stopped as when its machine sleeps, and killed. */
public final class EndpointProcess implements AutoCloseable {
    private final Process process;
    private final String said;

    private EndpointProcess(Process process) throws IOException {
        this.process = process;
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        this.said = String.valueOf(out.readLine());
        if (!said.startsWith("ready")) {
            process.destroyForcibly();
            throw new IOException("an endpoint in a process has said " + said);
        }
    }

    /** Limits of an endpoint with a cache, whose leases are good for so long. */
    public static EndpointConfig.Limits limits(Duration term) {
        return EndpointConfig.Limits.DEFAULT.withSession(SessionLimits.STANDARD.withLease(term)).withCache(16 << 20);
    }

    /** The key of an endpoint with this home, which is made if there is none. */
    public static PeerId id(Path home) throws IdentityException {
        return Identity.loadOrCreate(home).id();
    }

    /** One that listens and exports a directory, when it does; at the same port again if one is given, or 0. */
    public static EndpointProcess listen(Path home, Duration term, int port, Path export) throws IOException {
        return start(home, term, "listen", String.valueOf(port), export.toString());
    }

    /** One that has dialled the peer called south, when they are linked. */
    public static EndpointProcess dial(Path home, Duration term, int port) throws IOException {
        return start(home, term, "dial", String.valueOf(port), "");
    }

    private static EndpointProcess start(Path home, Duration term, String what, String port, String export)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx128m",
                        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                        EndpointProcess.class.getName()));
        command.addAll(List.of(home.toString(), String.valueOf(term.toMillis()), what, port, export));
        return new EndpointProcess(
                new ProcessBuilder(command).redirectError(home.resolve("log").toFile()).start());
    }

    /** HOME, milliseconds of a term, what to do, at which port, and what to export. */
    public static void main(String... args) throws Exception {
        Path home = Path.of(args[0]);
        List<Export> exports = args[4].isEmpty() ? List.of() : List.of(EndpointPair.directory(Path.of(args[4])));
        Endpoint endpoint = Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                exports, limits(Duration.ofMillis(Long.parseLong(args[1])))));
        HostPort where = new HostPort("127.0.0.1", Integer.parseInt(args[3]));
        if (args[2].equals("listen")) {
            System.out.println("ready " + endpoint.listen(where).getPort());
        } else {
            endpoint.dial(where, "south");
            System.out.println("ready");
        }
        endpoint.awaitEnd();
    }

    /** Where it listens. */
    public int port() {
        return Integer.parseInt(said.substring("ready ".length()));
    }

    /** It does nothing any more, as on a machine that sleeps. */
    public void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** It goes on. */
    public void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " has ended with " + code);
        }
    }

    /** It is killed, and nothing of it is left when this returns. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("a killed process is still there");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
