package dev.ninetunnel.link.accept;

import dev.ninetunnel.errno.SystemWords;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Survives that a connection cannot be accepted, most likely for want of file descriptors: it waits a moment instead of
 * spinning, and says so once, until accepting succeeds again. In the pipeline of the listening channel.
 */
public final class AcceptFaults extends ChannelInboundHandlerAdapter {
    static final int PAUSE_SECONDS = 1;
    private static final Logger LOG = LoggerFactory.getLogger(LinkAcceptor.class);

    private final String whose;
    private boolean told;

    /** With whose connections they are, for people. */
    public AcceptFaults(String whose) {
        this.whose = whose;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object connection) {
        told = false;
        ctx.fireChannelRead(connection);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!told) {
            told = true;
            LOG.warn(
                    "cannot accept connections of {}: {}. Trying again every second. If it says \"Too many open files\", raise"
                            + " the limit (ulimit -n)",
                    whose, SystemWords.of(cause));
        }
        ctx.channel().config().setAutoRead(false);
        ctx.channel().eventLoop().schedule(() -> ctx.channel().config().setAutoRead(true), PAUSE_SECONDS,
                TimeUnit.SECONDS);
    }
}
