package dev.ninetunnel.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * Says how much may wait below the place where frames can still be overtaken: in the channel, and unsent in the kernel. That is
 * what has been leaving in a millisecond of late, so that it delays no frame by more than that, and yet a fast link need not stop
 * for want of bytes. (Linux does the same for its network cards, by "byte queue limits".) Below TLS, on the channel's event
 * loop.
 */
final class SendBufferTuner extends ChannelOutboundHandlerAdapter {
    /** As much as fits a frame of bulk or two: from there on there is nothing to gain. In bytes. */
    static final int MOST = 256 << 10;
    /** Over which the rate is taken. */
    static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Ticker ticker;
    private final int least;
    private int depth;
    private long begun;
    private long written;

    /**
     * Begins with the least.
     *
     * @param least where the channel's high water mark is, in bytes
     */
    SendBufferTuner(Ticker ticker, int least) {
        this.ticker = ticker;
        this.least = least;
        this.depth = least;
        this.begun = ticker.nanoTime();
    }

    /** Where a channel wants more again, and where no more, if this number of bytes may wait in it. */
    static WriteBufferWaterMark waterMark(int bytes) {
        return new WriteBufferWaterMark(bytes / 2, bytes);
    }

    /** So many bytes. */
    int bytes() {
        return depth;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        written += ((ByteBuf) message).readableBytes();
        ctx.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        long now = ticker.nanoTime();
        if (now - begun >= WINDOW_NANOS) {
            long ofMillisecond = written * TimeUnit.MILLISECONDS.toNanos(1) / (now - begun);
            begun = now;
            written = 0;
            goTo((int) Math.max(least, Math.min(MOST, Long.highestOneBit(ofMillisecond))), ctx.channel().config());
        }
        ctx.flush();
    }

    /** Down by a step is not worth the two calls. */
    private void goTo(int wanted, ChannelConfig config) {
        if (wanted > depth || wanted < depth / 2) {
            depth = wanted;
            config.setWriteBufferWaterMark(waterMark(depth));
            config.setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) depth);
        }
    }
}
