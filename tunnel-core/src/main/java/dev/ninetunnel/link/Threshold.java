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
    private final Welcome welcome;

    Threshold(Doorkeeper keeper, Welcome welcome) {
        this.keeper = keeper;
        this.welcome = welcome;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel connection = (Channel) accepted;
        Arrival arrival = new Arrival(connection, welcome);
        // It has no address if it has been reset already.
        Optional<Visit> visit = connection.remoteAddress() instanceof InetSocketAddress from
                ? keeper.admit(from, arrival)
                : Optional.empty();
        if (visit.isEmpty()) {
            connection.unsafe().closeForcibly();
            return;
        }
        arrival.enters(visit.get());
        ctx.fireChannelRead(accepted);
    }
}
