package dev.ninetunnel.link.dial;

import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkFaults;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.PoliteClose;
import dev.ninetunnel.link.SocketOptions;
import dev.ninetunnel.link.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.proxy.ProxyHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Makes a TCP connection to one host, perhaps through it to another: looks its name up and tries its addresses as
 * {@link AddressRace} does, until one accepts. Nothing is read from the connection but a proxy's answer. Any thread may call.
 */
public final class Connector {
    /**
     * What a proxy at the host is to be asked for.
     *
     * @param destination where it shall connect to; not looked up here unless it is an address
     * @param handler asks the proxy at an address
     */
    record Through(InetSocketAddress destination, Function<InetSocketAddress, ProxyHandler> handler) {}

    private final LinkLimits limits;
    private final LinkDialler.Lookup lookup;

    public Connector(LinkLimits limits, LinkDialler.Lookup lookup) {
        this.limits = limits;
        this.lookup = lookup;
    }

    /**
     * Connects to a host; completes on the loop, with a channel or a {@link LinkException}.
     *
     * @param segmentSize how large packets may be, both ways
     */
    public CompletableFuture<Channel> connect(HostPort where, SegmentSize segmentSize, EventLoop loop) {
        return connect(where, null, segmentSize, loop);
    }

    /**
     * The same through the proxy that listens at the host. What the proxy answers, if not yes, is a {@link
     * io.netty.handler.proxy.ProxyConnectException}.
     */
    CompletableFuture<Channel> connect(HostPort where, Through through, EventLoop loop) {
        return connect(where, through, SegmentSize.USUAL, loop);
    }

    private CompletableFuture<Channel> connect(HostPort where, Through through, SegmentSize segmentSize,
            EventLoop loop) {
        Attempt attempt = new Attempt(where, through, segmentSize, loop);
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        Thread.ofVirtual().name("lookup of " + where.host()).start(() -> {
            try {
                String host = where.host().isEmpty() ? "localhost" : where.host();
                found.complete(lookup.addresses(host));
            } catch (Throwable e) {
                found.completeExceptionally(e);
            }
        });
        found.orTimeout(limits.lookup().toMillis(), TimeUnit.MILLISECONDS).whenCompleteAsync(attempt::begin, loop);
        return attempt.result;
    }

    /** One call's way through the addresses. On the loop. */
    private final class Attempt {
        private final HostPort where;
        private final Through through;
        private final SegmentSize segmentSize;
        private final EventLoop loop;
        private final CompletableFuture<Channel> result = new CompletableFuture<>();

        private Attempt(HostPort where, Through through, SegmentSize segmentSize, EventLoop loop) {
            this.where = where;
            this.through = through;
            this.segmentSize = segmentSize;
            this.loop = loop;
        }

        private void begin(List<InetAddress> addresses, Throwable fault) {
            if (fault != null) {
                result.completeExceptionally(fault instanceof TimeoutException
                        ? LinkFaults.lookupTimeout(where, limits)
                        : LinkFaults.noSuchName(where, fault));
                return;
            }
            new AddressRace<>(loop, where.toString(), addresses, Try::new).run().whenComplete((winner, lost) -> {
                if (lost == null) {
                    winner.connected();
                } else {
                    result.completeExceptionally(LinkFaults.notConnected(where, through != null,
                            ((AddressRace.LostException) lost).reasons));
                }
            });
        }

        /** One address. */
        private final class Try implements AddressRace.Entrant<Try> {
            private final ProxyHandler proxy;
            private final Channel channel;
            private final CompletableFuture<Try> connected = new CompletableFuture<>();

            private Try(InetAddress host) {
                InetSocketAddress address = new InetSocketAddress(host, where.port());
                this.proxy = through == null ? null : through.handler().apply(address);
                ChannelFuture connecting = bootstrap(proxy).connect(proxy == null ? address : through.destination());
                this.channel = connecting.channel();
                connecting.addListener(done -> {
                    if (done.isSuccess()) {
                        connected.complete(this);
                    } else {
                        connected.completeExceptionally(done.cause());
                    }
                });
            }

            @Override
            public CompletableFuture<Try> result() {
                return connected;
            }

            @Override
            public void giveUp() {
                channel.unsafe().close(channel.unsafe().voidPromise());
            }

            private void connected() {
                if (proxy == null) {
                    result.complete(channel);
                    return;
                }
                proxy.connectFuture().addListener(answered -> {
                    if (answered.isSuccess()) {
                        channel.pipeline().remove(proxy);
                        channel.pipeline().remove(Quiet.class);
                        result.complete(channel);
                    } else {
                        result.completeExceptionally(answered.cause());
                    }
                });
            }
        }

        private Bootstrap bootstrap(ProxyHandler proxy) {
            Bootstrap bootstrap = new Bootstrap().group(loop).channel(Transport.of(loop.parent()).client())
                    .disableResolver()
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limits.connect().toMillis())
                    .option(ChannelOption.AUTO_READ, false).handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel connection) {
                            connection.pipeline().addLast(new PoliteClose(limits.linger()));
                            if (proxy != null) {
                                proxy.setConnectTimeoutMillis(limits.connect().toMillis());
                                connection.pipeline().addLast(proxy, new Quiet());
                            }
                        }
                    });
            SocketOptions.apply(bootstrap::option, Transport.of(loop.parent()), limits);
            segmentSize.apply(bootstrap::option, Transport.of(loop.parent()));
            return bootstrap;
        }
    }

    /** Keeps a proxy's failure from the log, into which it goes by another way, in other words. */
    private static final class Quiet extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // The connect future has it.
        }
    }
}
