package dev.ninetunnel.link.accept;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.PoliteClose;
import dev.ninetunnel.link.SocketOptions;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.pairing.Pairing;
import dev.ninetunnel.tls.Tls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Listens for peers. Each connection that finishes its handshake, with a key that is in the list of peers, becomes a
 * {@link Link}; every other is refused, and the log says whose and why. None of them can disturb the rest.
 */
public final class LinkAcceptor implements AutoCloseable {
    /** Connections that the system keeps until the loop comes to accept them: more at once than a handshake takes. */
    private static final int BACKLOG = 1024;

    private final Channel channel;
    private final InboundHandshake inboundHandshake;

    private LinkAcceptor(Channel channel, InboundHandshake inboundHandshake) {
        this.channel = channel;
        this.inboundHandshake = inboundHandshake;
    }

    /**
     * Begins to listen; returns when the port is bound. Not to be called on an event loop, for it waits.
     *
     * @param where an empty host stands for all addresses, port 0 for any free one
     * @param onLink takes each link, on the link's loop, before any frame of it is read; it must call
     *     {@link Link#route} or {@link Link#close}
     * @throws LinkException of kind {@link LinkException.Kind#BIND} if it cannot listen there
     */
    public static LinkAcceptor listen(HostPort where, EventLoopGroup loops, Tls tls, Peers peers, LinkLimits limits,
            Consumer<Link> onLink) throws LinkException {
        return bind(where, loops, tls, peers, Optional.empty(), limits,
                new HandshakeLimiter(limits.door(), loops.next(), Audit.NONE), onLink).begun();
    }

    /** The same, and besides those who are invited can pair with this endpoint. */
    public static LinkAcceptor listen(HostPort where, EventLoopGroup loops, Tls tls, Peers peers, Pairing pairing,
            LinkLimits limits, Consumer<Link> onLink) throws LinkException {
        return bind(where, loops, tls, peers, Optional.of(pairing), limits,
                new HandshakeLimiter(limits.door(), loops.next(), pairing.audit()), onLink)
                .begun();
    }

    private LinkAcceptor begun() {
        begin();
        return this;
    }

    /**
     * The same, but admits no connection yet: new ones wait until {@link #begin}.
     *
     * @param keeper decides whom to hear at all; one for all places where an endpoint listens
     */
    public static LinkAcceptor bind(HostPort where, EventLoopGroup loops, Tls tls, Peers peers,
            Optional<Pairing> pairing, LinkLimits limits, HandshakeLimiter keeper, Consumer<Link> onLink)
            throws LinkException {
        InboundHandshake inboundHandshake = new InboundHandshake(tls, peers, pairing, limits, keeper.refusals(),
                onLink);
        ServerBootstrap bootstrap = bootstrap(loops, limits, keeper, inboundHandshake)
                .channel(Transport.of(loops).server());
        try {
            InetSocketAddress address = where.host().isEmpty()
                    ? new InetSocketAddress(where.port())
                    : new InetSocketAddress(InetAddress.getByName(where.host()), where.port());
            return new LinkAcceptor(done(where, bootstrap.bind(address)), inboundHandshake);
        } catch (UnknownHostException e) {
            throw new LinkException(LinkException.Kind.BIND,
                    "cannot listen at " + where + ": this host knows no address "
                            + where.host()
                            + ". Give one of its own addresses, or the port alone to listen on all of them",
                    e);
        }
    }

    /**
     * The same, on a socket that is bound and listened at already.
     *
     * @param socket a descriptor that does not block, on loops of epoll; it is closed with this
     */
    public static LinkAcceptor adopt(int socket, HostPort where, EventLoopGroup loops, Tls tls, Peers peers,
            Optional<Pairing> pairing, LinkLimits limits, HandshakeLimiter keeper, Consumer<Link> onLink)
            throws LinkException {
        InboundHandshake inboundHandshake = new InboundHandshake(tls, peers, pairing, limits, keeper.refusals(),
                onLink);
        ServerBootstrap bootstrap = bootstrap(loops, limits, keeper, inboundHandshake)
                .channelFactory(() -> new EpollServerSocketChannel(socket));
        return new LinkAcceptor(done(where, bootstrap.register()), inboundHandshake);
    }

    private static Channel done(HostPort where, ChannelFuture listening) throws LinkException {
        if (!listening.awaitUninterruptibly().isSuccess()) {
            throw new LinkException(LinkException.Kind.BIND, BindFaults.explain(where, listening.cause()),
                    listening.cause());
        }
        return listening.channel();
    }

    private static ServerBootstrap bootstrap(EventLoopGroup loops, LinkLimits limits, HandshakeLimiter keeper,
            InboundHandshake inboundHandshake) {
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops)
                .option(ChannelOption.AUTO_READ, false).option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel listening) {
                        listening.pipeline().addLast(new AcceptFaults("peers"),
                                new AdmissionHandler(keeper, inboundHandshake));
                    }
                }).childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection.pipeline().addLast(new PoliteClose(limits.linger()),
                                AcceptedConnection.of(connection));
                    }
                });
        SocketOptions.apply(bootstrap::childOption, Transport.of(loops), limits);
        return bootstrap;
    }

    /** Begins to let peers in. */
    public void begin() {
        channel.config().setAutoRead(true);
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /**
     * Stops listening, and drops connections that are no links yet; links go on. Completes when the port is free and
     * those connections are closed.
     */
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        channel.close().addListener(free -> inboundHandshake.close().addListener(gone -> stopped.complete(null)));
        return stopped;
    }

    /** Stops listening, and waits until the port is free. */
    @Override
    public void close() {
        stop().join();
    }
}
