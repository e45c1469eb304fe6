package dev.ninetunnel.endpoint;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.endpoint.control.Control;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.process.GarbageWatch;
import dev.ninetunnel.endpoint.process.NetworkNotices;
import dev.ninetunnel.endpoint.process.ServiceNotice;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.lease.HostChanges;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Repeated;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.accept.LinkOnStreams;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.link.pairing.InvitationWatch;
import dev.ninetunnel.link.pairing.Pairing;
import dev.ninetunnel.linux.ProcessCalls;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running endpoint: it listens for peers or dials them, offers them what it exports, and posts their files as local
 * sockets. Its methods are for the threads of the program around it, and wait for what they start.
 */
public final class Endpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    /** How often it looks whether the peers with links are trusted still. */
    private static final Duration TRUST_LOOK = Duration.ofMillis(500);
    /** After what time the status says of a disk that it does not answer. */
    private static final Duration UNANSWERED = Duration.ofSeconds(5);
    /** How often it looks whether its papers have changed. */
    private static final Duration PAPER_LOOK = Duration.ofSeconds(1);
    /** So long nobody comes or goes before garbage is collected. */
    private static final Duration GARBAGE_LOOK = Duration.ofSeconds(15);

    /** Leases that are out in all: each keeps a watch, and a descriptor of the file. */
    private static final int MOST_LEASES = 32_768;
    /** Descriptors that the process may have for each: most are for what is open, and for connections. */
    private static final int DESCRIPTORS_A_LEASE = 4;

    private final EndpointConfig config;
    private final Peers peers;
    private final PeerLookup peerLookup;
    private final Credentials credentials;
    private final Tls tls;
    private final LinkLimits linkLimits;
    private final EventLoopGroup loops;
    private final EventLoop loop;
    private final Workers workers = new Workers();
    private final Optional<HostChanges> hostChanges;
    private final Audit audit;
    private final PeerExports peerExports;
    private final PeerRegistry peerRegistry;
    private final LocalSockets localSockets;
    private final Listeners listeners;
    private final CredentialReloader credentialReloader;
    private final Diallers diallers;
    private volatile Control control;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Endpoint(EndpointConfig config, Foundation base, PeerExports peerExports,
            Function<String, EndpointConfig.Limits> limits) {
        this.config = config;
        this.loops = base.loops();
        this.loop = base.loop();
        this.peers = base.peers();
        this.credentials = base.papers();
        this.peerExports = peerExports;
        this.peerLookup = new PeerLookup(peers, credentials);
        this.tls = base.tls();
        this.linkLimits = base.linkLimits();
        this.listeners = base.doors();
        this.audit = base.audit();
        this.hostChanges = hostChanges(config, loop);
        this.peerRegistry = new PeerRegistry(tls::self, loop, peerLookup, peerExports, audit, workers,
                hostChanges.map(HostChanges::granter), config.msize(), limits);
        this.diallers = new Diallers(loop, peerLookup, tls, linkLimits, peerRegistry, audit);
        this.localSockets = new LocalSockets(config.run(), loop);
        this.control = new Control(loop, workers, this::statusNow, this::pairingNow, Optional.empty());
        this.credentialReloader = new CredentialReloader(credentials, Clock.systemUTC(), this::settleSoon, audit);
        listeners.lead(this::accepted);
        loop.scheduleWithFixedDelay(Repeated.of("who is trusted", peerRegistry::endUntrusted), TRUST_LOOK.toMillis(),
                TRUST_LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
        every(PAPER_LOOK, "papers", credentialReloader::look);
        NetworkNotices.begin(loop, this::networkChanged);
        every(GARBAGE_LOOK, "garbage", new GarbageWatch(listeners::turnover, System::gc)::look);
        every(PAPER_LOOK, "sockets", localSockets::restore);
        if (audit.isOn()) {
            every(PAPER_LOOK, "invitations",
                    new InvitationWatch(new Invitations(config.home(), Clock.systemUTC()), audit,
                            Clock.systemUTC())::look);
        }
    }

    /** What grants leases, where the configuration has them and the system tells of changes. */
    private static Optional<HostChanges> hostChanges(EndpointConfig config, EventLoop loop) {
        if (config.limits().session().lease().isZero()) {
            return Optional.empty();
        }
        return LocalTrees.watch().map(watch -> {
            int most = (int) Math.min(MOST_LEASES, ProcessCalls.raiseOpenFiles() / DESCRIPTORS_A_LEASE);
            return new HostChanges(loop, watch, most, Math.min(ClientRole.MOST_LEASES, most / 2));
        });
    }

    private void networkChanged() {
        LOG.debug("this host's network has changed: links are asked whether they are still there");
        peerRegistry.networkChanged();
        diallers.hurry(Redial.NETWORK_CHANGED);
    }

    private void every(Duration delay, String name, Runnable look) {
        Runnable start = () -> Thread.ofVirtual().name(name).start(Repeated.of(name, look));
        loop.scheduleWithFixedDelay(Repeated.of(name, start), delay.toMillis(), delay.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Prepares an endpoint that is not reachable yet: reads its key (or makes one) and opens what it exports. Every peer in its
     * list of peers may use all of it.
     *
     * @throws EndpointException if the key or an export cannot be used
     */
    public static Endpoint open(EndpointConfig config) throws EndpointException {
        return open(config, Set.of(), List.of());
    }

    /**
     * The same, with peers besides for whom an authority may vouch.
     *
     * @param certified their names in their certificates
     * @param listen where it will listen: ports that are taken before the process becomes another user, if it is to
     */
    public static Endpoint open(EndpointConfig config, Set<String> certified, List<HostPort> listen)
            throws EndpointException {
        return open(config, new LastGoodPeers(new PeerFile(config.home()), certified),
                loop -> PeerExports.common(loop, config.exports()), peer -> config.limits(), listen);
    }

    /** What opens exports. */
    @FunctionalInterface
    interface Opening {
        PeerExports open(EventLoop loop) throws IOException;
    }

    static Endpoint open(EndpointConfig config, Peers peers, Opening opening,
            Function<String, EndpointConfig.Limits> limits, List<HostPort> listen) throws EndpointException {
        if (!Tls.fastCiphers()) {
            LOG.warn("AES comes from {} and not from the JDK itself: links will be many times slower than they could. "
                    + "Is another provider put first in java.security?", Tls.aesProvider());
        }
        EventLoopGroup loops = null;
        try {
            Credentials credentials = Credentials.open(config.papers(), Clock.systemUTC());
            loops = Transport.newLoops(1);
            Foundation base = Foundation.of(config, loops, peers, credentials);
            base.settle(config, listen);
            PeerExports peerExports = opening.open(base.loop());
            base.openAudit();
            Endpoint opened = new Endpoint(config, base, peerExports, limits);
            loops = null;
            return opened;
        } catch (IdentityException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.MISSING, e.getMessage(), e);
        } finally {
            if (loops != null) {
                loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Who this endpoint is to its peers. */
    public PeerId id() {
        return tls.self();
    }

    /** The socket at which local programs find a peer's files. */
    public Path socket(String peer) {
        return localSockets.socket(peer);
    }

    /**
     * The one peer that is meant where only one can be.
     *
     * @param name its name, or null if it goes without saying
     * @throws EndpointException if nobody of that name is trusted, or it does not go without saying
     */
    public String onlyPeer(String name) throws EndpointException {
        return peerLookup.only(name);
    }

    /**
     * Posts a peer's files at one more place besides its socket in the run directory.
     *
     * @throws EndpointException if the peer is not trusted, or nothing can listen there
     */
    public void post(String peer, LocalAddress address) throws EndpointException {
        PeerState known = known(peerLookup.named(peer).name());
        localSockets.post(known.name(), address, known.client());
    }

    /** For the maker of an invitation: the file in which it is looked for, and where to bring it; a line each. */
    private String pairingNow() {
        return config.home().resolve(Invitations.FILE) + "\n"
                + listeners.places().stream().map(where -> where + "\n").collect(Collectors.joining());
    }

    private PeerState known(String name) {
        return onLoop(() -> peerRegistry.peer(name));
    }

    /**
     * Begins to accept peers, and posts the socket of each that is trusted.
     *
     * @return where it listens, with the real port
     * @throws EndpointException if it cannot listen there, or a socket cannot be made
     */
    public InetSocketAddress listen(HostPort where) throws EndpointException {
        List<String> all = peerLookup.names();
        if (all.isEmpty()) {
            LOG.info(
                    "no peer is trusted yet, so everybody is turned away: run 'ninetunnel invite NAME' to pair with one");
        }
        localSockets.postControl(control::newClient);
        for (String peer : all) {
            localSockets.post(peer, known(peer).client());
        }
        return listeners.open(where);
    }

    private void accepted(Link link) {
        if (peerRegistry.accepted(link) && link.ours()) {
            // A peer that is trusted since the endpoint started has no socket yet; binding one waits for this loop.
            PeerState peer = peerRegistry.peer(link.peerName());
            Thread.ofVirtual().name("post " + peer.name()).start(() -> {
                try {
                    localSockets.post(peer.name(), peer.client());
                } catch (EndpointException e) {
                    LOG.error("{} is linked, but local programs cannot reach it: {}", peer.name(), e.getMessage());
                }
            });
        }
    }

    /**
     * Posts a peer's socket and dials it; returns when it answers. From then on, it is dialled again whenever the link
     * is lost.
     *
     * @param patient whether to try again when the start fails
     * @throws EndpointException if it is of no use to try again; or if the start fails, within 30 seconds, and this is
     *     not patient
     */
    public void dial(Destination where, String name, boolean patient) throws EndpointException, InterruptedException {
        peerLookup.named(name);
        localSockets.postControl(control::newClient);
        localSockets.post(name, known(name).client());
        Redial redial = diallers.begin(where, name, Redial.RetryPolicy.USUAL.withPatience(patient));
        redial.over().whenComplete((nothing, failure) -> over.completeExceptionally(failure));
        await(redial.first());
    }

    /** The same, with no patience for a start that fails. */
    public void dial(Destination where, String name) throws EndpointException, InterruptedException {
        dial(where, name, false);
    }

    /** The same, straight to a host. */
    public void dial(HostPort where, String name) throws EndpointException, InterruptedException {
        dial(new Destination.Direct(where), name);
    }

    /** Where a peer is waited for before it is dialled again, dials now. Any thread. */
    public void dialNow() {
        diallers.hurry("asked to");
    }

    /**
     * Accepts the one peer that comes by two streams, and waits until its link is over, or it has paired with this
     * endpoint.
     *
     * @throws EndpointException if there was no link, or it was lost
     */
    public void serve(InputStream in, OutputStream out, String from) throws EndpointException, InterruptedException {
        localSockets.postControl(control::newClient);
        StdioSession visit = new StdioSession(from);
        Pairing once = Foundation.pairing(config, audit, name -> visit.paired());
        LinkOnStreams.accept(in, out, from, loop, tls, peers, once, linkLimits, link -> {
            visit.linked(link);
            accepted(link);
        }).whenComplete((nothing, fault) -> visit.over(fault));
        visit.await();
    }

    /**
     * Waits until the endpoint is closed.
     *
     * @throws EndpointException if it has lost a peer for good, such as one that does not let it in any more
     */
    public void awaitEnd() throws EndpointException, InterruptedException {
        await(over);
    }

    private static void await(CompletableFuture<Void> what) throws EndpointException, InterruptedException {
        try {
            what.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EndpointException known) {
                throw known;
            }
            throw new CompletionException(e.getCause());
        }
    }

    /** What goes on now. */
    public Status status() {
        return onLoop(this::statusNow);
    }

    private Status statusNow() {
        List<String> warnings = new ArrayList<>(credentialReloader.warnings());
        warnings.addAll(peerExports.troubles());
        workers.hangs(UNANSWERED).forEach(hang -> warnings.add("export " + hang));
        peers.fault().ifPresent(fault -> warnings.add("the list of peers is as it was before: " + fault));
        return StatusReport.now(id().toString(), peerRegistry, diallers::state).withWarnings(warnings)
                .withDoor(listeners.status()).withLeases(
                        hostChanges.map(HostChanges::granter).map(granter -> new Status.LeaseStatus(granter.leases(),
                                granter.granted(), granter.recalls(), granter.overdue())));
    }

    /**
     * Leaves in good order: takes the sockets away, lets requests in progress end, says goodbye to the peers. What is
     * not done when the time for it is over is given up.
     */
    public void drain() {
        stopComing();
        new Drain(loop, peerRegistry, config.limits().drain()).finish();
        close();
    }

    /** Stops at once: links are closed with a goodbye, local clients get errors. Does nothing the second time. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        stopComing();
        Drain drain = new Drain(loop, peerRegistry, Duration.ZERO);
        drain.goodbye();
        drain.finish();
        // A short quiet time, in which connections that are still being refused or closed come to their end.
        loops.shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        hostChanges.ifPresent(HostChanges::close);
        workers.close();
        peerExports.close();
        audit.close();
        over.complete(null);
    }

    private void stopComing() {
        diallers.stop();
        listeners.close();
        localSockets.close();
    }

    // ---- what a file has the endpoint do, and has it stop doing

    private void settleSoon() {
        if (!closed.get()) {
            loop.execute(peerRegistry::endUntrusted);
        }
    }

    /**
     * Reads keys, certificates and lists again now. What is broken changes nothing; links go on, but those with peers that are
     * not trusted any more.
     *
     * @return what is wrong, or an empty string
     */
    public String reload() {
        audit.reopen();
        return credentialReloader.reload();
    }

    /**
     * Tells the system's service manager that this endpoint serves, where there is one that asks for it (sd_notify(3)).
     *
     * @param environment where its socket is named
     */
    public void tellReady(Map<String, String> environment) {
        String socket = environment.get("NOTIFY_SOCKET");
        if (socket != null && !socket.isEmpty()) {
            ServiceNotice.send(loops, socket, "READY=1");
        }
    }

    CredentialReloader upkeep() {
        return credentialReloader;
    }

    /**
     * Has the files about this endpoint take the wish to read its own files again. Before they are posted.
     *
     * @param again does it, and returns what is wrong, or an empty string; on any thread
     */
    public void onReload(Supplier<String> again) {
        control = new Control(loop, workers, this::statusNow, this::pairingNow, Optional.of(again));
    }

    /** Posts what tells about this endpoint. */
    void postControl() throws EndpointException {
        localSockets.postControl(control::newClient);
    }

    /** Posts a peer's sockets. */
    void post(PeerConfig peer) throws EndpointException {
        PeerState known = known(peer.name());
        localSockets.post(peer.name(), known.client());
        for (LocalAddress local : peer.locals()) {
            localSockets.post(peer.name(), local, known.client());
        }
    }

    /** Takes a peer's sockets away. */
    void unpost(String peer) {
        localSockets.unpost(peer);
    }

    /** Listens at one more place. */
    InetSocketAddress listenAlso(HostPort where) throws EndpointException {
        return listeners.open(where);
    }

    /** Listens there no more; the links from there go on. */
    void stopListening(HostPort where) {
        listeners.close(where);
    }

    /** Dials a peer until it is told to stop, whatever happens. */
    void keepDialling(PeerConfig peer) {
        peer.dial().ifPresent(where -> diallers.begin(where, peer.name(), Redial.RetryPolicy.TIRELESS));
    }

    void stopDialling(String peer) {
        diallers.stop(peer);
    }

    /** Has something done on the session loop, and then what is untrusted ended. */
    void settle(Consumer<PeerRegistry> work) {
        onLoop(() -> {
            work.accept(peerRegistry);
            peerRegistry.endUntrusted();
            return true;
        });
    }

    /** What is kept of what happens. */
    Audit audit() {
        return audit;
    }

    PeerExports offers() {
        return peerExports;
    }

    private <T> T onLoop(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, loop).join();
    }
}
