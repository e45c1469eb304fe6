package dev.ninetunnel.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection between two programs of one machine, as there is behind a local forwarder. There is nothing that could be
 * congested, yet where the system's choice is a congestion control that spaces out what it sends (BBR), it sets a timer for
 * each packet, which took a fifth of the processor time of who sent. So such a connection gets the plainest one, which every
 * Linux has and lets everybody use (tcp(7), TCP_CONGESTION).
 */
final class Loopback {
    private static final Logger LOG = LoggerFactory.getLogger(Loopback.class);
    private static final byte[] PLAINEST = "reno".getBytes(StandardCharsets.US_ASCII);
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_CONGESTION = 13;
    private static final RawUnixChannelOption CONGESTION = new RawUnixChannelOption("TCP_CONGESTION", IPPROTO_TCP,
            TCP_CONGESTION, PLAINEST.length);

    private Loopback() {}

    /** Sees to it if the connection is one. */
    static void settle(Channel connection) {
        if (!(connection instanceof EpollSocketChannel)
                || !(connection.remoteAddress() instanceof InetSocketAddress peer)
                || !peer.getAddress().isLoopbackAddress()) {
            return;
        }
        try {
            connection.config().setOption(CONGESTION, ByteBuffer.wrap(PLAINEST));
        } catch (ChannelException e) {
            LOG.debug("the congestion control stays the system's", e);
        }
    }
}
