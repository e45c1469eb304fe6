package dev.ninetunnel.endpoint.process;

import dev.ninetunnel.errno.SystemWords;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how this service stands: a datagram to the socket that it names in the environment (sd_notify(3)). Not for
 * event loops: it waits.
 */
public final class ServiceNotice {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotice.class);

    private ServiceNotice() {}

    /**
     * Tells it. What goes wrong is told in the log: the service is well all the same.
     *
     * @param socket a path, or a name behind {@code @} (unix(7), abstract)
     */
    public static void send(EventLoopGroup loops, String socket, String state) {
        if (!Epoll.isAvailable()) {
            LOG.warn("systemd cannot be told that the service is ready: that takes Linux's epoll");
            return;
        }
        String path = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
        ChannelFuture connected = new Bootstrap().group(loops).channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter()).connect(new DomainSocketAddress(path))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            LOG.warn("systemd cannot be told that the service is ready, at {}: {}", socket,
                    SystemWords.of(connected.cause()));
            return;
        }
        Channel channel = connected.channel();
        ChannelFuture sent = channel.writeAndFlush(Unpooled.copiedBuffer(state, StandardCharsets.UTF_8))
                .awaitUninterruptibly();
        if (!sent.isSuccess()) {
            LOG.warn("systemd was not told that the service is ready, at {}: {}", socket, SystemWords.of(sent.cause()));
        }
        channel.close().awaitUninterruptibly();
    }
}
