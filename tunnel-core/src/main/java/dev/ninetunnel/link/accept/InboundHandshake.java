package dev.ninetunnel.link.accept;

import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.link.Handshaking;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkFaults;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.pairing.Pairing;
import dev.ninetunnel.link.pairing.PairingResponder;
import dev.ninetunnel.tls.Tls;
import dev.ninetunnel.tls.TlsFailure;
import dev.ninetunnel.tls.TlsHandshake;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to every connection that comes in: it becomes a link, or is refused and the log says why. */
final class InboundHandshake {
    private static final Logger LOG = LoggerFactory.getLogger(LinkAcceptor.class);

    private final Tls tls;
    private final Peers peers;
    private final LinkLimits limits;
    private final Optional<Pairing> pairing;
    private final Consumer<Link> onLink;
    private final RejectionLog rejectionLog;
    /** Connections that are no links, or not yet; one that closes leaves by itself. */
    private final ChannelGroup strangers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    InboundHandshake(Tls tls, Peers peers, Optional<Pairing> pairing, LinkLimits limits, RejectionLog rejectionLog,
            Consumer<Link> onLink) {
        this.tls = tls;
        this.peers = peers;
        this.pairing = pairing;
        this.limits = limits;
        this.rejectionLog = rejectionLog;
        this.onLink = onLink;
    }

    /** How long who has come in may take to send its first bytes, and then for the handshake. */
    Duration patience() {
        return limits.handshake();
    }

    /** A connection has come in, whose handshake is to begin later. On its loop. */
    void await(Channel connection) {
        strangers.add(connection);
    }

    /**
     * Begins the handshake on a connection, on its loop.
     *
     * @param from where it comes from, for people
     * @param onProven what to do when a link has come of it, before anybody else hears of that
     */
    void begin(Channel connection, String from, Runnable onProven) {
        TlsHandshake handshake = pairing.map(open -> tls.accept(peers, open.invitations()))
                .orElseGet(() -> tls.accept(peers));
        long begun = connection.eventLoop().ticker().nanoTime();
        Handshaking.begin(connection, handshake, limits, new Handshaking.Outcome() {
            @Override
            public void proven() {
                if (handshake.pairing()) { // a stranger to the end
                    pairing.orElseThrow().begin(connection, from, handshake.peer().orElseThrow(), limits,
                            why -> rejectionLog.refused(RejectionLog.Kind.INVITATION, "invitation", from, why));
                    return;
                }
                strangers.remove(connection);
                onProven.run();
                welcome(connection, from, handshake, begun);
            }

            @Override
            public void failed(Throwable cause) {
                InboundHandshake.this.failed(from, cause);
            }
        });
    }

    /** Nothing has come of a connection. */
    void failed(String from, Throwable cause) {
        if (cause instanceof SentAwayException crowd) {
            rejectionLog.refused(RejectionLog.Kind.CROWD, "too-many", from, crowd.getMessage());
        } else {
            TlsFailure failure = TlsFailure.of(cause);
            rejectionLog.refused(RejectionLog.Kind.HANDSHAKE, failure.word(), from, why(failure));
        }
    }

    /** Drops the connections that are no links yet. */
    ChannelGroupFuture close() {
        return strangers.close();
    }

    private void welcome(Channel connection, String from, TlsHandshake handshake, long begun) {
        Link link = new Link(connection, from, handshake.meet(), handshake.ours(), handshake.info(),
                limits.firstFrame(),
                LinkFaults.refusalAdvice(tls.self())).start();
        link.begunAt(begun);
        try {
            onLink.accept(link);
        } catch (RuntimeException e) {
            LOG.error("a fault in this program: the link with {} is closed", link, e);
            link.close("a fault in this program");
        }
    }

    private static String why(TlsFailure failure) {
        return switch (failure.kind()) {
            case NOT_TLS -> failure.detail() + ". A 9P program reaches this port through TLS only, with a"
                    + " certificate that is trusted here";
            case NO_CERTIFICATE -> failure.detail() + ", and it is let in only with one";
            case NO_COMMON_TERMS -> failure.detail() + PairingResponder.hint(failure);
            case REFUSED_BY_PEER -> "it does not accept this endpoint's certificate (" + failure.detail() + ")";
            default -> failure.detail();
        };
    }
}
