package dev.ninetunnel.link;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerBook;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Tls;
import dev.ninetunnel.identity.TlsFailure;
import dev.ninetunnel.identity.TlsHandshake;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for peers. Each connection that finishes its handshake, with a key that is in the list of peers, becomes a
 * {@link Link}; every other is refused, and the log says whose and why. None of them can disturb the rest.
 */
public final class LinkAcceptor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkAcceptor.class);
    private static final int BACKLOG = 128;

    private final Channel channel;
    private final ChannelGroup strangers;

    private LinkAcceptor(Channel channel, ChannelGroup strangers) {
        this.channel = channel;
        this.strangers = strangers;
    }

    /**
     * Begins to listen; returns when the port is bound. Not to be called on an event loop, for it waits.
     *
     * @param where an empty host stands for all addresses, port 0 for any free one
     * @param onLink takes each link, on the link's loop, before any frame of it is read; it must call
     *     {@link Link#route} or {@link Link#close}
     * @throws LinkException of kind {@link LinkException.Kind#BIND} if it cannot listen there
     */
    public static LinkAcceptor listen(HostPort where, EventLoopGroup loops, Tls tls, PeerBook peers, LinkLimits limits,
            Consumer<Link> onLink) throws LinkException {
        Welcome welcome = new Welcome(tls, peers, limits, onLink);
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops).channel(Transport.of(loops).server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG).option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AcceptFaults()).childHandler(welcome);
        SocketOptions.apply(bootstrap::childOption, Transport.of(loops), limits);
        try {
            InetSocketAddress address = where.host().isEmpty()
                    ? new InetSocketAddress(where.port())
                    : new InetSocketAddress(InetAddress.getByName(where.host()), where.port());
            ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new LinkException(LinkException.Kind.BIND, BindFaults.explain(where, bound.cause()),
                        bound.cause());
            }
            return new LinkAcceptor(bound.channel(), welcome.strangers);
        } catch (UnknownHostException e) {
            throw new LinkException(LinkException.Kind.BIND,
                    "cannot listen at " + where + ": this host knows no address "
                            + where.host()
                            + ". Give one of its own addresses, or the port alone to listen on all of them",
                    e);
        }
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
        channel.close().addListener(free -> strangers.close().addListener(gone -> stopped.complete(null)));
        return stopped;
    }

    /** Stops listening, and waits until the port is free. */
    @Override
    public void close() {
        stop().join();
    }

    /** What happens to every connection that comes in. */
    private static final class Welcome extends ChannelInitializer<Channel> {
        private final Tls tls;
        private final PeerBook peers;
        private final LinkLimits limits;
        private final Consumer<Link> onLink;
        private final RefusalLog refusals = new RefusalLog(System::nanoTime);
        private final AtomicInteger handshakes = new AtomicInteger();
        /** Connections that are no links, or not yet; one that closes leaves by itself. */
        private final ChannelGroup strangers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

        private Welcome(Tls tls, PeerBook peers, LinkLimits limits, Consumer<Link> onLink) {
            this.tls = tls;
            this.peers = peers;
            this.limits = limits;
            this.onLink = onLink;
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        protected void initChannel(Channel connection) {
            TlsHandshake handshake = tls.accept(peers);
            strangers.add(connection);
            String from = Addresses.show(connection.remoteAddress());
            if (handshakes.incrementAndGet() > limits.handshakes()) {
                handshakes.decrementAndGet();
                refusals.refused("refused a connection from " + from + ": " + limits.handshakes()
                        + " others are in their handshake already");
                connection.close();
                return;
            }
            connection.pipeline().addLast(new PoliteClose(limits.linger()));
            Handshaking.begin(connection, handshake, limits, new Handshaking.Outcome() {
                @Override
                public void proven() {
                    handshakes.decrementAndGet();
                    strangers.remove(connection);
                    welcome(connection, handshake);
                }

                @Override
                public void failed(Throwable cause) {
                    handshakes.decrementAndGet();
                    refusals.refused("refused a connection from " + from + ": " + why(TlsFailure.of(cause)));
                }
            });
        }

        private void welcome(Channel connection, TlsHandshake handshake) {
            PeerId id = handshake.peer().orElseThrow();
            Link link = new Link(connection, id, nameOf(id), handshake.ours(), handshake.info(), limits.firstFrame(),
                    LinkFaults.refusalAdvice(tls.self()));
            try {
                onLink.accept(link);
            } catch (RuntimeException e) {
                LOG.error("a fault in this program: the link with {} is closed", link, e);
                link.close("a fault in this program");
            }
        }

        /** The list may have changed since the handshake; the link's fate is decided, its name is not important. */
        private String nameOf(PeerId id) {
            try {
                return peers.byId(id).map(Peer::name).orElse(id.brief());
            } catch (IdentityException e) {
                return id.brief();
            }
        }

        private static String why(TlsFailure failure) {
            return switch (failure.kind()) {
                case NOT_TLS -> failure.detail() + ". A 9P program reaches this port through TLS only, with a"
                        + " certificate that is trusted here";
                case NO_CERTIFICATE -> failure.detail() + ", and without one nobody is let in";
                case REFUSED_BY_PEER -> "it does not accept this endpoint's certificate (" + failure.detail() + ")";
                default -> failure.detail();
            };
        }
    }
}
