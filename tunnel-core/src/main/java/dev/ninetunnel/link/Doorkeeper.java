package dev.ninetunnel.link;

import dev.ninetunnel.audit.Audit;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Decides, before a byte of a connection is read, whether its handshake begins: those are what a stranger can make an endpoint
 * work and remember for. There is a bound for each address and one for all; and addresses from which somebody has proven who
 * they are, lately, have the latter to themselves, so that strangers cannot use it up.
 *
 * <p>One serves all places where an endpoint listens. Any thread may call.
 */
public final class Doorkeeper {
    /** Addresses to remember of which nobody is here, at most: those of strangers, and those that are known. */
    static final int REMEMBERED = 4096;

    private final DoorLimits limits;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Refusals refusals;
    private final Map<Origin, Caller> callers = new LinkedHashMap<>();
    private final Pace strangersPace;
    private int strangers;
    private int known;
    private long begun;

    /**
     * With nobody at the door.
     *
     * @param audit takes who is refused
     */
    public Doorkeeper(DoorLimits limits, Audit audit) {
        this(limits, System::nanoTime, RandomGenerator.getDefault(), audit);
    }

    Doorkeeper(DoorLimits limits, LongSupplier nanoTime, RandomGenerator random, Audit audit) {
        this.refusals = new Refusals(audit);
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.random = random;
        this.strangersPace = new Pace(limits.perSecond(), DoorLimits.AT_ONCE_SECONDS, nanoTime.getAsLong());
    }

    /**
     * What goes on at the door.
     *
     * @param handshakes in progress
     * @param begun since the start
     */
    public record State(int handshakes, long begun) {}

    /** What goes on now. */
    public synchronized State state() {
        return new State(strangers + known, begun);
    }

    /** Who was refused, here and later. */
    public Refusals refusals() {
        return refusals;
    }

    /** Lets a connection begin its handshake; or refuses it, which the log says. */
    Optional<Visit> admit(InetSocketAddress from) {
        Origin origin = Origin.of(from.getAddress());
        Optional<String> why;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            Caller caller = callers.computeIfAbsent(origin, o -> new Caller(limits, now));
            boolean isKnown = caller.isKnown(now);
            why = objection(origin, caller, isKnown, now);
            if (why.isEmpty()) {
                return Optional.of(begin(caller, isKnown, now));
            }
            if (caller.isForgotten(now)) {
                callers.remove(origin);
            }
        }
        refusals.refused(Refusals.Kind.CROWD, "too-many", Addresses.show(from), why.get());
        return Optional.empty();
    }

    /** Why a handshake may not begin, if it may not. */
    private Optional<String> objection(Origin origin, Caller caller, boolean isKnown, long now) {
        int present = isKnown ? known : strangers;
        int turnedAway = limits.handshakes().turnedAway(present);
        if (caller.handshakes >= limits.ofAddress()) {
            return Optional.of(origin + " has " + caller.handshakes
                    + " connections in their handshake already (handshakes-per-address)");
        }
        if (!caller.pace.allows(now)) {
            return Optional.of(origin + " has begun more than " + limits.perSecondOfAddress()
                    + " handshakes a second (handshakes-per-second-per-address)");
        }
        if (turnedAway == 100) {
            return Optional.of(present + " others are in their handshake already (handshakes)");
        }
        if (turnedAway > 0 && random.nextInt(100) < turnedAway) {
            return Optional.of(present + " others are in their handshake, and of those who come now " + turnedAway
                    + " in 100 are turned away, by chance (handshakes)");
        }
        if (!isKnown && !strangersPace.allows(now)) {
            return Optional.of("strangers have begun more than " + limits.perSecond()
                    + " handshakes a second (handshakes-per-second)");
        }
        return Optional.empty();
    }

    private Visit begin(Caller caller, boolean isKnown, long now) {
        begun++;
        caller.handshakes++;
        caller.pace.take(now);
        if (isKnown) {
            known++;
        } else {
            strangers++;
            strangersPace.take(now);
        }
        forget(now);
        return new Visit(this, caller, isKnown);
    }

    private void forget(long now) {
        if (callers.size() > REMEMBERED) {
            callers.values().removeIf(caller -> caller.isForgotten(now));
        }
        Iterator<Caller> eldest = callers.values().iterator();
        while (callers.size() > REMEMBERED && eldest.hasNext()) {
            if (eldest.next().isGone()) {
                eldest.remove();
            }
        }
    }

    /** How many addresses it remembers. */
    synchronized int remembered() {
        return callers.size();
    }

    /** A handshake is over, with or without a link. */
    synchronized void handshakeEnds(Caller caller, boolean wasKnown, boolean proven) {
        caller.handshakes--;
        if (wasKnown) {
            known--;
        } else {
            strangers--;
        }
        if (proven) {
            caller.linkBegins();
            if (!wasKnown) {
                strangersPace.giveBack();
            }
        }
    }

    synchronized void linkEnds(Caller caller) {
        caller.linkEnds(nanoTime.getAsLong());
    }
}
