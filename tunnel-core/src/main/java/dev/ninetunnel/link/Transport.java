package dev.ninetunnel.link;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * The kind of sockets: epoll where the machine has it, otherwise those of java.nio.
 *
 * @param server the class of listening TCP channels
 * @param client the class of connected TCP channels
 */
public record Transport(Class<? extends ServerChannel> server, Class<? extends DuplexChannel> client) {
    private static final Transport EPOLL = new Transport(EpollServerSocketChannel.class, EpollSocketChannel.class);
    private static final Transport NIO = new Transport(NioServerSocketChannel.class, NioSocketChannel.class);

    /** Whether it is that of epoll, whose sockets can be told more. */
    boolean isEpoll() {
        return equals(EPOLL);
    }

    /** New event loops of the best kind that there is, so many threads. */
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
}
