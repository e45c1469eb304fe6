package dev.ninetunnel.link.accept;

import dev.ninetunnel.link.Addresses;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/**
 * A connection that has been accepted, until it is a link. It is read until its first bytes are here, and then no more until
 * the {@link HandshakeLimiter} gives it its turn: meanwhile it costs a descriptor and those bytes, and no TLS. From then on what its
 * handshake costs the loop is measured here. In the connection's pipeline, below TLS.
 */
final class AcceptedConnection extends ChannelInboundHandlerAdapter implements Waiter {
    private static final AttributeKey<AcceptedConnection> OF = AttributeKey.valueOf(AcceptedConnection.class, "of");

    private final Channel connection;
    private final InboundHandshake inboundHandshake;
    private final String from;
    private ChannelHandlerContext ctx;
    private PendingConnection pendingConnection;
    private Future<?> giveUp;
    /** This handler's, until the turn; then TLS has it. */
    private ByteBuf first;
    private Throwable fault;
    private boolean begun;
    private boolean over;

    AcceptedConnection(Channel connection, InboundHandshake inboundHandshake) {
        this.connection = connection;
        this.inboundHandshake = inboundHandshake;
        this.from = Addresses.show(connection.remoteAddress());
    }

    /** What a connection has come in with. */
    static AcceptedConnection of(Channel connection) {
        return connection.attr(OF).get();
    }

    /** The doorkeeper has let it in. Before the connection has a loop. */
    void enters(PendingConnection asVisit) {
        pendingConnection = asVisit;
        connection.attr(OF).set(this);
        connection.closeFuture().addListener(closed -> pendingConnection.over());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        inboundHandshake.await(connection);
        giveUp = connection.eventLoop().schedule(() -> {
            end(new SslHandshakeTimeoutException("nothing has come"));
            connection.close();
        }, inboundHandshake.patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (begun) {
            long since = now();
            ctx.fireChannelRead(bytes);
            pendingConnection.worked(now() - since);
        } else if (first == null && !over) {
            first = (ByteBuf) bytes;
            giveUp.cancel(false);
            connection.config().setAutoRead(false);
            pendingConnection.ready();
        } else {
            // It has closed its side, or it is being closed: what is read to learn that is not wanted.
            ((ByteBuf) bytes).release();
            connection.unsafe().close(connection.unsafe().voidPromise());
        }
    }

    @Override
    public void turn() {
        connection.eventLoop().execute(this::begin);
    }

    private void begin() {
        if (over || first == null || !connection.isActive()) {
            pendingConnection.heard(0);
            return;
        }
        begun = true;
        long since = now();
        inboundHandshake.begin(connection, from, this::proven);
        ByteBuf bytes = first;
        first = null;
        connection.config().setAutoRead(true);
        ctx.fireChannelRead(bytes);
        ctx.fireChannelReadComplete();
        pendingConnection.heard(now() - since);
    }

    private void proven() {
        pendingConnection.proven();
        connection.pipeline().remove(this);
    }

    private long now() {
        return connection.eventLoop().ticker().nanoTime();
    }

    @Override
    public void sendAway(String why) {
        connection.eventLoop().execute(() -> {
            if (connection.isOpen()) {
                connection.pipeline().fireExceptionCaught(new SentAwayException(why));
                connection.unsafe().close(connection.unsafe().voidPromise());
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (begun) {
            ctx.fireExceptionCaught(cause);
        } else {
            fault = cause;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(fault == null ? new ClosedChannelException() : fault);
        ctx.fireChannelInactive();
    }

    /** Before its turn has come. */
    private void end(Throwable cause) {
        if (!begun && !over) {
            over = true;
            giveUp.cancel(false);
            if (first != null) {
                first.release();
                first = null;
            }
            inboundHandshake.failed(from, cause);
        }
    }
}
