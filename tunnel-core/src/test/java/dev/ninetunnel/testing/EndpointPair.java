package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.EndpointException;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Two endpoints in this process, in one folder, with keys of their own that trust each other: {@code north} dials
 * {@code south}. North's socket for south is where south's files are, and the other way round.
 */
public final class EndpointPair implements AutoCloseable {
    /** Long enough for the busiest machine; nothing that works takes it. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path folder;
    private final EndpointConfig.Limits limits;
    private final WebConfig web;
    private final List<Export> southsExports;
    private final Endpoint north;
    private final Endpoint south;
    private InetSocketAddress address;

    /** Prepares both, with what each exports. They are not linked yet. */
    public EndpointPair(Path folder, List<Export> ofNorth, List<Export> ofSouth)
            throws EndpointException, IdentityException {
        this(folder, ofNorth, ofSouth, EndpointConfig.Limits.DEFAULT);
    }

    /** The same with other limits. */
    public EndpointPair(Path folder, List<Export> ofNorth, List<Export> ofSouth, EndpointConfig.Limits limits)
            throws EndpointException, IdentityException {
        this(folder, ofNorth, ofSouth, limits, WebConfig.NONE);
    }

    /** The same, where both tell this by HTTP. */
    public EndpointPair(Path folder, List<Export> ofNorth, List<Export> ofSouth, EndpointConfig.Limits limits,
            WebConfig web) throws EndpointException, IdentityException {
        this.web = web;
        this.folder = folder;
        this.limits = limits;
        this.southsExports = ofSouth;
        this.north = endpoint("north", ofNorth);
        this.south = endpoint("south", ofSouth);
        new PeerFile(home("north")).add(new Peer(south.id(), "south"));
        new PeerFile(home("south")).add(new Peer(north.id(), "north"));
    }

    /** Two that are linked, each with a directory to export, {@code folder/north} and {@code folder/south}. */
    public static EndpointPair linked(Path folder)
            throws IOException, EndpointException, IdentityException, InterruptedException {
        EndpointPair pair = new EndpointPair(folder, List.of(directory(folder.resolve("north"))),
                List.of(directory(folder.resolve("south"))));
        pair.link();
        return pair;
    }

    /** An export of a directory, under the directory's own name, that is made if it is not there. */
    public static Export directory(Path path) throws IOException {
        Files.createDirectories(path);
        return new Export(path.getFileName().toString(), new Export.Target.Directory(path, false));
    }

    private Endpoint endpoint(String name, List<Export> exports) throws EndpointException {
        return Endpoint.open(new EndpointConfig(home(name), home(name).resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                exports, limits).withWeb(web));
    }

    private Path home(String name) {
        return folder.resolve("home-" + name);
    }

    /** South listens, north dials, and both know that they are linked when this returns. */
    public void link() throws EndpointException, InterruptedException {
        dial(listen().getPort());
    }

    /** The same, with a bad network between them, which the caller closes. */
    public Relay linkThroughRelay() throws EndpointException, InterruptedException {
        Relay relay = new Relay(listen());
        dial(relay.address().getPort());
        return relay;
    }

    private InetSocketAddress listen() throws EndpointException {
        address = south.listen(new HostPort("127.0.0.1", 0));
        return address;
    }

    private void dial(int port) throws EndpointException, InterruptedException {
        north.dial(new HostPort("127.0.0.1", port), "south");
        awaitLinked();
    }

    /**
     * South ends so that nobody hears of it, and another endpoint with its key and its files listens in its place, which the
     * caller closes. For when what leads to south is closed to both.
     */
    public Endpoint restartSouth() throws EndpointException {
        south.close();
        Endpoint again = endpoint("south", southsExports);
        again.listen(new HostPort("127.0.0.1", address.getPort()));
        return again;
    }

    /** Waits until both know that they are linked. */
    public void awaitLinked() {
        awaitLinked(north);
        awaitSouthLinked();
    }

    /** Waits until south knows that it is linked. */
    public void awaitSouthLinked() {
        awaitLinked(south);
    }

    private static void awaitLinked(Endpoint endpoint) {
        await().atMost(PATIENCE)
                .until(() -> endpoint.status().peers().stream().anyMatch(Status.PeerStatus::linked));
    }

    /** Where south listens. */
    public InetSocketAddress address() {
        return address;
    }

    public Endpoint north() {
        return north;
    }

    public Endpoint south() {
        return south;
    }

    /** Where local programs of north find south's files. */
    public Path southsFiles() {
        return north.socket("south");
    }

    /** Where local programs of south find north's files. */
    public Path northsFiles() {
        return south.socket("north");
    }

    /** Connects to a socket as a local program, and attaches to all that is offered. */
    public static RemoteFiles connect(Path socket) throws IOException {
        return RemoteFiles.connect(UnixDomainSocketAddress.of(socket), Offer.any(),
                Login.ofThisProcess(Text.EMPTY));
    }

    /** Waits until no local client, fid, tag or request is left anywhere. */
    public void awaitNothingLeft() {
        for (Endpoint endpoint : List.of(north, south)) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(endpoint.status().peers()).allSatisfy(peer -> {
                    assertThat(peer.localClients()).as("local clients of %s", peer.name()).isZero();
                    assertThat(peer.fids()).as("fids at %s", peer.name()).isZero();
                    assertThat(peer.tags()).as("tags at %s", peer.name()).isZero();
                    assertThat(peer.unexpectedReplies()).as("replies that nobody asked for").isZero();
                });
                assertThat(endpoint.status().serving()).allSatisfy(link -> {
                    assertThat(link.fids()).as("fids served to %s", link.name()).isZero();
                    assertThat(link.requests()).as("requests of %s", link.name()).isZero();
                });
            });
        }
    }

    @Override
    public void close() {
        north.close();
        south.close();
    }
}
