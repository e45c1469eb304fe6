package dev.ninetunnel.fuse;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.link.ReadingValve;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.wire.FrameDecoder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A directory that is served on a unix socket, to clients of any dialect, by what can be ended and started again. */
final class ForeignServer implements AutoCloseable {
    private final Path socket;
    private final Path directory;
    private final ServerLimits limits;
    private Exports exports;
    private Workers workers;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private EventLoopGroup loops;

    ForeignServer(Path socket, Path directory, int msize) throws IOException {
        this(socket, directory, ServerLimits.STANDARD.withMsize(msize));
    }

    ForeignServer(Path socket, Path directory, ServerLimits limits) throws IOException {
        this.socket = socket;
        this.directory = directory;
        this.limits = limits;
        start();
    }

    void start() throws IOException {
        workers = new Workers();
        exports = new Exports(List.of(new Export("files", new Export.Target.Directory(directory, false))),
                new LocalTrees());
        loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        open.add(new ServerBootstrap().group(loops).channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new FrameDecoder(limits.msize()), new Client());
                    }
                }).bind(new DomainSocketAddress(socket.toString())).syncUninterruptibly().channel());
    }

    /** Ends all conversations; nobody answers until it is started again. */
    void stop() throws IOException {
        open.forEach(channel -> channel.close().syncUninterruptibly());
        open.clear();
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        Files.deleteIfExists(socket);
        workers.close();
        exports.close();
    }

    private final class Client extends ChannelInboundHandlerAdapter implements ReadingValve {
        private ServerRole role;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            open.add(ctx.channel());
            role = new ServerRole((EventLoop) ctx.executor(), exports, workers, limits,
                    new ServerRole.Peer("test", false), ctx::writeAndFlush, this);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            role.accept((ByteBuf) frame);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            role.close();
        }

        @Override
        public void pause() {
            // The tests ask for little.
        }

        @Override
        public void resume() {
            // As above.
        }
    }

    @Override
    public void close() throws IOException {
        if (!loops.isShutdown()) {
            stop();
        }
    }
}
