package dev.ninetunnel.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Shows every connection that is accepted to the {@link Doorkeeper}, and closes at once the ones that it does not want: no loop
 * has heard of them, and nothing has been set up for them. In the pipeline of the listening channel.
 */
final class Threshold extends ChannelInboundHandlerAdapter {
    private final Doorkeeper keeper;

    Threshold(Doorkeeper keeper) {
        this.keeper = keeper;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel connection = (Channel) accepted;
        // It has no address if it has been reset already.
        Optional<Visit> visit = connection.remoteAddress() instanceof InetSocketAddress from
                ? keeper.admit(from)
                : Optional.empty();
        if (visit.isEmpty()) {
            connection.unsafe().closeForcibly();
            return;
        }
        connection.attr(Visit.OF).set(visit.get());
        connection.closeFuture().addListener(closed -> visit.get().over());
        ctx.fireChannelRead(accepted);
    }
}
