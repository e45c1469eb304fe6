package dev.ninetunnel.endpoint;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Offer;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.Diod;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.FreePort;
import dev.ninetunnel.testing.RoundTrip;
import dev.ninetunnel.wire.Dialect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ordinary 9P programs at the far end of the TLS connection, which socat makes for them. */
class PlainPeerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
    }

    @ParameterizedTest
    @EnumSource(value = Dialect.class, names = {"LINUX", "PLAIN"})
    @DisplayName("L7 a plain 9P client with a trusted certificate is served as by any 9P server")
    void plainClient(Dialect dialect) throws Exception {
        Path files = Files.createDirectory(folder.resolve("files"));
        Path foreign = folder.resolve("foreign");
        try (Endpoint endpoint = endpoint(List.of(EndpointPair.directory(files)))) {
            trust(Identity.loadOrCreate(foreign));
            int port = endpoint.listen(new HostPort("127.0.0.1", 0)).getPort();
            Path socket = folder.resolve("socket");
            run("socat", "UNIX-LISTEN:" + socket + ",fork", "OPENSSL:127.0.0.1:" + port + ",verify=0,cert="
                    + foreign.resolve("cert.pem") + ",key=" + foreign.resolve("key.pem"));
            await().atMost(PATIENCE).until(() -> Files.exists(socket));
            RoundTrip.through(socket, Offer.of(dialect), "", files);
            RoundTrip.through(socket, Offer.of(dialect), "files", files);
        }
    }

    @Test
    @DisplayName("L7 a plain 9P server is dialled, and used by local clients, like a peer")
    void plainServer() throws Exception {
        Path files = Files.createDirectory(folder.resolve("files"));
        Path foreign = folder.resolve("foreign");
        int port = FreePort.find();
        try (Diod diod = Diod.serve(files, Files.createDirectory(folder.resolve("diod")));
                Endpoint endpoint = endpoint(List.of())) {
            trust(Identity.loadOrCreate(foreign));
            run("socat", "OPENSSL-LISTEN:" + port + ",reuseaddr,fork,verify=0,cert=" + foreign.resolve("cert.pem")
                    + ",key=" + foreign.resolve("key.pem"), "UNIX-CONNECT:" + diod.address().getPath());
            await().atMost(PATIENCE).until(() -> listening(port));
            endpoint.dial(new HostPort("127.0.0.1", port), "foreigner");
            RoundTrip.through(endpoint.socket("foreigner"), Offer.of(Dialect.LINUX), diod.aname(), files);
        }
    }

    private Endpoint endpoint(List<Export> exports) throws EndpointException {
        Path home = folder.resolve("home");
        return Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE, exports,
                EndpointConfig.Limits.DEFAULT));
    }

    private void trust(Identity foreigner) throws Exception {
        new PeerFile(folder.resolve("home")).add(new Peer(foreigner.id(), "foreigner"));
    }

    private void run(String... command) throws IOException {
        assumeTrue(Diod.find(command[0]) != null, "SKIPPED: " + command[0] + " is not installed");
        processes.add(new ProcessBuilder(command).inheritIO().start());
    }

    private static boolean listening(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
