package dev.ninetunnel.endpoint;

import dev.ninetunnel.endpoint.control.Control;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.metrics.LastCounts;
import dev.ninetunnel.endpoint.metrics.MetricsPages;
import dev.ninetunnel.endpoint.mount.MountConfig;
import dev.ninetunnel.endpoint.mount.MountProgram;
import dev.ninetunnel.endpoint.mount.PeerMounts;
import dev.ninetunnel.endpoint.process.InheritedSockets;
import dev.ninetunnel.endpoint.process.OpenFiles;
import dev.ninetunnel.endpoint.process.ServiceNotice;
import dev.ninetunnel.endpoint.ui.HostActions;
import dev.ninetunnel.endpoint.ui.StatusPages;
import dev.ninetunnel.endpoint.ui.Told;
import dev.ninetunnel.endpoint.web.OneQuestion;
import dev.ninetunnel.endpoint.web.WebServers;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.lease.GrantRecord;
import dev.ninetunnel.lease.HostChanges;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.accept.LinkOnStreams;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.link.pairing.Pairing;
import dev.ninetunnel.linux.BootClock;
import dev.ninetunnel.linux.ProcessCalls;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
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
    /** Leases that are out in all: each keeps a watch, and a descriptor of the file. */
    private static final int MOST_LEASES = 32_768;
    /** How long leases may take to come back when the endpoint leaves at once; the next one waits for who has not given one up. */
    private static final Duration TAKE_BACK = Duration.ofSeconds(2);
    /** Descriptors that the process may have for each: most are for what is open, and for connections. */
    private static final int DESCRIPTORS_A_LEASE = 4;

    private final EndpointParts parts;
    private final EventLoop loop;
    private final Workers workers = new Workers();
    private final Optional<HostChanges> hostChanges;
    private final PeerLookup peerLookup;
    private final PeerRegistry peerRegistry;
    private final LocalSockets localSockets;
    private final CredentialReloader credentialReloader;
    private final Diallers diallers;
    private final StatusReport statusReport;
    private final WebServers webServers = new WebServers();
    private volatile InetSocketAddress metricsAddress;
    private final StatusPages statusPages;
    private final Map<String, Control.Wish> wishes = new LinkedHashMap<>();
    private final PeerMounts mounts = new PeerMounts(this::isLinked);
    private volatile Control control;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Endpoint(EndpointParts parts) {
        this.parts = parts;
        this.loop = parts.loop();
        this.peerLookup = new PeerLookup(parts.peers(), parts.credentials());
        this.hostChanges = hostChanges(parts.config(), loop);
        this.peerRegistry = new PeerRegistry(parts.tls()::self, loop, peerLookup, parts.peerExports(), parts.audit(),
                workers, hostChanges.map(HostChanges::granter), parts.config().msize(),
                name -> parts.setup().get().limits(name));
        this.diallers = new Diallers(loop, peerLookup, parts.tls(), parts.linkLimits(), peerRegistry, parts.audit());
        this.localSockets = new LocalSockets(parts.config().run(), loop);
        this.credentialReloader = new CredentialReloader(parts.credentials(), Clock.systemUTC(), this::settleSoon,
                parts.audit());
        this.statusReport = new StatusReport(parts, peerRegistry, diallers, mounts, workers, credentialReloader,
                hostChanges.map(HostChanges::granter));
        HostActions actions = new HostActions(parts.config().home(), parts.tls()::self, parts.listeners()::places,
                this::hasKeyInFile, this::disconnect);
        this.statusPages = new StatusPages(webServers, loop,
                new StatusPages.Source(statusReport::now, this::told, peerRegistry::amounts, actions));
        this.wishes.put("ui", statusPages::address);
        this.wishes.put("disconnect", peer -> {
            actions.disconnect(peer);
            return peer + " is disconnected";
        });
        this.control = newControl();
    }

    private Control newControl() {
        return new Control(loop, workers, statusReport::now, this::pairingNow, wishes);
    }

    private boolean hasKeyInFile(String peer) {
        return parts.setup().get().peer(peer).flatMap(PeerConfig::key).isPresent();
    }

    /** Ends the link and the session with a peer, which may come back. Returns whether there is such a peer. */
    private boolean disconnect(String peer) {
        return onLoop(() -> {
            peerRegistry.end((name, key) -> name.equals(peer), "it was disconnected here");
            return peerRegistry.all().stream().anyMatch(known -> known.name().equals(peer));
        });
    }

    private Told told() {
        HubConfig setup = parts.setup().get();
        return new Told(setup.config().exports(), setup.rights(), peerLookup.list(), setup.config().audit(),
                parts.listeners().places().stream().map(HostPort::toString).toList());
    }

    /** Has it look after what it has, from now on. */
    private void begin() throws EndpointException {
        Optional<HostPort> metrics = parts.config().web().metrics();
        if (metrics.isPresent()) {
            tellMetrics(metrics.get());
        }
        Optional<HostPort> page = parts.config().web().page();
        if (page.isPresent()) {
            try {
                statusPages.serve(page.get());
            } catch (IOException e) {
                throw new EndpointException(EndpointException.Kind.UNAVAILABLE, e.getMessage(), e);
            }
        }
        parts.listeners().lead(this::accepted);
        hostChanges.ifPresent(HostChanges::start);
        Watches.begin(parts, peerRegistry, credentialReloader, localSockets, diallers);
    }

    private void tellMetrics(HostPort where) throws EndpointException {
        MetricsPages pages = new MetricsPages(new LastCounts(loop, statusReport::counts)::now,
                new OneQuestion<>(loop, statusReport::troubles)::ask, OpenFiles::most);
        try {
            metricsAddress = webServers.open(where, pages).address();
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.UNAVAILABLE, e.getMessage(), e);
        }
        LOG.info("metrics are told at http://{}/metrics", HostPort.of(metricsAddress));
    }

    /** Where it tells its metrics, with the real port, if it does. */
    public Optional<InetSocketAddress> metricsAddress() {
        return Optional.ofNullable(metricsAddress);
    }

    /** What grants leases, where the configuration has them and the system tells of changes. */
    private static Optional<HostChanges> hostChanges(EndpointConfig config, EventLoop loop) {
        Duration term = config.limits().session().lease();
        if (term.isZero()) {
            return Optional.empty();
        }
        return LocalTrees.watch().map(watch -> {
            int most = (int) Math.min(MOST_LEASES, ProcessCalls.raiseOpenFiles() / DESCRIPTORS_A_LEASE);
            GrantRecord record = new GrantRecord(config.run(), Duration.ofNanos(BootClock.nanoTime()), term);
            return new HostChanges(loop, watch, record, most, Math.min(ClientRole.MOST_LEASES, most));
        });
    }

    /**
     * Prepares an endpoint that is not reachable yet: reads its key (or makes one) and opens what it exports. Every peer in its
     * list of peers may use all of it.
     *
     * @throws EndpointException if the key or an export cannot be used
     */
    public static Endpoint open(EndpointConfig config) throws EndpointException {
        return open(HubConfig.everyone(config, Set.of(), List.of()));
    }

    /** The same, as it is told. */
    public static Endpoint open(HubConfig hubConfig) throws EndpointException {
        return open(hubConfig, InheritedSockets.NONE);
    }

    /** The same, with ports that are listened at for it already; it is told of each of these where it listens. */
    public static Endpoint open(HubConfig hubConfig, InheritedSockets inherited) throws EndpointException {
        return open(hubConfig, inherited, hubConfig::peers);
    }

    static Endpoint open(HubConfig hubConfig, InheritedSockets inherited,
            Function<Supplier<HubConfig>, Peers> peersOf) throws EndpointException {
        if (!Tls.fastCiphers()) {
            LOG.warn("AES comes from {} and not from the JDK itself: links will be many times slower than they could. "
                    + "Is another provider put first in java.security?", Tls.aesProvider());
        }
        EndpointParts parts = EndpointParts.open(hubConfig, inherited, peersOf);
        Endpoint opened = new Endpoint(parts);
        try {
            opened.begin();
        } catch (EndpointException e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    /** Who this endpoint is to its peers. */
    public PeerId id() {
        return parts.tls().self();
    }

    /** The socket at which local programs find a peer's files. */
    public Path socket(String peer) {
        return localSockets.socket(peer);
    }

    /**
     * The one peer that is meant where only one can be.
     *
     * @param name its name, or null if it goes without saying
     * @throws EndpointException if no peer of that name is trusted, or it does not go without saying
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
        return parts.config().home().resolve(Invitations.FILE) + "\n"
                + parts.listeners().places().stream().map(where -> where + "\n").collect(Collectors.joining());
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
        return parts.listeners().open(where);
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
        Pairing once = EndpointParts.pairing(parts.config(), parts.audit(), name -> visit.paired());
        LinkOnStreams.accept(in, out, from, loop, parts.tls(), parts.peers(), once, parts.linkLimits(), link -> {
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
        return onLoop(statusReport::now);
    }

    /**
     * Leaves in good order: takes the sockets away, lets requests in progress end, says goodbye to the peers. What is
     * not done when the time for it is over is given up.
     */
    public void drain() {
        Duration grace = parts.config().limits().drain();
        mounts.close();
        stopComing(grace);
        new Drain(loop, peerRegistry, grace).finish();
        close();
    }

    /** Stops at once: links are closed with a goodbye, local clients get errors. Does nothing the second time. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        mounts.close();
        stopComing(TAKE_BACK);
        Drain drain = new Drain(loop, peerRegistry, Duration.ZERO);
        drain.goodbye();
        drain.finish();
        // A short quiet time, in which connections that are still being refused or closed come to their end.
        parts.loops().shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        webServers.close();
        hostChanges.ifPresent(HostChanges::close);
        workers.close();
        parts.peerExports().close();
        parts.audit().close();
        over.complete(null);
    }

    private void stopComing(Duration takingBack) {
        diallers.stop();
        parts.listeners().close();
        localSockets.close();
        loop.execute(peerRegistry::endUnlinked);
        hostChanges.ifPresent(changes -> Drain.await(onLoop(changes.granter()::takeAllBack), takingBack));
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
        parts.audit().reopen();
        return credentialReloader.reload();
    }

    /**
     * Tells the system's service manager that this endpoint serves, where there is one that asks for it (sd_notify(3)); and from
     * then on, if it asks for that too, that the session loop still does its work. Not on a loop: it waits.
     *
     * @param environment where its socket is named
     */
    public void tellReady(Map<String, String> environment) {
        ServiceNotice.of(parts.loops(), environment, ProcessHandle.current().pid()).ifPresent(notice -> {
            notice.ready();
            notice.keepTelling(loop);
        });
    }

    /**
     * Has the files about this endpoint take the wish to read its own files again. Before they are posted.
     *
     * @param again does it, and returns what is wrong, or an empty string; on any thread
     */
    public void onReload(Supplier<String> again) {
        wishes.put("reload", written -> {
            String fault = again.get();
            if (!fault.isEmpty()) {
                throw new IOException(fault);
            }
            return "in force";
        });
        control = newControl();
    }

    /** Has a program keep these mounts, by the names of the peers, and no others; see {@link PeerMounts#keep}. */
    void mount(Map<String, MountConfig> wanted, MountProgram program) {
        mounts.keep(wanted, program);
    }

    private boolean isLinked(String peer) {
        try {
            return onLoop(() -> peerRegistry.isLinked(peer));
        } catch (RejectedExecutionException leaving) {
            return false;
        }
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

    /** Has something done on the session loop, and then what is untrusted ended. */
    void settle(Consumer<PeerRegistry> work) {
        onLoop(() -> {
            work.accept(peerRegistry);
            peerRegistry.endUntrusted();
            return true;
        });
    }

    EndpointParts parts() {
        return parts;
    }

    LocalSockets localSockets() {
        return localSockets;
    }

    Diallers diallers() {
        return diallers;
    }

    CredentialReloader credentialReloader() {
        return credentialReloader;
    }

    private <T> T onLoop(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, loop).join();
    }
}
