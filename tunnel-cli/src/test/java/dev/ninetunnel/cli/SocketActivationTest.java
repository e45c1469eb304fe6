package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.dial.Destination;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint that is started with ports at which systemd listens for it (sd_listen_fds(3)), in a process of its own. */
class SocketActivationTest {
    private static final Path ACTIVATE = Path.of("/usr/bin/systemd-socket-activate");

    @TempDir
    private Path room;
    private Path server;
    private Path file;
    private final List<HostPort> ports = new ArrayList<>();
    private Process process;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(Files.isExecutable(ACTIVATE), "systemd is not here");
        server = Files.createDirectory(room.resolve("server"));
        file = server.resolve("ninetunnel.toml");
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ports.add(new HostPort("127.0.0.1", one.getLocalPort()));
            ports.add(new HostPort("127.0.0.1", other.getLocalPort()));
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Has systemd listen at both ports, and start the endpoint when somebody comes. */
    private void activate(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(ACTIVATE.toString()));
        ports.forEach(port -> command.addAll(List.of("-l", port.toString())));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words));
        command.add("--home=" + server);
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(room.resolve("said").toFile())
                .start();
    }

    private void listenAt(List<HostPort> places) throws Exception {
        Files.writeString(file, "listen = [" + String.join(", ", places.stream().map(at -> "\"" + at + "\"").toList())
                + "]\n[peer.laptop]\nid = \"" + Identity.loadOrCreate(room.resolve("laptop")).id() + "\"\n");
    }

    private Endpoint dialled(HostPort where) throws Exception {
        Path home = room.resolve("laptop");
        new PeerFile(home).add(new Peer(Identity.loadOrCreate(server).id(), "server"));
        Endpoint laptop = Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                List.of(), EndpointConfig.Limits.DEFAULT));
        laptop.dial(new Destination.Direct(where), "server", true);
        return laptop;
    }

    private void reload() {
        StringWriter said = new StringWriter();
        int code = Main.run(new PrintWriter(said, true), new PrintWriter(said, true), "reload", "--home=" + server);
        assertThat(code).as("%s", said).isZero();
    }

    @Test
    @DisplayName("serves who came before it was started, at each of the ports, and at one that a reload took away and gave back")
    void serves() throws Exception {
        listenAt(ports);
        activate("up");
        try (Endpoint _ = dialled(ports.getFirst())) {
            listenAt(List.of(ports.getFirst()));
            reload();
            listenAt(ports);
            reload();
        }
        dialled(ports.getLast()).close();
        assertThat(room.resolve("said")).content().contains("ready: listening on " + ports.getFirst() + ", "
                + ports.getLast()).doesNotContain("WARN", "ERROR");
    }

    @Test
    @DisplayName("a port at which it was not told to listen ends it with what to write: nobody would be served there")
    void unused() throws Exception {
        listenAt(List.of(ports.getFirst()));
        activate("up");
        await().atMost(Duration.ofMinutes(2))
                .until(() -> Files.readString(room.resolve("said")).contains("Listening on " + ports.getLast()));
        new Socket(InetAddress.getLoopbackAddress(), ports.getLast().port()).close();
        assertThat(process.waitFor()).isEqualTo(Failure.CONFIG);
        assertThat(room.resolve("said")).content().contains("systemd listens at " + ports.getLast(),
                "ListenStream=");
    }
}
