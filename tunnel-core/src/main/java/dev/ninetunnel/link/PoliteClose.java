package dev.ninetunnel.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection so that the last words arrive. A socket that is closed while bytes from the other side lie unread
 * in it sends a reset, and the reset throws away what the other side has not read yet: the alert that says why it was
 * refused, or the goodbye. So this one closes its own direction only, reads and drops what still comes, and closes the
 * rest when the other side has closed too or the time is up. Stands first in the pipeline, below TLS.
 */
public final class PoliteClose extends ChannelDuplexHandler {
    private final Duration patience;
    private boolean closing;

    public PoliteClose(Duration patience) {
        this.patience = patience;
    }

    /**
     * Closes so, past TLS, which would say goodbye: the other side sees a connection that was lost, and what has been flushed,
     * such as an alert. What has not is dropped. On the connection's event loop.
     */
    static void withoutGoodbye(Channel connection) {
        ChannelHandlerContext ctx = connection.pipeline().context(PoliteClose.class);
        if (ctx == null) {
            connection.unsafe().close(connection.unsafe().voidPromise());
        } else {
            ((PoliteClose) ctx.handler()).close(ctx, ctx.newPromise());
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        DuplexChannel channel = (DuplexChannel) ctx.channel();
        if (!channel.isActive()) {
            ctx.close(promise);
            return;
        }
        channel.closeFuture().addListener(closed -> promise.trySuccess());
        if (closing) {
            return;
        }
        closing = true;
        channel.shutdownOutput().addListener((ChannelFutureListener) shut -> {
            if (shut.isSuccess()) {
                channel.config().setAutoRead(true);
                var giveUp = channel.eventLoop().schedule(() -> channel.unsafe().close(channel.unsafe().voidPromise()),
                        patience.toMillis(), TimeUnit.MILLISECONDS);
                channel.closeFuture().addListener(closed -> giveUp.cancel(false));
            } else {
                ctx.close();
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        if (closing) {
            ReferenceCountUtil.release(bytes);
        } else {
            ctx.fireChannelRead(bytes);
        }
    }
}
