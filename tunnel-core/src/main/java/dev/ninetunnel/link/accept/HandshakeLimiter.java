package dev.ninetunnel.link.accept;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.link.Addresses;
import dev.ninetunnel.link.HandshakeLimits;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Decides who may wait at the door, before a byte of a connection is read, and whose handshake begins next: those are what a
 * stranger can make an endpoint remember, and work for. Handshakes begin one after another, at most as fast as leaves
 * the loop enough time for the links; address by address in turn; and addresses from which somebody has proven who they are, lately,
 * have a share of their own, so that strangers cannot use it up.
 *
 * <p>One serves all places where an endpoint listens. Any thread may call.
 */
public final class HandshakeLimiter {
    /**
     * What the handshakes with addresses that are known, and those with others, may have of the loop's time. Between any two the
     * links have a turn, whatever waits on them.
     */
    static final int KNOWN_PERCENT = 66;
    static final int STRANGERS_PERCENT = 25;

    private final HandshakeLimits limits;
    private final EventLoop loop;
    private final RandomGenerator random;
    private final RejectionLog rejectionLog;
    private final Sources sources;
    private final HandshakeQueue handshakeQueue = new HandshakeQueue();
    private final HandshakeShare ofKnown;
    private final HandshakeShare ofStrangers;
    private final TokenBucket strangersPace;
    private int strangers;
    private int known;
    private long begun;
    private long linksEnded;
    /** Whose turn it is now; null if there is none. */
    private PendingConnection turn;
    private Future<?> timer;

    /**
     * Without connections.
     *
     * @param loop by whose clock it goes, and which wakes it
     * @param audit takes who is refused
     */
    public HandshakeLimiter(HandshakeLimits limits, EventLoop loop, Audit audit) {
        this(limits, loop, RandomGenerator.getDefault(), audit);
    }

    HandshakeLimiter(HandshakeLimits limits, EventLoop loop, RandomGenerator random, Audit audit) {
        this.rejectionLog = new RejectionLog(audit);
        this.limits = limits;
        this.sources = new Sources(limits);
        this.loop = loop;
        this.random = random;
        long now = now();
        this.ofKnown = new HandshakeShare(KNOWN_PERCENT, now);
        this.ofStrangers = new HandshakeShare(STRANGERS_PERCENT, now);
        this.strangersPace = new TokenBucket(limits.perSecond(), HandshakeLimits.AT_ONCE_SECONDS, now);
    }

    /**
     * What goes on at the door.
     *
     * @param handshakes connections that have not proven who they are: those that wait, and those in their handshake
     * @param begun handshakes since the start
     */
    public record State(int handshakes, long begun) {}

    /** What goes on now. */
    public synchronized State state() {
        return new State(strangers + known, begun);
    }

    /** How many handshakes have begun and how many links have ended since the start, together. */
    public synchronized long turnover() {
        return begun + linksEnded;
    }

    /** Who was refused, here and later. */
    public RejectionLog refusals() {
        return rejectionLog;
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    // ---- who comes in

    /** Lets a connection wait for its handshake; or refuses it, which the log says. */
    Optional<PendingConnection> admit(InetSocketAddress from, Waiter waiter) {
        SourceAddress sourceAddress = SourceAddress.of(from.getAddress());
        Optional<String> why;
        synchronized (this) {
            long now = now();
            SourceState sourceState = sources.of(sourceAddress, now);
            boolean isKnown = sourceState.isKnown(now);
            why = objection(sourceState, isKnown);
            if (why.isEmpty()) {
                return Optional.of(enter(new PendingConnection(this, sourceState, waiter, isKnown), now));
            }
            sources.release(sourceAddress, now);
        }
        rejectionLog.refused(RejectionLog.Kind.CROWD, "too-many", Addresses.show(from), why.get());
        return Optional.empty();
    }

    /** Why a connection may not come in, if it may not. */
    private Optional<String> objection(SourceState sourceState, boolean isKnown) {
        int present = isKnown ? known : strangers;
        int turnedAway = limits.handshakes().turnedAway(present);
        if (sourceState.present >= limits.ofAddress()) {
            return Optional.of(sourceState.origin + " has " + sourceState.present
                    + " connections in their handshake already (handshakes-per-address)");
        }
        if (turnedAway == 0 || makesRoom(sourceState, isKnown)) {
            return Optional.empty();
        }
        if (turnedAway == 100) {
            return Optional.of(present + " others are in their handshake already (handshakes)");
        }
        return random.nextInt(100) >= turnedAway
                ? Optional.empty()
                : Optional.of(present + " others are in their handshake, and of those who come now " + turnedAway
                        + " in 100 are turned away, by chance (handshakes)");
    }

    /** In a crowd, who has more there than another goes on has to give: the one who came last, of the address with the most. */
    private boolean makesRoom(SourceState newcomer, boolean isKnown) {
        Optional<PendingConnection> last = sources.lastOfMost(newcomer.present, isKnown);
        last.ifPresent(pendingConnection -> sendAway(pendingConnection, pendingConnection.caller.origin + " has "
                + pendingConnection.caller.present
                + " connections in their handshake, more than anybody else, and others want to come in (handshakes)"));
        return last.isPresent();
    }

    private PendingConnection enter(PendingConnection pendingConnection, long now) {
        pendingConnection.caller.present++;
        pendingConnection.caller.unheard.add(pendingConnection);
        count(pendingConnection, 1);
        sources.tidy(now);
        return pendingConnection;
    }

    /** How many addresses it remembers. */
    synchronized int remembered() {
        return sources.size();
    }

    // ---- whose turn it is

    synchronized void ready(PendingConnection pendingConnection) {
        if (pendingConnection.stage == PendingConnection.Stage.SILENT) {
            pendingConnection.stage = PendingConnection.Stage.WAITING;
            handshakeQueue.add(pendingConnection);
            look();
        }
    }

    /** Gives the next one its turn, if it can be now; else looks again when it can. */
    private void look() {
        if (turn != null) {
            return;
        }
        long now = now();
        PendingConnection next = handshakeQueue.next(sourceState -> delay(sourceState, now));
        if (next == null) {
            lookAfter(handshakeQueue.delay(sourceState -> delay(sourceState, now)));
        } else {
            begin(next, now);
        }
    }

    private long delay(SourceState sourceState, long now) {
        boolean isKnown = sourceState.isKnown(now);
        long ofKind = isKnown ? ofKnown.delay(now) : Math.max(ofStrangers.delay(now), strangersPace.delay(now));
        return Math.max(ofKind, sourceState.pace.delay(now));
    }

    private void lookAfter(long nanos) {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        if (nanos < Long.MAX_VALUE) {
            timer = loop.schedule(this::lookAgain, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void lookAgain() {
        look();
    }

    private void begin(PendingConnection pendingConnection, long now) {
        begun++;
        turn = pendingConnection;
        pendingConnection.stage = PendingConnection.Stage.HANDSHAKE;
        pendingConnection.begun = now;
        pendingConnection.caller.unheard.remove(pendingConnection);
        pendingConnection.caller.pace.take(now);
        boolean isKnown = pendingConnection.caller.isKnown(now);
        if (!isKnown) {
            strangersPace.take(now);
        }
        pendingConnection.share = isKnown ? ofKnown : ofStrangers;
        PendingConnection oldest = pendingConnection.share.begin(pendingConnection);
        if (oldest != null) {
            sendAway(oldest, "it did not finish the TLS handshake in " + HandshakeShare.ENOUGH.toSeconds()
                    + " s, and others wait for theirs");
        }
        pendingConnection.visitor.turn();
    }

    synchronized void heard(PendingConnection pendingConnection, long nanos) {
        worked(pendingConnection, nanos);
        if (turn == pendingConnection) {
            turn = null;
        }
        look();
    }

    synchronized void worked(PendingConnection pendingConnection, long nanos) {
        if (pendingConnection.share != null) {
            pendingConnection.share.worked(nanos, now());
        }
    }

    // ---- who leaves the door

    synchronized void proven(PendingConnection pendingConnection) {
        if (pendingConnection.stage == PendingConnection.Stage.HANDSHAKE) {
            leave(pendingConnection, PendingConnection.Stage.LINK);
            pendingConnection.caller.linkBegins();
            if (pendingConnection.share == ofStrangers) {
                strangersPace.giveBack();
            }
            look();
        }
    }

    synchronized void over(PendingConnection pendingConnection) {
        if (pendingConnection.stage == PendingConnection.Stage.LINK) {
            pendingConnection.stage = PendingConnection.Stage.OVER;
            linksEnded++;
            pendingConnection.caller.linkEnds(now());
        } else if (pendingConnection.stage != PendingConnection.Stage.OVER) {
            leave(pendingConnection, PendingConnection.Stage.OVER);
            look();
        }
    }

    private void sendAway(PendingConnection pendingConnection, String why) {
        leave(pendingConnection, PendingConnection.Stage.OVER);
        pendingConnection.visitor.sendAway(why);
    }

    private void leave(PendingConnection pendingConnection, PendingConnection.Stage to) {
        pendingConnection.stage = to;
        pendingConnection.caller.present--;
        pendingConnection.caller.unheard.remove(pendingConnection);
        handshakeQueue.remove(pendingConnection);
        if (pendingConnection.share != null) {
            pendingConnection.share.end(pendingConnection);
        }
        count(pendingConnection, -1);
        if (turn == pendingConnection) {
            turn = null;
        }
    }

    private void count(PendingConnection pendingConnection, int more) {
        known += pendingConnection.known ? more : 0;
        strangers += pendingConnection.known ? 0 : more;
    }
}
