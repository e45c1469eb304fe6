package dev.ninetunnel.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Set;

/** How a server is reached: which kind of channel fits a kind of address and of event loop. */
final class Channels {
    /** The room in sockaddr_un, less the NUL (unix(7)). What is longer, the kernel would never see whole. */
    private static final int LONGEST_SOCKET_PATH = 107;
    /**
     * What a unix socket takes before the server reads, as far as the system permits (net.core.wmem_max): a MiB that is written, with what
     * the kernel counts beside it. With less, both sides take turns at each large message.
     */
    private static final int SEND_BYTES = 2 << 20;
    /** The most that is taken from it at a time: a reply with 128 KiB of data, as kernels ask for, comes in one piece. */
    private static final int MOST_AT_ONCE = 256 << 10;
    private static final int FIRST_AT_ONCE = 2048;
    private static final int LEAST_AT_ONCE = 512;

    private Channels() {}

    /** Event loops for clients, on epoll where that is to be had, on daemon threads. */
    static EventLoopGroup loops(int threads) {
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("9p-client", true), io);
    }

    /** A bootstrap with the group, the channel and the address set. */
    static Bootstrap bootstrap(EventLoopGroup group, SocketAddress address) {
        boolean epoll = group instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class);
        Bootstrap bootstrap = new Bootstrap().group(group);
        return switch (address) {
            case UnixDomainSocketAddress unix when epoll -> bootstrap.channel(EpollDomainSocketChannel.class)
                    .option(ChannelOption.SO_SNDBUF, SEND_BYTES)
                    .option(ChannelOption.RECVBUF_ALLOCATOR,
                            new AdaptiveRecvByteBufAllocator(LEAST_AT_ONCE, FIRST_AT_ONCE, MOST_AT_ONCE))
                    .remoteAddress(new DomainSocketAddress(unix.getPath().toString()));
            case UnixDomainSocketAddress unix -> bootstrap
                    .channelFactory((ChannelFactory<NioDomainSocketChannel>) NioDomainSocketChannel::new)
                    .remoteAddress(unix);
            case InetSocketAddress tcp -> bootstrap.channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                    .remoteAddress(tcp);
            default -> throw new IllegalArgumentException("not an address of a 9P server: " + address);
        };
    }

    /** Why an address cannot be that of a server, or null. */
    static String fault(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix
                && unix.getPath().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
            return "the path of a unix socket has at most " + LONGEST_SOCKET_PATH + " bytes; use a shorter one";
        }
        return null;
    }

    /**
     * Throws if the process at the other end of a unix socket is of nobody who may answer there. Who that is comes from the
     * connection itself (SO_PEERCRED, unix(7)) where epoll is to be had; elsewhere from the socket's file.
     */
    static void requireServer(Channel channel, SocketAddress address, Set<Integer> users) throws IOException {
        if (users.isEmpty() || !(address instanceof UnixDomainSocketAddress unix)) {
            return;
        }
        int uid = channel instanceof EpollDomainSocketChannel epoll
                ? epoll.peerCredentials().uid()
                : (Integer) Files.getAttribute(unix.getPath(), "unix:uid");
        if (!users.contains(uid)) {
            throw new ForeignServerException(shown(address), uid);
        }
    }

    /** The address for people: the path of a socket, or host and port. */
    static String shown(SocketAddress address) {
        return address instanceof InetSocketAddress tcp
                ? tcp.getHostString() + ":" + tcp.getPort()
                : address.toString();
    }
}
