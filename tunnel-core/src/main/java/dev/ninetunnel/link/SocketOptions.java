package dev.ninetunnel.link;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;

/** What every link's socket is set to. */
public final class SocketOptions {
    /** Between the kernel's own probes of a silent connection; {@link LinkLimits#unacknowledged} says when it is given up. */
    private static final int KEEPALIVE_SECONDS = 5;

    private SocketOptions() {}

    /** Sets one option, on whichever kind of bootstrap. */
    public interface Setter {
        <T> Object set(ChannelOption<T> option, T value);
    }

    public static void apply(Setter options, Transport transport, LinkLimits limits) {
        options.set(ChannelOption.TCP_NODELAY, true);
        options.set(ChannelOption.SO_KEEPALIVE, true);
        options.set(ChannelOption.WRITE_BUFFER_WATER_MARK, SendBufferTuner.waterMark(limits.leastDepth()));
        if (transport.isEpoll()) {
            options.set(EpollChannelOption.TCP_KEEPIDLE, (int) limits.idle().toSeconds());
            options.set(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_SECONDS);
            options.set(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) limits.leastDepth());
            options.set(EpollChannelOption.TCP_USER_TIMEOUT, (int) limits.unacknowledged().toMillis());
        }
    }
}
