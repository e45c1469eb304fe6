package dev.ninetunnel.endpoint.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.EndpointException;
import dev.ninetunnel.endpoint.Hub;
import dev.ninetunnel.endpoint.HubConfig;
import dev.ninetunnel.endpoint.PeerConfig;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.CredentialFiles;
import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.ExpectedPeer;
import dev.ninetunnel.identity.OpenSslAuthority;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Logged;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.dial.LinkDialler;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.FreePort;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that are known by the certificates that an authority has given them, with {@code openssl}. */
class OrganisationTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private OpenSslAuthority authority;
    private Export files;

    @BeforeEach
    void prepare() throws Exception {
        authority = OpenSslAuthority.root(folder.resolve("ca"));
        for (String name : List.of("hub", "ann", "bob")) {
            authority.issue(name, OpenSslAuthority.both(name));
        }
        authority.list();
        files = EndpointPair.directory(folder.resolve("files"));
        Files.writeString(folder.resolve("files/f"), "content");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private CredentialFiles papers(String name) throws Exception {
        return new CredentialFiles(authority.own(name), List.of(authority.certificate()),
                List.of(authority.file("crl.pem")));
    }

    private EndpointConfig config(String name, List<Export> exports) throws Exception {
        Path home = folder.resolve("home-" + name);
        return new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE, exports,
                EndpointConfig.Limits.DEFAULT).withPapers(papers(name));
    }

    private static PeerConfig peer(String name, Optional<PeerId> key) {
        Grant read = new Grant(Grant.Access.READ_ONLY, "", List.of(), Optional.empty());
        return new PeerConfig(name, key, Optional.empty(), List.of(),
                new Rights(Map.of("files", read), Rights.Limits.STANDARD, true));
    }

    private HubConfig setup(PeerConfig... peers) throws Exception {
        return new HubConfig(config("hub", List.of(files)), List.of(new HostPort("127.0.0.1", 0)),
                Arrays.asList(peers));
    }

    private Hub hub(PeerConfig... peers) throws Exception {
        Hub hub = Hub.open(setup(peers));
        open.add(hub);
        hub.start();
        return hub;
    }

    private Endpoint dialled(String name, Hub hub) throws Exception {
        Endpoint endpoint = Endpoint.open(HubConfig.everyone(config(name, List.of()), Set.of("hub"), List.of()));
        open.add(endpoint);
        endpoint.dial(new HostPort("127.0.0.1", hub.addresses().getFirst().getPort()), "hub");
        return endpoint;
    }

    private static String read(RemoteFiles files) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        files.read(RemotePath.of("f"), content, Progress.NONE);
        return content.toString(StandardCharsets.UTF_8);
    }

    private static boolean isLinked(Endpoint endpoint) {
        return endpoint.status().peers().stream().anyMatch(Status.PeerStatus::linked);
    }

    @Test
    @DisplayName("a peer with a certificate for its name gets what the file grants that name, and no other name gets in")
    void named() throws Exception {
        try (Logged logged = new Logged()) {
            Hub hub = hub(peer("ann", Optional.empty()));
            try (RemoteFiles ann = EndpointPair.connect(dialled("ann", hub).socket("hub"))) {
                assertThat(read(ann)).isEqualTo("content");
                assertThatThrownBy(() -> ann.remove(RemotePath.of("f"))).hasMessageContaining("Read-only");
            }
            assertThat(logged.warnings()).isEmpty();
            assertThatThrownBy(() -> dialled("bob", hub)).isInstanceOf(EndpointException.class);
            assertThat(logged.warnings()).singleElement().asString().contains("it is bob",
                    "nobody of that name is allowed anything here");
        }
    }

    @Test
    @DisplayName("a name with a pinned key is not to be had by a certificate, in the file or in the list of peers")
    void pinned() throws Exception {
        PeerId other = PeerId.parse("0123456789abcdef".repeat(4));
        Hub hub = hub(peer("ann", Optional.of(other)), peer("bob", Optional.empty()));
        assertThatThrownBy(() -> dialled("ann", hub)).isInstanceOf(EndpointException.class);
        Endpoint bob = dialled("bob", hub);
        new PeerFile(folder.resolve("home-hub")).add(new Peer(other, "bob"));
        await().atMost(PATIENCE).until(() -> !isLinked(bob));
    }

    @Test
    @DisplayName("a peer whose certificate is revoked is gone with the reload; others notice nothing")
    void revoked() throws Exception {
        Hub hub = hub(peer("ann", Optional.empty()), peer("bob", Optional.empty()));
        Endpoint ann = dialled("ann", hub);
        Endpoint bob = dialled("bob", hub);
        try (RemoteFiles kept = EndpointPair.connect(ann.socket("hub"))) {
            authority.revoke("bob");
            authority.list();
            hub.change(setup(peer("ann", Optional.empty()), peer("bob", Optional.empty())));
            assertThat(hub.endpoint().status().peers()).filteredOn(p -> p.name().equals("bob")).noneMatch(
                    Status.PeerStatus::linked);
            await().atMost(PATIENCE).until(() -> !isLinked(bob));
            assertThat(read(kept)).isEqualTo("content");
        }
        assertThatThrownBy(bob::awaitEnd).isInstanceOf(EndpointException.class);
        assertThat(hub.endpoint().status().peers()).filteredOn(p -> p.name().equals("ann"))
                .allMatch(p -> p.linked() && p.session().orElseThrow().resumes() == 0);
    }

    @Test
    @DisplayName("a new list of revoked certificates is noticed without anybody's asking, by the dialling side as well")
    void noticed() throws Exception {
        Hub hub = hub(peer("ann", Optional.empty()));
        Endpoint ann = dialled("ann", hub);
        authority.revoke("hub");
        authority.list();
        await().atMost(PATIENCE).until(() -> !isLinked(ann));
    }

    @Test
    @DisplayName("a broken file leaves all as it was, and log and status say which and where, until it is mended")
    void broken() throws Exception {
        Hub hub = hub(peer("ann", Optional.empty()), peer("bob", Optional.empty()));
        Endpoint ann = dialled("ann", hub);
        String good = Files.readString(authority.certificate());
        try (Logged logged = new Logged()) {
            Files.writeString(authority.certificate(), "\n-----BEGIN CERTIFICATE-----\nAAAA\n");
            String where = authority.certificate() + ":2";
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(logged.warnings()).anyMatch(
                    line -> line.contains("stays as it was: " + where)));
            // Both endpoints read the file, and the other one may have been the first to say so.
            await().atMost(PATIENCE).untilAsserted(
                    () -> assertThat(StatusText.of(hub.endpoint().status())).contains("warning: ", where));
            assertThatThrownBy(() -> hub.change(setup(peer("ann", Optional.empty()))))
                    .isInstanceOf(EndpointException.class).hasMessageContaining(where);
            assertThat(hub.endpoint().reload()).contains(where);
            assertThat(isLinked(ann)).isTrue();
            Files.writeString(authority.certificate(), good);
            assertThat(hub.endpoint().reload()).isEmpty();
            assertThat(dialled("bob", hub).socket("hub")).exists();
            assertThat(hub.endpoint().status().warnings()).isEmpty();
        }
    }

    @Test
    @DisplayName("a new list of revoked certificates holds even while this endpoint's own certificate is broken")
    void brokenBeside() throws Exception {
        Hub hub = hub(peer("bob", Optional.empty()));
        Endpoint bob = dialled("bob", hub);
        PeerId id = hub.id();
        Files.writeString(authority.file("hub.chain"), "no certificate");
        authority.revoke("bob");
        authority.list();
        assertThat(hub.endpoint().reload()).contains("hub.chain");
        assertThat(hub.endpoint().status().peers()).noneMatch(Status.PeerStatus::linked);
        await().atMost(PATIENCE).until(() -> !isLinked(bob));
        assertThat(hub.id()).isEqualTo(id);
    }

    @Test
    @DisplayName("a list of peers that is broken is as it was before, and log and status say which line")
    void brokenPeers() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder); Logged logged = new Logged()) {
            Path book = folder.resolve("home-south/peers");
            Files.writeString(book, "# so\nno such line\n");
            await().atMost(PATIENCE).until(() -> !pair.south().status().warnings().isEmpty());
            assertThat(pair.south().status().warnings()).singleElement().asString().contains(book + ":2");
            assertThat(logged.warnings()).hasSize(1);
            pair.north().dialNow();
            assertThat(isLinked(pair.south())).isTrue();
        }
    }

    @Test
    @DisplayName("certificates that are about to end are told of in the status: ours, and that of a peer that links")
    void ending() throws Exception {
        for (String name : List.of("hub", "ann")) {
            authority.issue(name, "EC", List.of("-days", "20"), OpenSslAuthority.both(name));
        }
        try (Logged logged = new Logged()) {
            Hub hub = hub(peer("ann", Optional.empty()));
            dialled("ann", hub);
            await().atMost(PATIENCE).until(() -> hub.endpoint().status().warnings().size() == 2);
            assertThat(StatusText.of(hub.endpoint().status())).contains("warning: this endpoint's certificate ends on ",
                    "warning: the certificate of the peer ann ends on ", "in 19 days");
            assertThat(StatusJson.of(hub.endpoint().status())).contains("\"warnings\":[\"this endpoint's");
            assertThat(logged.warnings()).filteredOn(line -> line.contains("peer ann")).hasSize(1);
        }
    }

    @Test
    @DisplayName("a renewed certificate is shown from the next link on; the link that there is goes on")
    void renewed() throws Exception {
        Hub hub = hub(peer("ann", Optional.empty()), peer("bob", Optional.empty()));
        Endpoint ann = dialled("ann", hub);
        PeerId before = hub.id();
        authority.issue("hub", OpenSslAuthority.both("hub"));
        authority.own("hub");
        assertThat(hub.endpoint().reload()).isEmpty();
        assertThat(hub.id()).isNotEqualTo(before);
        assertThat(isLinked(dialled("bob", hub))).isTrue();
        assertThat(isLinked(ann)).isTrue();
    }

    @Test
    @DisplayName("without a file, listen lets in the names that it is told, and they may use all")
    void listening() throws Exception {
        Endpoint south = Endpoint.open(HubConfig.everyone(config("hub", List.of(files)), Set.of("ann"), List.of()));
        open.add(south);
        int port = south.listen(new HostPort("127.0.0.1", 0)).getPort();
        assertThat(south.socket("ann")).exists();
        Endpoint ann = Endpoint.open(HubConfig.everyone(config("ann", List.of()), Set.of("hub"), List.of()));
        open.add(ann);
        ann.dial(new HostPort("127.0.0.1", port), "hub");
        try (RemoteFiles remote = EndpointPair.connect(ann.socket("hub"))) {
            remote.remove(RemotePath.of("f"));
        }
        Endpoint bob = Endpoint.open(HubConfig.everyone(config("bob", List.of()), Set.of("hub"), List.of()));
        open.add(bob);
        assertThatThrownBy(() -> bob.dial(new HostPort("127.0.0.1", port), "hub"))
                .isInstanceOf(EndpointException.class);
        assertThatThrownBy(() -> ann.dial(new HostPort("127.0.0.1", port), "nobody"))
                .hasMessageContaining("no peer is trusted under the name 'nobody'");
    }

    private Process openssl(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).directory(folder.resolve("ca").toFile())
                .redirectError(folder.resolve("openssl.err").toFile()).start();
        open.add(process::destroyForcibly);
        return process;
    }

    @Test
    @DisplayName("L7 openssl s_client with a certificate of the authority is an ordinary 9P client that is granted what its name is, "
            + "and finds our chain in order; without one, or with TLS 1.2, it is refused")
    void ordinaryClient() throws Exception {
        OpenSslAuthority office = authority.below(folder.resolve("office"));
        office.issue("hub", OpenSslAuthority.both("hub"));
        HubConfig hubConfig = setup(peer("ann", Optional.empty()));
        Hub hub = Hub.open(new HubConfig(hubConfig.config().withPapers(new CredentialFiles(office.own("hub", office),
                List.of(authority.certificate()), List.of(authority.file("crl.pem")))), hubConfig.listen(),
                hubConfig.peers()));
        open.add(hub);
        hub.start();
        String where = "127.0.0.1:" + hub.addresses().getFirst().getPort();
        byte[] version = {19, 0, 0, 0, 100, -1, -1, 0, 32, 0, 0, 6, 0, '9', 'P', '2', '0', '0', '0'};
        Process client = openssl("s_client", "-connect", where, "-cert", "ann.pem", "-key", "ann.key", "-quiet",
                "-CAfile",
                "ca.pem", "-verify_return_error", "-verify_hostname", "hub");
        client.getOutputStream().write(version);
        client.getOutputStream().flush();
        assertThat(client.getInputStream().readNBytes(19)).startsWith(19, 0, 0, 0, 101, 0xFF, 0xFF);
        assertThat(hub.endpoint().status().serving()).extracting(Status.ServingStatus::name).containsExactly("ann");
        assertThat(openssl("s_client", "-connect", where, "-quiet").waitFor()).isNotZero();
        assertThat(openssl("s_client", "-connect", where, "-cert", "ann.pem", "-key", "ann.key", "-quiet", "-tls1_2")
                .waitFor()).isNotZero();
    }

    @Test
    @DisplayName("L7 openssl s_server with a certificate of the authority is dialled by the name in it")
    void ordinaryServer() throws Exception {
        int port = FreePort.find();
        openssl("s_server", "-accept", "127.0.0.1:" + port, "-cert", "hub.pem", "-key", "hub.key", "-quiet", "-CAfile",
                "ca.pem", "-Verify", "1", "-verify_return_error");
        EventLoopGroup loops = Transport.newLoops(1);
        try {
            LinkDialler dialler = new LinkDialler(new Tls(Credentials.open(papers("ann"), Clock.systemUTC()),
                    Clock.systemUTC()), LinkLimits.DEFAULT);
            HostPort where = new HostPort("127.0.0.1", port);
            Link link = await().atMost(PATIENCE).ignoreExceptions()
                    .until(() -> dialler.dial(where, new ExpectedPeer.Certified("hub"), loops.next()).get(),
                            Objects::nonNull);
            assertThat(link.peerName()).isEqualTo("hub");
            assertThat(link.ours()).isFalse();
            link.close("done");
            assertThatThrownBy(() -> dialler.dial(where, new ExpectedPeer.Certified("bob"), loops.next()).get())
                    .hasMessageContaining("it is hub, and bob was expected");
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }
}
