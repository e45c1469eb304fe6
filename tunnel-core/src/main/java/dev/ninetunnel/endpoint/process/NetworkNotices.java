package dev.ninetunnel.endpoint.process;

import dev.ninetunnel.linux.RouteSocket;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the kernel that this host's network has changed: an interface, an address, or a route. Changes come in swarms, so
 * it tells of one when no other has come for a moment, or after a second at the latest. Where the kernel cannot be asked, it tells
 * nothing; then links find out by their heartbeat, and redialling by {@link NetworkWatch}. On the session loop.
 */
public final class NetworkNotices extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkNotices.class);
    private static final long QUIET_MILLIS = 200;
    private static final long LATEST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long AGAIN_SECONDS = 5;

    private final EventLoop loop;
    private final Runnable changed;
    private boolean pending;
    private long first;
    private long last;

    private NetworkNotices(EventLoop loop, Runnable changed) {
        this.loop = loop;
        this.changed = changed;
    }

    /**
     * Begins to listen, until the loop ends. On any thread, whose network it is.
     *
     * @param changed runs on the loop
     */
    public static void begin(EventLoop loop, Runnable changed) {
        if (!(loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class))) {
            return;
        }
        try {
            new NetworkNotices(loop, changed).open();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("the kernel does not tell of changes of the network: {}", e.getMessage());
        }
    }

    private void open() throws IOException {
        EpollDomainSocketChannel channel = new EpollDomainSocketChannel(RouteSocket.open());
        channel.pipeline().addLast(this);
        loop.register(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
        heard();
    }

    private void heard() {
        last = loop.ticker().nanoTime();
        if (!pending) {
            pending = true;
            first = last;
            loop.schedule(this::settle, QUIET_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void settle() {
        long now = loop.ticker().nanoTime();
        if (now - last < TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS) && now - first < LATEST_NANOS) {
            loop.schedule(this::settle, QUIET_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            pending = false;
            changed.run();
        }
    }

    /** More has changed at once than the socket could take (ENOBUFS): that is a change as well, and another socket is made. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("listening for changes of the network: {}", cause.getMessage());
        heard();
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!loop.isShuttingDown()) {
            loop.schedule(() -> begin(loop, changed), AGAIN_SECONDS, TimeUnit.SECONDS);
        }
    }
}
