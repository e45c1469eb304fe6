package dev.ninetunnel.link;

import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.Tls;
import dev.ninetunnel.identity.TlsHandshake;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Dials one peer. Each call looks the host's name up anew and tries its addresses in turn, until one accepts the TCP
 * connection; who answers there must hold the expected key. Any thread may call.
 */
public final class LinkDialler {
    /** Finds all addresses of a host; may block. */
    @FunctionalInterface
    public interface Lookup {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    private final Tls tls;
    private final LinkLimits limits;
    private final Lookup lookup;

    /** By the names that the system knows. */
    public LinkDialler(Tls tls, LinkLimits limits) {
        this(tls, limits, host -> List.of(InetAddress.getAllByName(host)));
    }

    LinkDialler(Tls tls, LinkLimits limits, Lookup lookup) {
        this.tls = tls;
        this.limits = limits;
        this.lookup = lookup;
    }

    /**
     * Dials.
     *
     * @param loop where the link shall live
     * @return completes on that loop, with a link of which no frame has been read and on which {@link Link#route} or
     *     {@link Link#close} must be called, or with a {@link LinkException}. A peer that does not accept this endpoint
     *     may become known only as the link's end ({@link LinkEnd.Kind#REFUSED}).
     */
    public CompletableFuture<Link> dial(HostPort where, Peer expected, EventLoop loop) {
        Attempt attempt = new Attempt(where, expected, loop);
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        Thread.ofVirtual().name("lookup of " + where.host()).start(() -> {
            try {
                String host = where.host().isEmpty() ? "localhost" : where.host();
                found.complete(lookup.addresses(host));
            } catch (UnknownHostException e) {
                found.completeExceptionally(e);
            }
        });
        found.orTimeout(limits.lookup().toMillis(), TimeUnit.MILLISECONDS).whenCompleteAsync(attempt::begin, loop);
        return attempt.result;
    }

    /** One call's way through the addresses. On the loop. */
    private final class Attempt {
        private final HostPort where;
        private final Peer expected;
        private final EventLoop loop;
        private final CompletableFuture<Link> result = new CompletableFuture<>();

        private Attempt(HostPort where, Peer expected, EventLoop loop) {
            this.where = where;
            this.expected = expected;
            this.loop = loop;
        }

        private void begin(List<InetAddress> addresses, Throwable fault) {
            if (fault != null) {
                result.completeExceptionally(fault instanceof TimeoutException
                        ? LinkFaults.lookupTimeout(where, limits)
                        : LinkFaults.noSuchName(where, fault));
            } else {
                tryNext(addresses.iterator());
            }
        }

        private void tryNext(Iterator<InetAddress> rest) {
            InetSocketAddress address = new InetSocketAddress(rest.next(), where.port());
            Bootstrap bootstrap = new Bootstrap().group(loop).channel(Transport.of(loop.parent()).client())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limits.connect().toMillis())
                    .option(ChannelOption.AUTO_READ, false).handler(new PoliteClose(limits.linger()));
            SocketOptions.apply(bootstrap::option, Transport.of(loop.parent()), limits);
            bootstrap.connect(address).addListener((ChannelFutureListener) connected -> {
                if (connected.isSuccess()) {
                    shakeHands(connected.channel(), Addresses.show(address));
                } else if (rest.hasNext()) {
                    tryNext(rest);
                } else {
                    result.completeExceptionally(
                            LinkFaults.notConnected(where, Addresses.show(address), connected.cause()));
                }
            });
        }

        private void shakeHands(Channel connection, String shown) {
            TlsHandshake handshake = tls.dial(expected.id());
            Handshaking.begin(connection, handshake, limits, new Handshaking.Outcome() {
                @Override
                public void proven() {
                    PeerId id = handshake.peer().orElseThrow();
                    Link link = new Link(connection, id, expected.name(), handshake.ours(), handshake.info(),
                            limits.firstFrame(), LinkFaults.refusalAdvice(tls.self()));
                    if (!result.complete(link)) {
                        link.close("nobody waits for it any more");
                    }
                }

                @Override
                public void failed(Throwable cause) {
                    result.completeExceptionally(
                            LinkFaults.noHandshake(where, shown, expected.id(), tls.self(), cause));
                }
            });
            connection.config().setAutoRead(true);
        }
    }
}
