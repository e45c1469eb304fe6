package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Grant.Access;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Logged;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.wire.Text;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One endpoint for many peers, each with rights of its own, that change while it runs. */
class HubTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int RELOADS = 100;

    @TempDir
    private Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private HostPort where = new HostPort("127.0.0.1", 0);
    private List<Export> exports;

    @BeforeEach
    void exports() throws IOException {
        exports = List.of(EndpointPair.directory(folder.resolve("one")), EndpointPair.directory(folder.resolve("two")));
        Files.writeString(folder.resolve("one/f"), "first");
        Files.writeString(folder.resolve("two/f"), "second");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private static Grant grant(Access access) {
        return new Grant(access, "", List.of(), Optional.empty());
    }

    private PeerId id(String name) throws Exception {
        return Identity.loadOrCreate(folder.resolve(name)).id();
    }

    private PeerConfig peer(String name, Map<String, Grant> grants) throws Exception {
        return new PeerConfig(name, Optional.of(id(name)), Optional.empty(), List.of(),
                new Rights(grants, Rights.Limits.STANDARD, true));
    }

    private HubConfig setup(PeerConfig... peers) {
        Path home = folder.resolve("hub");
        return new HubConfig(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE, exports,
                EndpointConfig.Limits.DEFAULT), List.of(where), Arrays.asList(peers));
    }

    private Hub hub(PeerConfig... peers) throws Exception {
        Hub hub = Hub.open(setup(peers));
        open.add(hub);
        hub.start();
        return hub;
    }

    /** A peer that has dialled the hub. */
    private Endpoint dialled(String name, Hub hub) throws Exception {
        Path home = folder.resolve(name);
        new PeerFile(home).add(new Peer(hub.id(), "hub"));
        Endpoint endpoint = Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                List.of(EndpointPair.directory(folder.resolve(name + "-files"))), EndpointConfig.Limits.DEFAULT));
        open.add(endpoint);
        endpoint.dial(new HostPort("127.0.0.1", hub.addresses().getFirst().getPort()), "hub");
        return endpoint;
    }

    private static String read(RemoteFiles files, String path) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        files.read(RemotePath.of(path), content, Progress.NONE);
        return content.toString(StandardCharsets.UTF_8);
    }

    private static void write(RemoteFiles files, String path) throws IOException {
        files.write(RemotePath.of(path), new ByteArrayInputStream(new byte[]{'x'}), 0644, 1, Progress.NONE);
    }

    @Test
    @DisplayName("the status tells of each peer what it may do, with what the export itself keeps back, and after a reload")
    void tellsRights() throws Exception {
        exports = List.of(exports.getFirst(),
                new Export("two", new Export.Target.Directory(folder.resolve("two"), true)));
        Hub hub = hub(peer("ann", Map.of("one", grant(Access.READ_WRITE), "two", grant(Access.READ_WRITE))),
                peer("bob", Map.of("one", new Grant(Access.READ_ONLY, "deep", List.of(), Optional.empty()))));
        assertThat(told(hub, "ann")).containsExactly("one rw", "two ro");
        assertThat(told(hub, "bob")).containsExactly("one/deep ro");
        assertThat(hub.endpoint().status().exports()).extracting(Status.ExportStatus::where)
                .containsExactly(folder.resolve("one").toString(), folder.resolve("two").toString());
        hub.change(setup(peer("ann", Map.of("two", grant(Access.READ_ONLY)))));
        assertThat(told(hub, "ann")).containsExactly("two ro");
    }

    private static List<String> told(Hub hub, String peer) {
        return hub.endpoint().status().peers().stream().filter(known -> known.name().equals(peer))
                .flatMap(known -> known.rights().entrySet().stream())
                .map(right -> right.getValue().on(right.getKey())).toList();
    }

    @Test
    @DisplayName("S21 an export whose directory is replaced by others is stale, the status says so, and a reload takes what is there")
    void replacedRoot() throws Exception {
        Path above = Files.createDirectory(folder.resolve("above"));
        Path root = Files.createDirectory(above.resolve("root"));
        exports = List.of(EndpointPair.directory(root));
        Hub hub = hub(peer("ann", Map.of("root", grant(Access.READ_ONLY))));
        Endpoint ann = dialled("ann", hub);
        EndpointPair.connect(ann.socket("hub")).close();
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.move(root, above.resolve("aside"));
        Files.createDirectory(root);
        assertThatThrownBy(() -> EndpointPair.connect(ann.socket("hub"))).hasMessageContaining("Stale");
        assertThat(hub.endpoint().status().warnings()).singleElement().asString().contains(root.toString(),
                "others than root");
        hub.change(setup(peer("ann", Map.of("root", grant(Access.READ_ONLY)))));
        EndpointPair.connect(ann.socket("hub")).close();
        assertThat(hub.endpoint().status().warnings()).isEmpty();
    }

    @Test
    @DisplayName("a file that grants a second export says that the peer's paths move, and what was attached to stays where it is")
    void secondExport() throws Exception {
        Hub hub = hub(peer("ann", Map.of("one", grant(Access.READ_ONLY))),
                peer("bob", Map.of("one", grant(Access.READ_ONLY), "two", grant(Access.READ_ONLY))));
        Endpoint ann = dialled("ann", hub);
        try (RemoteFiles before = EndpointPair.connect(ann.socket("hub")); Logged logged = new Logged()) {
            PeerConfig bob = peer("bob", Map.of("two", grant(Access.READ_ONLY)));
            hub.change(setup(peer("ann", Map.of("one", grant(Access.READ_ONLY), "two", grant(Access.READ_ONLY))), bob));
            assertThat(logged.warnings()).hasSize(2);
            assertThat(logged.warnings().getFirst())
                    .contains("the paths of peer ann move: at the top it saw the files of one,"
                            + " and sees a directory that lists one, two when it attaches");
            assertThat(logged.warnings().getLast()).contains("peer bob",
                    "saw a directory that lists one, two, and sees the files of two");
            assertThat(read(before, "f")).isEqualTo("first");
            try (RemoteFiles after = EndpointPair.connect(ann.socket("hub"))) {
                assertThat(read(after, "one/f")).isEqualTo("first");
            }
            hub.change(
                    setup(peer("ann", Map.of("one", grant(Access.READ_WRITE), "two", grant(Access.READ_ONLY))), bob));
            assertThat(logged.warnings()).as("of a change that moves nothing").hasSize(2);
        }
    }

    @Test
    @DisplayName("each peer of a hub has its own socket, its own exports, and may do with them what it is granted")
    void eachItsOwn() throws Exception {
        Hub hub = hub(peer("ann", Map.of("one", grant(Access.READ_WRITE), "two", grant(Access.READ_ONLY))),
                peer("bob", Map.of("two", grant(Access.READ_ONLY))), peer("cyd", Map.of()));
        try (RemoteFiles ann = EndpointPair.connect(dialled("ann", hub).socket("hub"));
                RemoteFiles bob = EndpointPair.connect(dialled("bob", hub).socket("hub"))) {
            assertThat(ann.list(RemotePath.ROOT)).extracting(e -> e.name().utf8()).containsExactlyInAnyOrder("one",
                    "two");
            write(ann, "one/new");
            assertThatThrownBy(() -> write(ann, "two/new")).hasMessageContaining("Read-only");
            assertThat(read(bob, "f")).isEqualTo("second");
            assertThatThrownBy(() -> write(bob, "f")).hasMessageContaining("Read-only");
            Endpoint cyd = dialled("cyd", hub);
            assertThatThrownBy(() -> EndpointPair.connect(cyd.socket("hub"))).isInstanceOf(RefusedException.class);
            for (String name : List.of("ann", "bob", "cyd")) {
                await().atMost(PATIENCE).until(() -> Files.exists(hub.endpoint().socket(name)));
                await().atMost(PATIENCE).until(() -> EndpointPair.connect(hub.endpoint().socket(name)) != null);
            }
        }
    }

    @Test
    @DisplayName("who is in the list of peers, but not in the file, is not let in")
    void onlyWhoIsNamed() throws Exception {
        Hub hub = hub(peer("ann", Map.of("one", grant(Access.READ_ONLY))));
        new PeerFile(folder.resolve("hub")).add(new Peer(id("bob"), "bob"));
        assertThatThrownBy(() -> dialled("bob", hub)).isInstanceOf(EndpointException.class);
    }

    @Test
    @DisplayName("100 reloads under load lose no request, and no link")
    void reloads() throws Exception {
        PeerConfig ann = peer("ann", Map.of("one", grant(Access.READ_WRITE)));
        Hub hub = hub(ann, peer("bob", Map.of("two", grant(Access.READ_ONLY))));
        where = new HostPort("127.0.0.1", 0);
        Endpoint endpoint = dialled("ann", hub);
        AtomicBoolean done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> loads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                loads.add(threads.submit(() -> load(endpoint, done)));
            }
            try {
                for (int i = 0; i < RELOADS; i++) {
                    hub.change(i % 2 == 0
                            ? setup(peer("ann", Map.of("one", grant(Access.READ_WRITE), "two",
                                    grant(Access.READ_ONLY))))
                            : setup(ann, peer("bob", Map.of("two", grant(Access.READ_WRITE)))));
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> load : loads) {
                assertThat(load.get()).isPositive();
            }
        }
        assertThat(hub.endpoint().status().peers()).filteredOn(p -> p.name().equals("ann")).singleElement()
                .satisfies(p -> assertThat(p.session().orElseThrow().resumes()).isZero());
    }

    private static int load(Endpoint endpoint, AtomicBoolean done) throws IOException {
        int times = 0;
        try (RemoteFiles files = RemoteFiles.connect(UnixDomainSocketAddress.of(endpoint.socket("hub")),
                Offer.any(), Login.ofThisProcess(Text.of("one")))) {
            while (!done.get() || times == 0) {
                assertThat(read(files, "f")).isEqualTo("first");
                times++;
            }
        }
        return times;
    }

    @Test
    @DisplayName("a peer that is gone from the file is cut off by the change, and not let in again")
    void removed() throws Exception {
        PeerConfig ann = peer("ann", Map.of("one", grant(Access.READ_WRITE)));
        Hub hub = hub(ann, peer("bob", Map.of("two", grant(Access.READ_ONLY))));
        Endpoint bob = dialled("bob", hub);
        Endpoint other = dialled("ann", hub);
        try (RemoteFiles files = EndpointPair.connect(bob.socket("hub"))) {
            assertThat(read(files, "f")).isEqualTo("second");
            hub.change(setup(ann));
            assertThat(hub.endpoint().status().peers()).extracting(Status.PeerStatus::name).containsExactly("ann");
            assertThat(hub.endpoint().socket("bob")).doesNotExist();
            await().atMost(PATIENCE)
                    .until(() -> bob.status().peers().stream().noneMatch(Status.PeerStatus::linked));
            assertThatThrownBy(() -> read(files, "f")).isInstanceOf(IOException.class);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThatThrownBy(bob::awaitEnd)
                .isInstanceOf(EndpointException.class));
        assertThat(other.status().peers()).allMatch(Status.PeerStatus::linked);
    }

    @Test
    @DisplayName("what cannot be done leaves everything as it was")
    void broken() throws Exception {
        PeerConfig ann = peer("ann", Map.of("one", grant(Access.READ_WRITE)));
        Hub hub = hub(ann);
        Endpoint endpoint = dialled("ann", hub);
        List<Export> before = exports;
        exports = List.of(before.getFirst(),
                new Export("gone", new Export.Target.Directory(folder.resolve("gone"), false)));
        HubConfig missing = setup(peer("ann", Map.of("gone", grant(Access.READ_WRITE))));
        assertThatThrownBy(() -> hub.change(missing)).isInstanceOf(EndpointException.class)
                .hasMessageContaining("gone");
        exports = before;
        where = new HostPort("203.0.113.1", 1);
        HubConfig elsewhere = setup(peer("ann", Map.of("two", grant(Access.READ_WRITE))));
        assertThatThrownBy(() -> hub.change(elsewhere)).isInstanceOf(EndpointException.class);
        try (RemoteFiles files = EndpointPair.connect(endpoint.socket("hub"))) {
            assertThat(read(files, "f")).isEqualTo("first");
        }
    }

    @Test
    @DisplayName("a file that would serve nobody is refused, and says what to write")
    void nobody() throws Exception {
        assertThatThrownBy(this::setup).hasMessageContaining("[peer.NAME]");
        PeerConfig ann = peer("ann", Map.of());
        assertThatThrownBy(() -> setup(ann)).hasMessageContaining("[peer.NAME.allow]")
                .hasMessageContaining("one = \"ro\"");
    }

    @Test
    @DisplayName("a peer whose trust is withdrawn from the list of peers loses its link")
    void withdrawn() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            Files.writeString(folder.resolve("home-south/peers"), "# nobody any more\n");
            await().atMost(PATIENCE)
                    .until(() -> pair.south().status().peers().stream().noneMatch(Status.PeerStatus::linked));
            assertThatThrownBy(() -> pair.north().awaitEnd()).isInstanceOf(EndpointException.class);
        }
    }

    @Test
    @DisplayName("a list of peers that is broken leaves the links that there are alone")
    void brokenList() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            Files.writeString(folder.resolve("home-south/peers"), "no such line\n");
            Files.writeString(folder.resolve("north/f"), "still there");
            await().pollDelay(Duration.ofMillis(1200)).atMost(PATIENCE)
                    .until(() -> pair.south().status().peers().stream().anyMatch(Status.PeerStatus::linked));
        }
    }
}
