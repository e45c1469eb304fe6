package dev.ninetunnel.link;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Ticker;

/** When bytes last came and went. First in the pipeline, below TLS, so that half a frame counts too. */
final class Activity extends ChannelDuplexHandler {
    private final Ticker ticker;
    private long received;
    private long sent;

    Activity(Ticker ticker) {
        this.ticker = ticker;
        this.received = ticker.nanoTime();
        this.sent = received;
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        received = ticker.nanoTime();
        ctx.fireChannelRead(bytes);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        sent = ticker.nanoTime();
        ctx.flush();
    }
}
