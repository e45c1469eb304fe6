package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.audit.AuditConfig;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Grant.Access;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.RecordLines;
import dev.ninetunnel.wire.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What endpoints put on record of each other. */
class OnRecordTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private List<Export> exports;
    private Path file;

    @BeforeEach
    void exports() throws IOException {
        file = folder.resolve("audit.jsonl");
        exports = List.of(EndpointPair.directory(folder.resolve("one")), EndpointPair.directory(folder.resolve("two")));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private PeerConfig peer(String name, Map<String, Access> granted) throws Exception {
        Map<String, Grant> grants = new java.util.HashMap<>();
        granted.forEach((export, access) -> grants.put(export, new Grant(access, "", List.of(), Optional.empty())));
        return new PeerConfig(name, Optional.of(Identity.loadOrCreate(folder.resolve(name)).id()), Optional.empty(),
                List.of(), new Rights(grants, Rights.Limits.STANDARD, true));
    }

    private HubConfig setup(PeerConfig... peers) {
        Path home = folder.resolve("hub");
        return new HubConfig(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE, exports,
                EndpointConfig.Limits.DEFAULT).withAudit(Optional.of(new AuditConfig(file, true))),
                List.of(new HostPort("127.0.0.1", 0)), Arrays.asList(peers));
    }

    private Hub hub(PeerConfig... peers) throws Exception {
        Hub hub = Hub.open(setup(peers));
        open.add(hub);
        hub.start();
        return hub;
    }

    private static int port(Hub hub) {
        return hub.addresses().getFirst().getPort();
    }

    private Endpoint dialled(String name, Hub hub) throws Exception {
        Path home = folder.resolve(name);
        new PeerFile(home).add(new Peer(hub.id(), "hub"));
        Endpoint endpoint = Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                List.of(), EndpointConfig.Limits.DEFAULT));
        open.add(endpoint);
        endpoint.dial(new HostPort("127.0.0.1", port(hub)), "hub");
        return endpoint;
    }

    private static RemoteFiles files(Endpoint endpoint, Text aname) throws IOException {
        return RemoteFiles.connect(UnixDomainSocketAddress.of(endpoint.socket("hub")), Offer.any(),
                Login.ofThisProcess(aname));
    }

    private static RemotePath path(byte... name) {
        return RemotePath.of(new String(name, StandardCharsets.UTF_8));
    }

    private static void write(RemoteFiles files, RemotePath path) throws IOException {
        files.write(path, new ByteArrayInputStream(new byte[]{'x'}), 0644, 1, Progress.NONE);
    }

    private void awaitLine(String... parts) {
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(Files.readAllLines(file)).anySatisfy(line -> assertThat(line).contains(parts)));
    }

    @Test
    @DisplayName("a link, its session, its attaches, what it changes and what it may not are on record")
    void visit() throws Exception {
        Hub hub = hub(peer("ann", Map.of("one", Access.READ_WRITE, "two", Access.READ_ONLY)));
        Endpoint ann = dialled("ann", hub);
        try (RemoteFiles one = files(ann, Text.of("one")); RemoteFiles two = files(ann, Text.of("two"))) {
            one.makeDirectory(path((byte) 'd'), 0755);
            write(one, RemotePath.of("d/f"));
            write(one, path((byte) 'e', (byte) 27, (byte) '\n'));
            one.makeLink(RemotePath.of("d/l"), Text.of(new byte[]{'t', (byte) 0xFF}));
            one.rename(RemotePath.of("d/f"), RemotePath.of("d/g"));
            one.setAttributes(RemotePath.of("d/g"), 0600, Instant.EPOCH);
            one.remove(RemotePath.of("d/g"));
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> two.makeDirectory(RemotePath.of("no"), 0755)).isInstanceOf(IOException.class);
            }
        }
        assertThatThrownBy(() -> files(ann, Text.of(new byte[]{'n', (byte) 0xFE, '\r'})))
                .isInstanceOf(IOException.class);
        ann.close();
        awaitLine("\"event\":\"link\"", "\"state\":\"ended\"");
        hub.close();
        List<String> lines = RecordLines.of(file);
        for (String[] parts : new String[][]{
                {"\"event\":\"link\"", "\"peer\":\"ann\"", "\"state\":\"up\"", "\"dialled\":false"},
                {"\"event\":\"link\"", "\"session\":", "\"state\":\"ended\"", "\"how\":\"goodbye\"", "\"seconds\":",
                        "\"sent\":", "\"received\":"},
                {"\"event\":\"session\"", "\"state\":\"begun\""}, {"\"event\":\"session\"", "\"state\":\"ended\""},
                {"\"event\":\"attach\"", "\"allowed\":true", "\"export\":\"one\"", "\"as\":\"self\"",
                        "\"access\":\"rw\"",
                        "\"n_uname\":"},
                {"\"event\":\"attach\"", "\"allowed\":true", "\"export\":\"two\"", "\"access\":\"ro\""},
                {"\"event\":\"attach\"", "\"allowed\":false", "\"aname\":\"n\\\\xfe\\\\x0d\"", "\"errno\":\"ENOENT\""},
                {"\"event\":\"denied\"", "\"message\":\"Tmkdir\"", "\"export\":\"two\"", "\"errno\":\"EROFS\""},
                {"\"event\":\"denied\"", "\"repeats\":{\"times\":49,"},
                {"\"event\":\"change\"", "\"what\":\"mkdir\"", "\"path\":\"d\"", "\"done\":true"},
                {"\"what\":\"create\"", "\"e\\\\x1b\\\\x0a"},
                {"\"what\":\"symlink\"", "\"path\":\"d/l\"", "\"to\":\"t\\\\xff\""},
                {"\"what\":\"rename\"", "\"path\":\"d/f\"", "\"to\":\"d/g\""},
                {"\"what\":\"setattr\"", "\"path\":\"d/g\""}, {"\"what\":\"remove\"", "\"path\":\"d/g\""}}) {
            assertThat(lines).as(String.join(" ", parts)).anySatisfy(line -> assertThat(line).contains(parts));
        }
    }

    @Test
    @DisplayName("who is refused is on record, with the reason in a word")
    void refused() throws Exception {
        Hub hub = hub(peer("ann", Map.of("one", Access.READ_ONLY)));
        assertThatThrownBy(() -> dialled("bob", hub)).isInstanceOf(EndpointException.class);
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port(hub))) {
            plain.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            awaitLine("\"event\":\"refused\"", "\"reason\":\"not-tls\"", "\"where\":");
        }
        awaitLine("\"event\":\"refused\"", "\"reason\":\"unknown-peer\"");
        hub.close();
        assertThat(RecordLines.of(file)).isNotEmpty();
    }

    @Test
    @DisplayName("an invitation is on record from its making to its use or its end, and each failed try")
    void pairing() throws Exception {
        Hub hub = hub(peer("ann", Map.of("one", Access.READ_ONLY)));
        Invitations invitations = new Invitations(folder.resolve("hub"), Clock.systemUTC());
        Invitation made = invitations.invite("oslo", "127.0.0.1", port(hub), hub.id(), Duration.ofMinutes(15), false);
        awaitLine("\"event\":\"pairing\"", "\"state\":\"invited\"", "\"invited\":\"oslo\"", "\"expires\":");
        Invitation guess = new Invitation(made.host(), made.port(), made.inviter(), made.id(), "0".repeat(32));
        assertThatThrownBy(() -> accept(guess)).isInstanceOf(EndpointException.class);
        accept(made);
        awaitLine("\"state\":\"failed\"", "\"reason\":\"secret\"", "\"tries-left\":4");
        awaitLine("\"peer\":\"oslo\"", "\"state\":\"succeeded\"");
        invitations.invite("lima", "127.0.0.1", port(hub), hub.id(), Duration.ofSeconds(5), false);
        awaitLine("\"state\":\"expired\"", "\"invited\":\"lima\"");
        hub.close();
        assertThat(RecordLines.of(file)).noneSatisfy(line -> assertThat(line).contains(made.secret()));
    }

    private void accept(Invitation made) throws Exception {
        PairingClient.of(made, folder.resolve("oslo"), new Destination.Direct(new HostPort(made.host(), made.port())),
                "rome",
                false);
    }

    @Test
    @DisplayName("a reload is on record with what it changed, or with why it did not, and opens the file anew")
    void reloads() throws Exception {
        Hub hub = hub(peer("ann", Map.of("one", Access.READ_WRITE)));
        hub.change(setup(peer("ann", Map.of("one", Access.READ_ONLY)), peer("bob", Map.of("two", Access.READ_ONLY))));
        awaitLine("\"event\":\"reload\"", "\"done\":true", "\"peer bob added\",\"peer ann changed\"");
        Files.move(file, folder.resolve("old"));
        hub.unreadable("line 3: no\u001bsuch key");
        awaitLine("\"event\":\"reload\"", "\"done\":false", "no\\\\x1bsuch key");
        hub.close();
        assertThat(RecordLines.of(folder.resolve("old"))).isNotEmpty();
        assertThat(RecordLines.of(file)).isNotEmpty();
    }
}
