package dev.ninetunnel.mux;

import dev.ninetunnel.errno.SystemWords;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.accept.AcceptFaults;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Where local 9P programs connect to reach a peer: a unix socket that only its owner can use, or a TCP port of the
 * loopback. Each accepted connection is a local client of one {@link ClientRole}, on the loop of that role.
 *
 * <p>Binding and closing wait for the loop, so they are not to be called on it.
 */
public final class LocalListener implements AutoCloseable {
    /** What a unix socket takes before the client reads, as far as the system permits (net.core.wmem_max): the replies to a few reads. */
    static final int SEND_BYTES = 2 << 20;

    private final Channel channel;
    private final LocalSocketFile file;

    private LocalListener(Channel channel, LocalSocketFile file) {
        this.channel = channel;
        this.file = file;
    }

    /**
     * Listens on a unix socket, whose mode is 0600 from the first moment that it is there. A socket file that nobody
     * listens on any more is replaced.
     *
     * @param loop that of the role
     * @throws IOException if that cannot be: the message says why and what to do
     */
    public static LocalListener unix(Path path, EventLoop loop, ClientRole role) throws IOException {
        return unix(path, loop, role::newLocalClient);
    }

    /**
     * The same, for connections that something else than a role handles.
     *
     * @param handlers makes what handles one connection, behind a {@link FrameDecoder}
     */
    public static LocalListener unix(Path path, EventLoop loop, Supplier<ChannelHandler> handlers) throws IOException {
        Transport transport = Transport.of(loop);
        LocalSocketFile file = LocalSocketFile.prepare(path);
        Channel channel = null;
        try {
            channel = bind(loop, handlers, transport.localServer(), transport.localAddress(file.bindPath()),
                    "the socket " + path);
            file.publish();
            return new LocalListener(channel, file);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close().awaitUninterruptibly();
            }
            throw e;
        } finally {
            file.tidy();
        }
    }

    /**
     * Listens on TCP. Every program that reaches the port can use the peer's files, so the address must be of the loopback.
     *
     * @param loop that of the role
     * @throws IOException if that cannot be: the message says why and what to do
     */
    public static LocalListener tcp(InetSocketAddress address, EventLoop loop, ClientRole role) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("the host " + address.getHostString() + " is not known: use 127.0.0.1 or ::1");
        }
        if (!address.getAddress().isLoopbackAddress()) {
            throw new IOException(address.getHostString() + ":" + address.getPort()
                    + " can be reached from other machines, and local clients are not asked who "
                    + "they are: use 127.0.0.1 or ::1, or a unix socket");
        }
        Channel channel = bind(loop, role::newLocalClient, Transport.of(loop).server(), address,
                address.getHostString() + ":" + address.getPort());
        return new LocalListener(channel, null);
    }

    private static Channel bind(EventLoop loop, Supplier<ChannelHandler> handlers,
            Class<? extends ServerChannel> type, SocketAddress address, String shown) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap().group(loop, loop).channel(type)
                .handler(new AcceptFaults("local programs"))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new FrameDecoder(Frame.MIN_MSIZE), handlers.get());
                    }
                });
        if (address instanceof InetSocketAddress) {
            bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
        } else {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, SEND_BYTES);
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + shown + ": " + SystemWords.of(bound.cause()), bound.cause());
        }
        return bound.channel();
    }

    /** Where it listens: for TCP with the port that the system chose, if that was left to it. */
    public SocketAddress address() {
        return file == null ? channel.localAddress() : UnixDomainSocketAddress.of(file.path());
    }

    /** Whether its socket file was removed, so that it cannot be found any more. */
    public boolean isLost() {
        return file != null && file.isGone();
    }

    /** Accepts no more, and removes the socket file if it is still this one's. Connections that are there stay. */
    @Override
    public void close() {
        if (file != null) {
            file.remove();
        }
        channel.close().awaitUninterruptibly();
    }
}
