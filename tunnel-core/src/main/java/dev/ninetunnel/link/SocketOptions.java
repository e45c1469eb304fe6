package dev.ninetunnel.link;

import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;

/** What every link's socket is set to. */
final class SocketOptions {
    private SocketOptions() {}

    /** Sets one option, on whichever kind of bootstrap. */
    interface Setter {
        <T> Object set(ChannelOption<T> option, T value);
    }

    static void apply(Setter options, LinkLimits limits) {
        options.set(ChannelOption.TCP_NODELAY, true);
        options.set(ChannelOption.SO_KEEPALIVE, true);
        options.set(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark(limits));
    }

    /** Where a link counts as writable. */
    static WriteBufferWaterMark waterMark(LinkLimits limits) {
        return new WriteBufferWaterMark(limits.writeLow(), limits.writeHigh());
    }
}
