package dev.ninetunnel.link.pairing;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Who;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.identity.invitation.RedeemResult;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.wire.FrameDecoder;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets those pair with this endpoint who hold an invitation of it, each on a connection that is for nothing else
 * ({@code ninetunnel-pair/1}): one question, one answer, and it ends. Who comes there is a stranger to the end, so few
 * of them are kept, for a short time, and none of them costs the others anything. Any thread may call.
 */
public final class Pairing {
    private static final Logger LOG = LoggerFactory.getLogger(Pairing.class);
    /** Connections at a time. The newest is heard rather than the oldest: who has something to ask does so at once. */
    static final int AT_ONCE = 16;

    private final Invitations invitations;
    private final PeerFile book;
    private final Consumer<String> onPaired;
    private final Audit audit;
    private final Deque<Channel> connections = new ArrayDeque<>();

    /** With nothing on record. */
    public Pairing(Invitations invitations, PeerFile book, Consumer<String> onPaired) {
        this(invitations, book, Audit.NONE, onPaired);
    }

    /**
     * With where invitations are, and where those are put who have used one.
     *
     * @param audit takes what comes of each try
     * @param onPaired is told the name of each, on a thread of its own, before they hear of it
     */
    public Pairing(Invitations invitations, PeerFile book, Audit audit, Consumer<String> onPaired) {
        this.invitations = invitations;
        this.book = book;
        this.audit = audit;
        this.onPaired = onPaired;
    }

    /** Takes what is to be on record of those who come. */
    public Audit audit() {
        return audit;
    }

    /** Those that can be used. */
    public Invitations invitations() {
        return invitations;
    }

    /**
     * Hears a connection whose other side has proven its key, on its loop; it closes by itself.
     *
     * @param refused is told why, where nothing comes of it; on any thread
     */
    public void begin(Channel connection, String from, PeerId id, LinkLimits limits, Consumer<String> refused) {
        keep(connection);
        connection.closeFuture().addListener(closed -> forget(connection));
        var late = connection.eventLoop().schedule(() -> {
            refused.accept("it has no invitation to show");
            connection.close();
        }, limits.handshake().toMillis(), TimeUnit.MILLISECONDS);
        connection.closeFuture().addListener(closed -> late.cancel(false));
        connection.pipeline().addLast(new FrameDecoder(PairingMessages.LARGEST_FRAME),
                new PairingResponder(this, from, id, refused));
        connection.config().setAutoRead(true);
    }

    private synchronized void keep(Channel connection) {
        connections.addLast(connection);
        if (connections.size() > AT_ONCE) {
            connections.removeFirst().close();
        }
    }

    /** Whether anybody is there now. */
    public synchronized boolean isBusy() {
        return !connections.isEmpty();
    }

    private synchronized void forget(Channel connection) {
        connections.remove(connection);
    }

    /** Looks whether an invitation can be used, and does; waits for the disk. */
    RedeemResult redeem(PairingMessages.Question question, PeerId by, String from) throws IdentityException {
        RedeemResult came = invitations.redeem(question.id(), question.secret(), by, book);
        record(came, by, from);
        if (came instanceof RedeemResult.Accepted(String name)) {
            LOG.info("paired with {}, from {}: its key {} is in {}", name, from, by, book.file());
            onPaired.accept(name);
        }
        return came;
    }

    private void record(RedeemResult came, PeerId by, String from) {
        switch (came) {
            case RedeemResult.Accepted(String name) -> audit.note(new Who(name, by.hex(), ""),
                    new Event.Pairing("succeeded", name, from, "", null, null));
            case RedeemResult.Refused(RedeemResult.Why why, String name, int left) ->
                audit.note(new Who("", by.hex(), ""),
                        new Event.Pairing("failed", name, from, why.name().toLowerCase(Locale.ROOT),
                                why == RedeemResult.Why.SECRET || why == RedeemResult.Why.ENDED ? left : null, null));
        }
    }
}
