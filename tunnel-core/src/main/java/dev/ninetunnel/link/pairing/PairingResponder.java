package dev.ninetunnel.link.pairing;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.invitation.RedeemResult;
import dev.ninetunnel.tls.TlsFailure;
import dev.ninetunnel.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inviter's end of a connection for pairing: hears one question, answers it and closes. On the connection's loop.
 */
public final class PairingResponder extends SimpleChannelInboundHandler<ByteBuf> {
    private static final Logger LOG = LoggerFactory.getLogger(Pairing.class);

    private final Pairing pairing;
    private final String from;
    private final PeerId id;
    private final Consumer<String> refused;
    private boolean asked;

    PairingResponder(Pairing pairing, String from, PeerId id, Consumer<String> refused) {
        this.pairing = pairing;
        this.from = from;
        this.id = id;
        this.refused = refused;
    }

    /** What a handshake that failed has to do with invitations. */
    public static String hint(TlsFailure failure) {
        return failure.detail().contains("no_application_protocol")
                ? ". It may have come with an invitation that is over"
                : "";
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
        if (asked) {
            return; // nothing that follows is looked at
        }
        asked = true;
        PairingMessages.Question question = PairingMessages.question(frame);
        ctx.channel().config().setAutoRead(false);
        Thread.ofVirtual().name("pairing").start(() -> judge(ctx, question));
    }

    private void judge(ChannelHandlerContext ctx, PairingMessages.Question question) {
        Consumer<ByteBuf> answer;
        try {
            RedeemResult came = pairing.redeem(question, id, from);
            if (came instanceof RedeemResult.Refused no) {
                tell(no);
            }
            answer = out -> PairingMessages.answer(came, out);
        } catch (IdentityException e) {
            LOG.error("{} cannot be paired with: {}", from, e.getMessage());
            answer = PairingMessages::fault;
        } catch (Throwable e) {
            LOG.error("{} cannot be paired with; this is a fault in the program, or it has too little memory", from, e);
            answer = PairingMessages::fault;
        }
        Consumer<ByteBuf> said = answer;
        ctx.executor().execute(() -> {
            ByteBuf out = ctx.alloc().buffer(PairingMessages.LARGEST_FRAME);
            said.accept(out);
            ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
        });
    }

    private void tell(RedeemResult.Refused answer) {
        String which = "the invitation of " + answer.name();
        refused.accept(switch (answer.why()) {
            case UNKNOWN -> "there is no such invitation as it came with";
            case EXPIRED -> which + " has expired";
            case USED -> which + " has been used already, and not by its key " + id;
            case SECRET -> "its secret for " + which + " is wrong, and " + answer.triesLeft()
                    + " more would end that. It has the key " + id;
            case ENDED -> which + " is over: too many wrong secrets came for it. This one has the key " + id
                    + ". To make another, run 'ninetunnel invite " + answer.name() + "'";
            case KEY -> "it is invited as " + answer.name() + ", and its key " + id
                    + " is trusted already under another name: see 'ninetunnel peers'";
            case NAME -> "the name " + answer.name() + " stands for another key already; to have it replaced, run "
                    + "'ninetunnel invite " + answer.name() + " --replace'";
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        for (Throwable c = cause; c != null; c = c.getCause()) {
            if (c instanceof MalformedMessageException malformed) {
                refused.accept("it sent " + malformed.getMessage());
            }
        }
        LOG.debug("a connection for pairing from {} is closed", from, cause);
        ctx.close();
    }
}
