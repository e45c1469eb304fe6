package dev.ninetunnel.link.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Shows every connection that is accepted to the {@link HandshakeLimiter}, and closes at once the ones that it does not want: no loop
 * has heard of them, and nothing has been set up for them. In the pipeline of the listening channel.
 */
final class AdmissionHandler extends ChannelInboundHandlerAdapter {
    private final HandshakeLimiter keeper;
    private final InboundHandshake inboundHandshake;

    AdmissionHandler(HandshakeLimiter keeper, InboundHandshake inboundHandshake) {
        this.keeper = keeper;
        this.inboundHandshake = inboundHandshake;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel connection = (Channel) accepted;
        AcceptedConnection acceptedConnection = new AcceptedConnection(connection, inboundHandshake);
        // It has no address if it has been reset already.
        Optional<PendingConnection> visit = connection.remoteAddress() instanceof InetSocketAddress from
                ? keeper.admit(from, acceptedConnection)
                : Optional.empty();
        if (visit.isEmpty()) {
            connection.unsafe().closeForcibly();
            return;
        }
        acceptedConnection.enters(visit.get());
        ctx.fireChannelRead(accepted);
    }
}
