package dev.ninetunnel.link;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Who;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Invitations;
import dev.ninetunnel.identity.PeerBook;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Redemption;
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
    private final PeerBook book;
    private final Consumer<String> onPaired;
    private final Audit audit;
    private final Deque<Channel> connections = new ArrayDeque<>();

    /** With nothing on record. */
    public Pairing(Invitations invitations, PeerBook book, Consumer<String> onPaired) {
        this(invitations, book, Audit.NONE, onPaired);
    }

    /**
     * With where invitations are, and where those are put who have used one.
     *
     * @param audit takes what comes of each try
     * @param onPaired is told the name of each, on a thread of its own, before they hear of it
     */
    public Pairing(Invitations invitations, PeerBook book, Audit audit, Consumer<String> onPaired) {
        this.invitations = invitations;
        this.book = book;
        this.audit = audit;
        this.onPaired = onPaired;
    }

    /** Takes what is to be on record of those who come. */
    Audit audit() {
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
    void begin(Channel connection, String from, PeerId id, LinkLimits limits, Consumer<String> refused) {
        keep(connection);
        connection.closeFuture().addListener(closed -> forget(connection));
        var late = connection.eventLoop().schedule(() -> {
            refused.accept("it has no invitation to show");
            connection.close();
        }, limits.handshake().toMillis(), TimeUnit.MILLISECONDS);
        connection.closeFuture().addListener(closed -> late.cancel(false));
        connection.pipeline().addLast(new FrameDecoder(PairingWords.LARGEST_FRAME),
                new PairingAnswer(this, from, id, refused));
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
    Redemption redeem(PairingWords.Question question, PeerId by, String from) throws IdentityException {
        Redemption came = invitations.redeem(question.id(), question.secret(), by, book);
        record(came, by, from);
        if (came instanceof Redemption.Accepted(String name)) {
            LOG.info("paired with {}, from {}: its key {} is in {}", name, from, by, book.file());
            onPaired.accept(name);
        }
        return came;
    }

    private void record(Redemption came, PeerId by, String from) {
        switch (came) {
            case Redemption.Accepted(String name) -> audit.note(new Who(name, by.hex(), ""),
                    new Event.Pairing("succeeded", name, from, "", null, null));
            case Redemption.Refused(Redemption.Why why, String name, int left) -> audit.note(new Who("", by.hex(), ""),
                    new Event.Pairing("failed", name, from, why.name().toLowerCase(Locale.ROOT),
                            why == Redemption.Why.SECRET || why == Redemption.Why.ENDED ? left : null, null));
        }
    }
}
