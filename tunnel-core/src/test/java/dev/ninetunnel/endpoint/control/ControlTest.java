package dev.ninetunnel.endpoint.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.EndpointException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Traffic;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.FreePort;
import dev.ninetunnel.testing.Relay;
import dev.ninetunnel.tls.TlsInfo;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Text;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an endpoint tells about itself, in files. */
class ControlTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private static RemoteFiles connect(Endpoint endpoint, Offer offer) throws IOException {
        return RemoteFiles.connect(UnixDomainSocketAddress.of(endpoint.socket("ctl")), offer,
                Login.ofThisProcess(Text.EMPTY));
    }

    private static String read(Endpoint endpoint, String file) throws IOException {
        try (RemoteFiles files = connect(endpoint, Offer.any())) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            files.read(RemotePath.of(file), content, Progress.NONE);
            return content.toString(StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    @DisplayName("the status is files that any 9P program can read, and nobody change; the socket is its owner's alone")
    void files(Dialect dialect) throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder);
                RemoteFiles files = connect(pair.south(), Offer.of(dialect))) {
            assertThat(files.list(RemotePath.ROOT)).extracting(e -> e.name().utf8())
                    .containsExactlyInAnyOrder("status", "status.json", "pairing", "ui", "disconnect");
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            files.read(RemotePath.of("status"), text, Progress.NONE);
            assertThat(text.toString(StandardCharsets.UTF_8)).contains("north: linked\n", "TLS_AES_256_GCM_SHA384");
            assertThatThrownBy(
                    () -> files.write(RemotePath.of("status"), new ByteArrayInputStream(new byte[1]), 0600, 1,
                            Progress.NONE))
                    .isInstanceOf(RefusedException.class);
            assertThat(Files.getPosixFilePermissions(pair.south().socket("ctl")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    @DisplayName("the status follows what happens: local clients and fids, a peer that leaves, and the wait for it")
    void follows() throws Exception {
        try (EndpointPair pair = new EndpointPair(folder, List.of(EndpointPair.directory(folder.resolve("north"))),
                List.of(EndpointPair.directory(folder.resolve("south"))),
                EndpointConfig.Limits.DEFAULT.withCache(0))) { // which has fids of its own
            pair.link();
            try (RemoteFiles used = EndpointPair.connect(pair.southsFiles())) {
                used.list(RemotePath.ROOT);
                // The fid of the listing is clunked, and nobody waits for the answer.
                await().atMost(PATIENCE)
                        .until(() -> read(pair.north(), "status.json").contains("\"localClients\":1,\"fids\":1,"));
                assertThat(read(pair.south(), "status.json")).contains("\"servedFids\":1,");
            }
            pair.awaitNothingLeft();
            assertThat(read(pair.north(), "status.json")).contains("\"localClients\":0,\"fids\":0,",
                    "\"keyExchange\":\"X25519MLKEM768\"", "\"sessionAge\":", "\"plainClients\":[]");
            pair.south().close();
            await().atMost(PATIENCE).until(() -> read(pair.north(), "status")
                    .matches("(?s).*south: waiting, try \\d+ in \\d+\\.\\d s: nobody listens at .*"));
        }
    }

    @Test
    @DisplayName("while a link is away, the status says since when, how many requests wait and until when, and what is done about it")
    void away() throws Exception {
        try (EndpointPair pair = new EndpointPair(folder, List.of(),
                List.of(EndpointPair.directory(folder.resolve("south"))),
                EndpointConfig.Limits.DEFAULT.withCache(0)); // so that all waits for the link
                Relay relay = pair.linkThroughRelay();
                RemoteFiles used = EndpointPair.connect(pair.southsFiles())) {
            used.list(RemotePath.ROOT);
            relay.refuse(true);
            CompletableFuture<?> waits = CompletableFuture.supplyAsync(() -> {
                try {
                    return used.list(RemotePath.ROOT);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            await().atMost(PATIENCE).until(() -> read(pair.north(), "status").matches(
                    "(?s).*south: waiting, try \\d+ in \\d+\\.\\d s: .*  away           for \\d+\\.\\d s; [1-9] requests wait, "
                            + "for 9 min \\d+ s more at most.*"));
            relay.refuse(false);
            pair.north().dialNow();
            waits.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(read(pair.north(), "status")).contains("south: linked\n").doesNotContain("away");
        }
    }

    @Test
    @DisplayName("a patient start is told of while it waits, and a peer that is to dial is not linked")
    void beforeTheFirstLink() throws Exception {
        int port = FreePort.find();
        try (EndpointPair pair = new EndpointPair(folder, List.of(), List.of())) {
            pair.south().listen(new HostPort("127.0.0.1", 0));
            assertThat(read(pair.south(), "status")).contains("north: not linked\n");
            Thread dialling = Thread.ofVirtual().start(() -> {
                try {
                    pair.north().dial(new Destination.Direct(new HostPort("127.0.0.1", port)), "south", true);
                } catch (EndpointException | InterruptedException leaving) {
                    // as it should, in the end
                }
            });
            await().atMost(PATIENCE).until(() -> Files.exists(pair.north().socket("ctl"))
                    && read(pair.north(), "status.json").contains("\"state\":\"waiting, try "));
            pair.north().close();
            dialling.join();
        }
    }

    @Test
    @DisplayName("what a reason holds breaks neither the text nor the JSON")
    void escapes() {
        Traffic.Amount amount = new Traffic.Amount(1, 2, 3);
        Status status = new Status("id", 7, List.of(new Status.PeerStatus("p", false,
                "waiting, try 4 in 3.2 s: \"no\\way\"\n\u001b[2J\u00e9", Optional.empty(), 0, 0, 0, 0, Optional.empty(),
                Optional.empty(), Optional.empty(), Map.of())),
                List.of(new Status.ServingStatus("plain", "plain at 192.0.2.1:9", false, 4, 5, amount, amount)));
        assertThat(StatusJson.of(status)).contains("\"waiting, try 4 in 3.2 s: \\\"no\\\\way\\\"\\n\\u001b[2J\\u00e9\"",
                "\"plainClients\":[{\"name\":\"plain\",\"link\":\"plain at 192.0.2.1:9\",\"servedFids\":4,"
                        + "\"servedRequests\":5,\"sent\":{\"messages\":3,\"bytes\":3}")
                .hasLineCount(1);
        assertThat(StatusText.of(status)).doesNotContain("\u001b").hasLineCount(7);
    }

    @Test
    @DisplayName("a session is told of with its link, and without while it waits for one")
    void sessions() {
        Status.LinkStatus link = new Status.LinkStatus("h:1", new TlsInfo("TLSv1.3", "C", "G"),
                Optional.of(Duration.ofNanos(1_234_567)));
        Status linked = status("linked", Optional.of(link));
        assertThat(StatusText.of(linked)).contains("link           h:1, TLSv1.3 C G", "for 1 h 2 min, resumed 2 times",
                "last contact   0.4 s ago", "round trip     1.235 ms");
        assertThat(StatusJson.of(linked)).contains("\"roundTrip\":0.001234567,\"sessionAge\":3723.0,\"resumes\":2,"
                + "\"lastContact\":0.4,\"keptBytes\":77");
        Status away = status("waiting", Optional.empty());
        assertThat(StatusText.of(away)).doesNotContain("  link ", "round trip").contains("77 bytes kept",
                "  away           for 1 min 40 s; 3 requests wait, for 8 min 20 s more at most\n");
        assertThat(StatusText.of(linked)).doesNotContain("away");
        assertThat(StatusJson.of(away)).doesNotContain("where", "cipher").contains("\"resumes\":2", "\"away\":100.0",
                "\"sessionLeft\":500.0");
    }

    private static Status status(String state, Optional<Status.LinkStatus> link) {
        Status.SessionStatus session = new Status.SessionStatus(Duration.ofSeconds(3723), 2,
                Optional.of(Duration.ofMillis(400)), 77,
                link.isPresent() ? Optional.empty() : Optional.of(Duration.ofSeconds(500)), link);
        return new Status("id", 7, List.of(
                new Status.PeerStatus("p", link.isPresent(), state,
                        link.isPresent() ? Optional.empty() : Optional.of(Duration.ofSeconds(100)), 1, 2, 3, 0,
                        Optional.of(session),
                        Optional.empty(), Optional.empty(),
                        Map.of("data", new Grant(Grant.Access.READ_ONLY, "pub\u001b", List.of("ann", "1000-1999"),
                                Optional.of("attach"))))),
                List.of());
    }

    @Test
    @DisplayName("what peers have been granted of this endpoint's files is counted")
    void leases() {
        Status status = status("linked", Optional.empty())
                .withLeases(Optional.of(new Status.LeaseStatus(3, 40, 5, 1)));
        assertThat(StatusText.of(status))
                .contains("leases granted: 3 out, 40 replies with one, 5 asked back, 1 of them overdue");
        assertThat(StatusJson.of(status))
                .contains("\"leases\":{\"out\":3,\"granted\":40,\"recalls\":5,\"overdue\":1}");
    }

    @Test
    @DisplayName("what is exported is told, and with each peer what it may do with it")
    void rights() {
        Status status = status("linked", Optional.empty());
        assertThat(StatusText.of(status)).as("where nothing is exported").doesNotContain("exports", "may use");
        Status exporting = status.withExports(List.of(new Status.ExportStatus("data", "/srv/\ndata")));
        assertThat(StatusText.of(exporting)).contains("exports data: /srv/\\x0adata\n",
                "  may use here   data/pub\\x1b ro for ann:1000-1999 as attach\n");
        assertThat(StatusJson.of(exporting)).contains("\"exports\":[{\"name\":\"data\",\"where\":\"/srv/\\ndata\"}]",
                "\"rights\":{\"data\":{\"access\":\"ro\",\"subtree\":\"pub\\u001b\",\"users\":[\"ann\",\"1000-1999\"],"
                        + "\"as\":\"attach\"}}");
    }

    @Test
    @DisplayName("what is kept of a peer's files is counted with the peer, and not where nothing is")
    void cache() {
        HolderStatus cache = new HolderStatus(20417, 401, 377, 912340, 67108864, 12, 3021, 1);
        Status status = new Status("id", 7, List.of(new Status.PeerStatus("p", true, "linked", Optional.empty(), 1, 2,
                3, 0, Optional.empty(), Optional.of(cache), Optional.empty(), Map.of())), List.of());
        assertThat(StatusText.of(status)).contains("  cache          912340 of 67108864 bytes, 377 leases held, "
                + "12 taken back; 20417 requests answered here, 401 not; 3021 writes behind, 1 failed\n");
        assertThat(StatusJson.of(status)).contains("\"cache\":{\"bytes\":912340,\"mostBytes\":67108864,\"leases\":377,"
                + "\"breaks\":12,\"hits\":20417,\"misses\":401,\"writesBehind\":3021,\"writesFailed\":1}");
        Status without = status("linked", Optional.empty());
        assertThat(StatusText.of(without)).doesNotContain("cache");
        assertThat(StatusJson.of(without)).doesNotContain("cache");
    }

    @Test
    @DisplayName("no peer can have the name of the endpoint's own socket")
    void reserved() {
        PeerId id = PeerId.parse("0123456789abcdef".repeat(4));
        assertThatThrownBy(() -> new Peer(id, "ctl")).hasMessageContaining("Choose another name");
        assertThatThrownBy(() -> new Peer(id, "ctl-1")).hasMessageContaining("Choose another name");
        assertThat(new Peer(id, "ctlx").name()).isEqualTo("ctlx");
    }

    @Test
    @DisplayName("a second endpoint with the same run directory is told of too")
    void second() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder);
                Endpoint other = Endpoint.open(new EndpointConfig(folder.resolve("other"),
                        folder.resolve("home-north/run"), EndpointConfig.DEFAULT_MSIZE, List.of(),
                        EndpointConfig.Limits.DEFAULT))) {
            other.listen(new HostPort("127.0.0.1", 0));
            assertThat(read(pair.north(), "status")).contains(pair.north().id().toString());
            Path second = folder.resolve("home-north/run/ctl-" + ProcessHandle.current().pid() + ".9p");
            try (RemoteFiles files = EndpointPair.connect(second)) {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                files.read(RemotePath.of("status"), text, Progress.NONE);
                assertThat(text.toString(StandardCharsets.UTF_8)).contains(other.id().toString());
            }
        }
    }
}
