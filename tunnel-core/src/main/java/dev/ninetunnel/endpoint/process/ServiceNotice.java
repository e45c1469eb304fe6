package dev.ninetunnel.endpoint.process;

import dev.ninetunnel.errno.SystemWords;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.Promise;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how this service stands: datagrams to the socket that it names in the environment (sd_notify(3)). What goes wrong
 * is told in the log: the service is well all the same.
 */
public final class ServiceNotice {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotice.class);
    private static final String READY = "READY=1";
    private static final String ALIVE = "WATCHDOG=1";

    private final EventLoopGroup loops;
    private final String socket;
    private final OptionalLong patienceMicros;

    private ServiceNotice(EventLoopGroup loops, String socket, OptionalLong patienceMicros) {
        this.loops = loops;
        this.socket = socket;
        this.patienceMicros = patienceMicros;
    }

    /**
     * With the socket that systemd names, if it does: a path, or a name behind {@code @} (unix(7), abstract); and how long it lets
     * the service be silent, if it is to be watched (sd_watchdog_enabled(3)).
     *
     * @param process the number of this process: another one may be meant
     */
    public static Optional<ServiceNotice> of(EventLoopGroup loops, Map<String, String> environment, long process) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (socket.isEmpty()) {
            return Optional.empty();
        }
        String watched = environment.getOrDefault("WATCHDOG_PID", Long.toString(process));
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean watching = watched.equals(Long.toString(process)) && micros.matches("[1-9][0-9]{0,17}");
        return Optional.of(new ServiceNotice(loops, socket,
                watching ? OptionalLong.of(Long.parseLong(micros)) : OptionalLong.empty()));
    }

    /** Tells that the service serves, and waits until that is told. Not for event loops. */
    public void ready() {
        send(READY).awaitUninterruptibly();
    }

    /**
     * From now on tells, twice in the time that systemd waits, that this loop still does its work; does nothing where systemd does
     * not watch. For any thread.
     */
    public void keepTelling(EventLoop loop) {
        patienceMicros.ifPresent(micros -> loop.scheduleAtFixedRate(() -> send(ALIVE), 0, Math.max(1, micros / 2),
                TimeUnit.MICROSECONDS));
    }

    /** Returns at once; what is returned is done when the datagram is sent, or cannot be. */
    private Promise<Void> send(String state) {
        Promise<Void> done = loops.next().newPromise();
        if (!Epoll.isAvailable()) {
            LOG.warn("systemd cannot be told how the service is: that takes Linux's epoll");
            return done.setSuccess(null);
        }
        String path = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
        new Bootstrap().group(loops).channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(path)).addListener((ChannelFuture connected) -> {
                    if (!connected.isSuccess()) {
                        failed(connected);
                        done.setSuccess(null);
                        return;
                    }
                    connected.channel().writeAndFlush(Unpooled.copiedBuffer(state, StandardCharsets.UTF_8))
                            .addListener((ChannelFuture sent) -> {
                                if (!sent.isSuccess()) {
                                    failed(sent);
                                }
                                sent.channel().close().addListener(_ -> done.setSuccess(null));
                            });
                });
        return done;
    }

    private void failed(ChannelFuture tried) {
        LOG.warn("systemd cannot be told how the service is, at {}: {}", socket, SystemWords.of(tried.cause()));
    }
}
