package dev.ninetunnel.link;

import dev.ninetunnel.tls.TlsHandshake;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;

/**
 * Stands behind TLS until the handshake is over, then makes room for the link or tells why there is none. A connection
 * that sends nothing ends here too, when its time is up.
 */
public final class Handshaking extends ChannelInboundHandlerAdapter {
    /** Who waits for the outcome; called once, on the event loop. */
    public interface Outcome {
        /** The handshake is over, the other side has proven its key, and no frame has been read. */
        void proven();

        /** There is no link; the connection closes by itself. */
        void failed(Throwable cause);
    }

    private final Outcome outcome;
    private Throwable firstFault;
    private boolean over;

    private Handshaking(Outcome outcome) {
        this.outcome = outcome;
    }

    /** Begins the handshake on a channel, on its event loop; below it stands {@link PoliteClose} alone. */
    public static void begin(Channel channel, TlsHandshake handshake, LinkLimits limits, Outcome outcome) {
        channel.pipeline().addLast(new FirstBytes());
        handshake.addTo(channel.pipeline(), limits.handshake());
        Handshaking waiting = new Handshaking(outcome);
        channel.pipeline().addLast(waiting);
        if (!channel.isOpen()) {
            // It was closed on its way here, and nothing will ever happen on it.
            waiting.closed();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completed && !over) {
            over = true;
            if (completed.isSuccess()) {
                ctx.pipeline().remove(this);
                ctx.pipeline().remove(FirstBytes.class);
                ctx.channel().config().setAutoRead(false);
                outcome.proven();
            } else {
                outcome.failed(firstFault == null ? completed.cause() : firstFault);
            }
        }
    }

    /** Keeps what the handshake's end will not tell, such as a reset; it does not go to the log by another way. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        firstFault = cause;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed();
    }

    private void closed() {
        if (!over) {
            over = true;
            outcome.failed(firstFault == null ? new ClosedChannelException() : firstFault);
        }
    }
}
