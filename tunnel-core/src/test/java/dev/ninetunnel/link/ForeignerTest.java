package dev.ninetunnel.link;

import static dev.ninetunnel.link.Ends.frame;
import static dev.ninetunnel.link.Ends.get;
import static dev.ninetunnel.link.Ends.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.OpenSsl;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.testing.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that are no endpoints: OpenSSL, and socat with it, as 9P clients and servers over TLS. */
class ForeignerTest {
    private static final byte[] VERSION = {19, 0, 0, 0, 100, -1, -1, 0, 32, 0, 0, 6, 0, '9', 'P', '2', '0', '0', '0'};

    @TempDir
    Path folder;
    private final List<Process> processes = new ArrayList<>();
    private Ends ends;
    private Logged logged;
    private Path foreign;

    @BeforeEach
    void start() throws Exception {
        logged = new Logged();
        ends = Ends.strangers(folder);
        foreign = folder.resolve("foreign");
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        ends.close();
        logged.close();
    }

    @ParameterizedTest
    @CsvSource({"p256, X25519, x25519", "ed25519, X25519, x25519", "p256, P-256, secp256r1",
            "ed25519, P-384, secp384r1"})
    @DisplayName("L7 a client without our ALPN has a link; its key exchange is told")
    void client(String type, String group, String told) throws Exception {
        trustForeigner(type);
        HostPort rome = ends.listen(LinkLimits.DEFAULT);
        Process client = openssl("s_client", "-connect", rome.toString(), "-cert", "cert.pem", "-key", "key.pem",
                "-quiet", "-groups", group);
        exchange(client, ends.nextAccepted(), told);
    }

    @Test
    @DisplayName("L7 a client that offers other ALPN names has a link too")
    void otherAlpn() throws Exception {
        trustForeigner("p256");
        HostPort rome = ends.listen(LinkLimits.DEFAULT);
        Process client = openssl("s_client", "-connect", rome.toString(), "-cert", "cert.pem", "-key", "key.pem",
                "-quiet", "-alpn", "9p,h2");
        exchange(client, ends.nextAccepted(), "x25519");
    }

    @Test
    @DisplayName("L7 socat makes any local 9P client one that comes through TLS")
    void socat() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/socat")), "socat is not installed");
        trustForeigner("p256");
        HostPort rome = ends.listen(LinkLimits.DEFAULT);
        Process client = run("socat", "-", "OPENSSL:" + rome + ",cert=cert.pem,key=key.pem,verify=0");
        exchange(client, ends.nextAccepted(), "secp256r1");
    }

    @Test
    @DisplayName("a client without a certificate, or with TLS 1.2 at most, is refused by name of the reason")
    void unfitClients() throws Exception {
        trustForeigner("p256");
        HostPort rome = ends.listen(LinkLimits.DEFAULT);
        assertThat(openssl("s_client", "-connect", rome.toString(), "-quiet").waitFor()).isNotZero();
        assertThat(openssl("s_client", "-connect", rome.toString(), "-quiet", "-tls1_2").waitFor()).isNotZero();
        await().atMost(Ends.PATIENCE).until(() -> logged.warnings().size() == 2);
        assertThat(logged.warnings().getFirst()).contains("brought no certificate");
        assertThat(logged.warnings().getLast()).contains("does not speak TLS 1.3");
        assertThat(ends.accepted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"p256", "ed25519"})
    @DisplayName("L7 a server without our ALPN is dialled like any peer")
    void server(String type) throws Exception {
        trustForeigner(type);
        HostPort where = new HostPort("127.0.0.1", FreePort.find());
        Process server = openssl("s_server", "-accept", where.toString(), "-cert", "cert.pem", "-key", "key.pem",
                "-quiet", "-Verify", "1", "-naccept", "1");
        exchange(server, get(ends.dial(listening(where), foreigner(), LinkLimits.DEFAULT)), "x25519");
    }

    @Test
    @DisplayName("a server that does not accept our certificate gives a link that ends as refused, with advice")
    void refusingServer() throws Exception {
        trustForeigner("p256");
        HostPort where = new HostPort("127.0.0.1", FreePort.find());
        openssl("s_server", "-accept", where.toString(), "-cert", "cert.pem", "-key", "key.pem", "-quiet", "-Verify",
                "1", "-verify_return_error", "-CAfile", "cert.pem");
        Link link = get(ends.dial(listening(where), foreigner(), LinkLimits.DEFAULT));
        link.loop().execute(() -> link.route(new Collected(), new Collected()));

        LinkEnd end = get(link.closed());
        assertThat(end.kind()).isEqualTo(LinkEnd.Kind.REFUSED);
        assertThat(end.reason()).contains("ninetunnel trust " + ends.oslo.id());
    }

    @Test
    @DisplayName("a server with TLS 1.2 at most is told apart")
    void oldServer() throws Exception {
        trustForeigner("p256");
        HostPort where = new HostPort("127.0.0.1", FreePort.find());
        openssl("s_server", "-accept", where.toString(), "-cert", "cert.pem", "-key", "key.pem", "-quiet", "-tls1_2");
        LinkException why = Ends.failure(ends.dial(listening(where), foreigner(), LinkLimits.DEFAULT));
        assertThat(why.kind()).isEqualTo(LinkException.Kind.NO_COMMON_TERMS);
    }

    /** A Tversion from the foreigner, and an Rversion back. */
    private static void exchange(Process foreigner, Link link, String keyExchange) throws Exception {
        assertThat(link.ours()).isFalse();
        assertThat(link.tls().protocol()).isEqualTo("TLSv1.3");
        assertThat(link.tls().cipher()).isEqualTo("TLS_AES_256_GCM_SHA384");
        assertThat(link.tls().keyExchange()).isEqualTo(keyExchange);
        Collected requests = new Collected();
        link.loop().execute(() -> link.route(requests, new Collected()));
        foreigner.getOutputStream().write(VERSION);
        foreigner.getOutputStream().flush();
        await().atMost(Ends.PATIENCE).until(() -> requests.frames.size() == 1);
        assertThat(requests.frames).containsExactly(new Collected.Seen(100, 0xFFFF, VERSION.length));

        send(link, frame(101, 0xFFFF, 19));
        byte[] reply = foreigner.getInputStream().readNBytes(19);
        assertThat(reply).startsWith(19, 0, 0, 0, 101, 0xFF, 0xFF);
        link.close("done");
        get(link.closed());
    }

    private void trustForeigner(String type) throws Exception {
        OpenSsl.makeScript("-t", type, foreign.toString());
        ends.romesPeers.add(foreigner());
    }

    private Peer foreigner() throws Exception {
        return new Peer(Identity.loadOrCreate(foreign).id(), "foreign");
    }

    private Process openssl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private Process run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).directory(foreign.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        processes.add(process);
        return process;
    }

    /** Until somebody listens there, without connecting: the server takes one connection only. */
    private static HostPort listening(HostPort where) {
        String port = String.format(":%04X 00000000:0000 0A", where.port());
        await().atMost(Ends.PATIENCE).until(() -> Files.readString(Path.of("/proc/net/tcp")).contains(port));
        return where;
    }
}
