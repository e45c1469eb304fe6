package dev.ninetunnel.endpoint;

import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerBook;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Tls;
import dev.ninetunnel.link.Destination;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkAcceptor;
import dev.ninetunnel.link.LinkDialler;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.LinkOnStreams;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.serve.Exports;
import dev.ninetunnel.serve.Workers;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running endpoint: it listens for peers or dials them, offers them what it exports, and posts their files as local
 * sockets. Its methods are for the threads of the program around it, and wait for what they start.
 */
public final class Endpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    private final EndpointConfig config;
    private final PeerBook book;
    private final Trusted trusted;
    private final Tls tls;
    private final LinkLimits linkLimits;
    private final EventLoopGroup loops = Transport.newLoops(1);
    private final EventLoop loop = loops.next();
    private final Workers workers = new Workers();
    private final Exports exports;
    private final Neighbours neighbours;
    private final Posts posts;
    private final List<LinkAcceptor> acceptors = new CopyOnWriteArrayList<>();
    private final List<Dialled> dialled = new CopyOnWriteArrayList<>();
    private final Control control;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Endpoint(EndpointConfig config, Identity identity, Exports exports) {
        this.config = config;
        this.exports = exports;
        this.book = new PeerBook(config.home());
        this.trusted = new Trusted(book);
        this.tls = new Tls(identity, Clock.systemUTC());
        this.linkLimits = LinkLimits.DEFAULT.withHandshake(config.limits().session().opening());
        this.neighbours = new Neighbours(loop, exports, workers, config);
        this.posts = new Posts(config.run(), loop);
        this.control = new Control(loop, workers, this::statusNow);
    }

    /** A peer that is dialled from here. */
    private record Dialled(String peer, Redial redial) {}

    /**
     * Prepares an endpoint that is not reachable yet: reads its key (or makes one) and opens what it exports.
     *
     * @throws EndpointException if the key or an export cannot be used
     */
    public static Endpoint open(EndpointConfig config) throws EndpointException {
        if (!Tls.fastCiphers()) {
            LOG.warn("AES comes from {} and not from the JDK itself: links will be many times slower than they could. "
                    + "Is another provider put first in java.security?", Tls.aesProvider());
        }
        try {
            Identity identity = Identity.loadOrCreate(config.home());
            return new Endpoint(config, identity, new Exports(config.exports(), new LocalTrees()));
        } catch (IdentityException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.MISSING, e.getMessage(), e);
        }
    }

    /** Who this endpoint is to its peers. */
    public PeerId id() {
        return tls.self();
    }

    /** The socket at which local programs find a peer's files. */
    public Path socket(String peer) {
        return posts.socket(peer);
    }

    /**
     * The one peer that is meant where only one can be.
     *
     * @param name its name, or null if it goes without saying
     * @throws EndpointException if nobody of that name is trusted, or it does not go without saying
     */
    public String onlyPeer(String name) throws EndpointException {
        return trusted.only(name);
    }

    /**
     * Posts a peer's files at one more place besides its socket in the run directory.
     *
     * @throws EndpointException if the peer is not trusted, or nothing can listen there
     */
    public void post(String peer, LocalAddress address) throws EndpointException {
        KnownPeer known = known(trusted.named(peer).name());
        posts.post(address, known.client());
    }

    private KnownPeer known(String name) {
        return onLoop(() -> neighbours.peer(name));
    }

    /**
     * Begins to accept peers, and posts the socket of each that is trusted.
     *
     * @return where it listens, with the real port
     * @throws EndpointException if it cannot listen there, or a socket cannot be made
     */
    public InetSocketAddress listen(HostPort where) throws EndpointException {
        List<Peer> all = trusted.list();
        if (all.isEmpty()) {
            LOG.warn("no peer is trusted yet, so everybody is turned away: run 'ninetunnel trust PEER-ID --name NAME'");
        }
        posts.postControl(control::newClient);
        for (Peer peer : all) {
            posts.post(peer.name(), known(peer.name()).client());
        }
        try {
            LinkAcceptor acceptor = LinkAcceptor.listen(where, loops, tls, book, linkLimits, this::accepted);
            acceptors.add(acceptor);
            return acceptor.address();
        } catch (LinkException e) {
            throw new EndpointException(EndpointException.Kind.UNAVAILABLE, e.getMessage(), e);
        }
    }

    private void accepted(Link link) {
        neighbours.accepted(link);
        if (link.ours()) {
            // A peer that is trusted since the endpoint started has no socket yet; binding one waits for this loop.
            KnownPeer peer = neighbours.peer(link.peerName());
            Thread.ofVirtual().name("post " + peer.name()).start(() -> {
                try {
                    posts.post(peer.name(), peer.client());
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
        Peer peer = trusted.named(name);
        posts.postControl(control::newClient);
        posts.post(name, known(name).client());
        LinkDialler dialler = new LinkDialler(tls, linkLimits);
        Redial redial = new Redial(() -> dialler.dial(where, peer, loop), name + " at " + where, loop,
                Redial.Manner.USUAL.withPatience(patient), new SecureRandom(),
                new NetworkWatch(NetworkWatch::ofThisHost), neighbours::dialled,
                () -> neighbours.peer(name).isLinked());
        dialled.add(new Dialled(name, redial));
        redial.over().whenComplete((nothing, failure) -> over.completeExceptionally(failure));
        loop.execute(redial::start);
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
        dialled.forEach(d -> loop.execute(() -> d.redial().hurry("asked to")));
    }

    /**
     * Accepts the one peer that comes by two streams, and waits until its link is over.
     *
     * @throws EndpointException if there was no link, or it was lost
     */
    public void serve(InputStream in, OutputStream out, String from) throws EndpointException, InterruptedException {
        posts.postControl(control::newClient);
        CompletableFuture<LinkEnd> end = new CompletableFuture<>();
        AtomicBoolean linked = new AtomicBoolean();
        LinkOnStreams.accept(in, out, from, loop, tls, book, linkLimits, link -> {
            linked.set(true);
            link.closed().thenAccept(end::complete);
            accepted(link);
        }).whenComplete((nothing, fault) -> {
            // Of a link, its own end is told, a moment after the connection's.
            if (!linked.get()) {
                end.complete(new LinkEnd(LinkEnd.Kind.REFUSED,
                        fault == null ? "no link came about: see above" : String.valueOf(fault.getMessage())));
            }
        });
        try {
            LinkEnd how = end.get();
            switch (how.kind()) {
                case GOODBYE, LOCAL -> LOG.debug("the link over {} has ended well", from);
                case REFUSED -> throw new EndpointException(EndpointException.Kind.NOT_ALLOWED, how.reason());
                case BROKEN, INCOMPATIBLE -> throw new EndpointException(EndpointException.Kind.PROTOCOL, how.reason());
                case LOST -> throw new EndpointException(EndpointException.Kind.UNAVAILABLE, how.reason());
            }
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
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
        return Status.of(id().toString(), neighbours, peer -> dialled.stream().filter(d -> d.peer().equals(peer))
                .map(d -> d.redial().state()).findFirst());
    }

    /**
     * Leaves in good order: takes the sockets away, lets requests in progress end, says goodbye to the peers. What is
     * not done when the time for it is over is given up.
     */
    public void drain() {
        stopComing();
        new Drain(loop, neighbours, config.limits().drain()).finish();
        close();
    }

    /** Stops at once: links are closed with a goodbye, local clients get errors. Does nothing the second time. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        stopComing();
        Drain drain = new Drain(loop, neighbours, Duration.ZERO);
        drain.goodbye();
        drain.finish();
        // A short quiet time, in which connections that are still being refused or closed come to their end.
        loops.shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        workers.close();
        exports.close();
        over.complete(null);
    }

    private void stopComing() {
        dialled.forEach(d -> loop.execute(d.redial()::stop));
        acceptors.forEach(LinkAcceptor::close);
        acceptors.clear();
        posts.close();
    }

    private <T> T onLoop(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, loop).join();
    }
}
