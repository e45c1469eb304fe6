package dev.ninetunnel.link.dial;

import dev.ninetunnel.link.SocketOptions;
import dev.ninetunnel.link.Transport;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;

/**
 * How large the packets of a connection may be. Where large ones are lost on the way without a word, a connection comes about
 * and then stalls with the first message that fills a packet (RFC 2923, 2.1). To say at the beginning that none is taken which is
 * larger (TCP_MAXSEG, tcp(7)) keeps them small both ways.
 */
public enum SegmentSize {
    /** As the system chooses. */
    USUAL,
    /** So small that whatever carries IPv6 carries them, in a tunnel of its own too. */
    SMALL;

    /** With all headers of IPv6 and TCP that is 1,100 bytes; whatever carries IPv6 carries 1,280 (RFC 8200, 5). */
    private static final int BYTES = 1020;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_MAXSEG = 2;
    private static final IntegerUnixChannelOption MOST = new IntegerUnixChannelOption("TCP_MAXSEG", IPPROTO_TCP,
            TCP_MAXSEG);

    /** For a connection that has not begun. */
    void apply(SocketOptions.Setter options, Transport transport) {
        if (this == SMALL && transport.isEpoll()) {
            options.set(MOST, BYTES);
        }
    }

    /** Whether something that was sent on a connection has not been acknowledged, as far as the system tells. */
    static boolean unacknowledged(Channel connection) {
        return connection instanceof EpollSocketChannel socket && socket.isOpen() && socket.tcpInfo().unacked() > 0;
    }
}
