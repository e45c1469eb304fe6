package dev.ninetunnel.link.pairing;

import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.link.Handshaking;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkFaults;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.tls.Tls;
import dev.ninetunnel.tls.TlsFailure;
import dev.ninetunnel.tls.TlsHandshake;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The end of who is invited: asks one question and takes the answer. On the connection's loop. */
public final class PairingRequester extends SimpleChannelInboundHandler<ByteBuf> {
    private final String where;
    private final CompletableFuture<PairingVerdict> result;

    private PairingRequester(String where, CompletableFuture<PairingVerdict> result) {
        this.where = where;
        this.result = result;
    }

    /** Has the inviter prove its key, and then asks; the connection closes by itself. */
    public static void ask(Channel connection, Tls tls, LinkLimits limits, String where, String shown,
            Invitation invitation,
            CompletableFuture<PairingVerdict> result) {
        TlsHandshake handshake = tls.pair(invitation.inviter());
        Handshaking.begin(connection, handshake, limits, new Handshaking.Outcome() {
            @Override
            public void proven() {
                if (!handshake.pairing()) {
                    result.completeExceptionally(new LinkException(LinkException.Kind.NO_COMMON_TERMS,
                            "the endpoint at "
                                    + where
                                    + " knows no invitations: it is older. Pair with 'ninetunnel id' and 'ninetunnel "
                                    + "trust' on both sides",
                            null));
                    connection.close();
                    return;
                }
                new PairingRequester(where, result).begin(connection, limits, invitation);
            }

            @Override
            public void failed(Throwable cause) {
                TlsFailure failure = TlsFailure.of(cause);
                result.completeExceptionally(PairingResponder.hint(failure).isEmpty()
                        ? LinkFaults.noHandshake(where, shown, new Peer(invitation.inviter(), "inviter"), tls.self(),
                                failure, cause)
                        : closedDoor(where, cause));
            }
        });
    }

    private void begin(Channel connection, LinkLimits limits, Invitation invitation) {
        var late = connection.eventLoop().schedule(() -> fail(LinkException.Kind.TIMEOUT, "did not answer in time",
                connection, null), limits.handshake().toMillis(), TimeUnit.MILLISECONDS);
        connection.closeFuture().addListener(closed -> late.cancel(false));
        connection.pipeline().addLast(new FrameDecoder(PairingMessages.LARGEST_FRAME), this);
        ByteBuf out = connection.alloc().buffer(PairingMessages.LARGEST_FRAME);
        PairingMessages.ask(invitation, out);
        connection.writeAndFlush(out);
        connection.config().setAutoRead(true);
    }

    /** Of an inviter that has nothing open, or nothing for this key. */
    private static LinkException closedDoor(String where, Throwable cause) {
        return new LinkException(LinkException.Kind.REFUSED_BY_PEER, "no invitation is open at " + where
                + ": this one has been used, has expired, or was withdrawn. Ask for another ('ninetunnel invite NAME' "
                + "there)", cause);
    }

    private void fail(LinkException.Kind kind, String what, Channel connection, Throwable cause) {
        result.completeExceptionally(new LinkException(kind, "the endpoint at " + where + " " + what
                + ". It may have accepted the invitation: run the same command again, which does no harm", cause));
        connection.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
        result.complete(PairingMessages.verdict(frame));
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        TlsFailure failure = TlsFailure.of(cause);
        if (failure.kind() == TlsFailure.Kind.REFUSED_BY_PEER) {
            result.completeExceptionally(closedDoor(where, cause));
            ctx.close();
            return;
        }
        for (Throwable c = cause; c != null; c = c.getCause()) {
            if (c instanceof MalformedMessageException malformed) {
                fail(LinkException.Kind.OTHER, "sent " + malformed.getMessage(), ctx.channel(), cause);
                return;
            }
        }
        fail(LinkException.Kind.CLOSED, "broke the connection off (" + failure.detail() + ")", ctx.channel(), cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(LinkException.Kind.CLOSED, "closed the connection without an answer", ctx.channel(), null);
    }
}
