package dev.ninetunnel.link;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * The kind of sockets: epoll where the machine has it, otherwise those of java.nio.
 *
 * @param server the class of listening TCP channels
 * @param client the class of connected TCP channels
 * @param local the class of connected channels over unix sockets
 * @param localServer the class of listening channels over unix sockets
 */
public record Transport(Class<? extends ServerChannel> server, Class<? extends DuplexChannel> client,
        Class<? extends DuplexChannel> local, Class<? extends ServerChannel> localServer) {
    private static final Transport EPOLL = new Transport(EpollServerSocketChannel.class, EpollSocketChannel.class,
            EpollDomainSocketChannel.class, EpollServerDomainSocketChannel.class);
    private static final Transport NIO = new Transport(NioServerSocketChannel.class, NioSocketChannel.class,
            NioDomainSocketChannel.class, NioServerDomainSocketChannel.class);

    /** Whether it is that of epoll, whose sockets can be told more. */
    public boolean isEpoll() {
        return equals(EPOLL);
    }

    /** New event loops of the best kind that there is, with this number of threads. */
    public static EventLoopGroup newLoops(int threads) {
        IoHandlerFactory kind = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, kind);
    }

    /** The channels that run on these loops. */
    public static Transport of(EventLoopGroup loops) {
        boolean epoll = Epoll.isAvailable() && loops instanceof IoEventLoopGroup io
                && io.isIoType(EpollIoHandler.class);
        return epoll ? EPOLL : NIO;
    }

    /** The address of a unix socket, of the class that the local channels take. */
    public SocketAddress localAddress(Path path) {
        return equals(EPOLL) ? new DomainSocketAddress(path.toFile()) : UnixDomainSocketAddress.of(path);
    }
}
