package dev.ninetunnel.link;

import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.link.accept.LinkAcceptor;
import dev.ninetunnel.link.dial.LinkDialler;
import dev.ninetunnel.tls.Tls;
import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Two endpoints on this machine, one that listens ({@code rome}) and one that dials ({@code oslo}), each with a home
 * folder of its own, on real sockets.
 */
public final class Ends implements AutoCloseable {
    /** Long enough for the slowest machine; only a failure waits for it. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Short times for what is meant to run out. */
    public static final LinkLimits SHORT = new LinkLimits(Duration.ofSeconds(10), Duration.ofMillis(500),
            Duration.ofMillis(500), Duration.ofMillis(500), LinkLimits.DEFAULT.unacknowledged(),
            LinkLimits.DEFAULT.idle(), HandshakeLimits.DEFAULT, 8 << 10, 4 << 10);

    public final Identity rome;
    public final Identity oslo;
    public final PeerFile romesPeers;
    public final EventLoopGroup loops = Transport.newLoops(2);
    public final BlockingQueue<Link> accepted = new LinkedBlockingQueue<>();
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final List<LinkAcceptor> acceptors = new ArrayList<>();

    private Ends(Path folder) throws IdentityException {
        rome = Identity.loadOrCreate(folder.resolve("rome"));
        oslo = Identity.loadOrCreate(folder.resolve("oslo"));
        romesPeers = new PeerFile(folder.resolve("rome"));
    }

    /** With rome trusting oslo. */
    public static Ends trusting(Path folder) throws IdentityException {
        Ends ends = strangers(folder);
        ends.romesPeers.add(new Peer(ends.oslo.id(), "oslo"));
        return ends;
    }

    /** With rome trusting nobody. */
    public static Ends strangers(Path folder) throws IdentityException {
        return new Ends(folder);
    }

    public HostPort listen(LinkLimits limits) throws LinkException {
        return listen(limits, Clock.systemUTC());
    }

    public HostPort listen(LinkLimits limits, Clock clock) throws LinkException {
        return listen(limits, clock, romesPeers);
    }

    HostPort listen(Peers peers) throws LinkException {
        return listen(LinkLimits.DEFAULT, Clock.systemUTC(), peers);
    }

    private HostPort listen(LinkLimits limits, Clock clock, Peers peers) throws LinkException {
        LinkAcceptor acceptor = LinkAcceptor.listen(new HostPort("127.0.0.1", 0), loops, new Tls(rome, clock),
                peers, limits, link -> {
                    links.add(link);
                    accepted.add(link);
                });
        acceptors.add(acceptor);
        return new HostPort("127.0.0.1", acceptor.address().getPort());
    }

    public Peer romeAsPeer() {
        return new Peer(rome.id(), "rome");
    }

    public CompletableFuture<Link> dial(HostPort where) {
        return dial(where, romeAsPeer(), LinkLimits.DEFAULT);
    }

    public CompletableFuture<Link> dial(HostPort where, Peer expected, LinkLimits limits) {
        return dial(new LinkDialler(new Tls(oslo, Clock.systemUTC()), limits), where, expected);
    }

    public CompletableFuture<Link> dial(LinkDialler dialler, HostPort where, Peer expected) {
        return dialler.dial(where, expected, loops.next()).whenComplete((link, fault) -> {
            if (link != null) {
                links.add(link);
            }
        });
    }

    public Link nextAccepted() throws InterruptedException {
        Link link = accepted.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (link == null) {
            throw new AssertionError("no link was accepted");
        }
        return link;
    }

    public static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Why a future failed, which must be for a {@link LinkException}. */
    public static LinkException failure(CompletableFuture<Link> future) throws Exception {
        try {
            throw new AssertionError("there is a link: " + get(future));
        } catch (ExecutionException e) {
            return (LinkException) e.getCause();
        }
    }

    /** A frame with a body of zeros. */
    public static ByteBuf frame(int type, int tag, int size) {
        ByteBuf frame = Unpooled.buffer(size);
        frame.writeIntLE(size).writeByte(type).writeShortLE(tag).writeZero(size - Frame.HEADER);
        return frame;
    }

    /** Sends from any thread. */
    public static void send(Link link, ByteBuf... frames) {
        link.loop().execute(() -> {
            for (ByteBuf frame : frames) {
                link.accept(frame);
            }
        });
    }

    @Override
    public void close() {
        acceptors.forEach(LinkAcceptor::close);
        // Loops that stop under open connections would leave their buffers to the garbage collector.
        links.forEach(link -> link.close("the test is over"));
        links.forEach(link -> link.closed().join());
        // Refused connections, too, linger a moment: the quiet time lets them end as they do in use.
        loops.shutdownGracefully(100, 5_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }
}
