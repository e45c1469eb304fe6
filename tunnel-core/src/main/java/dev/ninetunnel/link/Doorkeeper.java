package dev.ninetunnel.link;

import dev.ninetunnel.audit.Audit;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
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
public final class Doorkeeper {
    /** Addresses to remember of which nobody is here, at most: those of strangers, and those that are known. */
    static final int REMEMBERED = 4096;
    /**
     * What the handshakes with addresses that are known, and those with others, may have of the loop's time. Between any two the
     * links have a turn, whatever waits on them.
     */
    static final int KNOWN_PERCENT = 66;
    static final int STRANGERS_PERCENT = 25;

    private final DoorLimits limits;
    private final EventLoop loop;
    private final RandomGenerator random;
    private final Refusals refusals;
    private final Map<Origin, Caller> callers = new LinkedHashMap<>();
    private final Line line = new Line();
    private final Share ofKnown;
    private final Share ofStrangers;
    private final Pace strangersPace;
    private int strangers;
    private int known;
    private long begun;
    private long linksEnded;
    /** Whose turn it is now; null if it is nobody's. */
    private Visit turn;
    private Future<?> timer;

    /**
     * With nobody at the door.
     *
     * @param loop by whose clock it goes, and which wakes it
     * @param audit takes who is refused
     */
    public Doorkeeper(DoorLimits limits, EventLoop loop, Audit audit) {
        this(limits, loop, RandomGenerator.getDefault(), audit);
    }

    Doorkeeper(DoorLimits limits, EventLoop loop, RandomGenerator random, Audit audit) {
        this.refusals = new Refusals(audit);
        this.limits = limits;
        this.loop = loop;
        this.random = random;
        long now = now();
        this.ofKnown = new Share(KNOWN_PERCENT, now);
        this.ofStrangers = new Share(STRANGERS_PERCENT, now);
        this.strangersPace = new Pace(limits.perSecond(), DoorLimits.AT_ONCE_SECONDS, now);
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
    public Refusals refusals() {
        return refusals;
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    // ---- who comes in

    /** Lets a connection wait for its handshake; or refuses it, which the log says. */
    Optional<Visit> admit(InetSocketAddress from, Visitor visitor) {
        Origin origin = Origin.of(from.getAddress());
        Optional<String> why;
        synchronized (this) {
            long now = now();
            Caller caller = callers.computeIfAbsent(origin, o -> new Caller(o, limits, now));
            boolean isKnown = caller.isKnown(now);
            why = objection(caller, isKnown);
            if (why.isEmpty()) {
                return Optional.of(enter(new Visit(this, caller, visitor, isKnown), now));
            }
            if (caller.isForgotten(now)) {
                callers.remove(origin);
            }
        }
        refusals.refused(Refusals.Kind.CROWD, "too-many", Addresses.show(from), why.get());
        return Optional.empty();
    }

    /** Why a connection may not come in, if it may not. */
    private Optional<String> objection(Caller caller, boolean isKnown) {
        int present = isKnown ? known : strangers;
        int turnedAway = limits.handshakes().turnedAway(present);
        if (caller.present >= limits.ofAddress()) {
            return Optional.of(caller.origin + " has " + caller.present
                    + " connections in their handshake already (handshakes-per-address)");
        }
        if (turnedAway == 0 || makesRoom(caller, isKnown)) {
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
    private boolean makesRoom(Caller newcomer, boolean isKnown) {
        Optional<Visit> last = callers.values().stream().filter(c -> c.present > newcomer.present + 1)
                .filter(c -> !c.unheard.isEmpty() && c.unheard.getLast().known == isKnown)
                .max(Comparator.comparingInt(c -> c.present)).map(c -> c.unheard.getLast());
        last.ifPresent(visit -> sendAway(visit, visit.caller.origin + " has " + visit.caller.present
                + " connections in their handshake, more than anybody else, and others want to come in (handshakes)"));
        return last.isPresent();
    }

    private Visit enter(Visit visit, long now) {
        visit.caller.present++;
        visit.caller.unheard.add(visit);
        count(visit, 1);
        forget(now);
        return visit;
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

    // ---- whose turn it is

    synchronized void ready(Visit visit) {
        if (visit.stage == Visit.Stage.SILENT) {
            visit.stage = Visit.Stage.WAITING;
            line.add(visit);
            look();
        }
    }

    /** Gives the next one its turn, if it can be now; else looks again when it can. */
    private void look() {
        if (turn != null) {
            return;
        }
        long now = now();
        Visit next = line.next(caller -> delay(caller, now));
        if (next == null) {
            lookAfter(line.delay(caller -> delay(caller, now)));
        } else {
            begin(next, now);
        }
    }

    private long delay(Caller caller, long now) {
        boolean isKnown = caller.isKnown(now);
        long ofKind = isKnown ? ofKnown.delay(now) : Math.max(ofStrangers.delay(now), strangersPace.delay(now));
        return Math.max(ofKind, caller.pace.delay(now));
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

    private void begin(Visit visit, long now) {
        begun++;
        turn = visit;
        visit.stage = Visit.Stage.HANDSHAKE;
        visit.begun = now;
        visit.caller.unheard.remove(visit);
        visit.caller.pace.take(now);
        boolean isKnown = visit.caller.isKnown(now);
        if (!isKnown) {
            strangersPace.take(now);
        }
        visit.share = isKnown ? ofKnown : ofStrangers;
        Visit oldest = visit.share.begin(visit);
        if (oldest != null) {
            sendAway(oldest, "it did not finish the TLS handshake in " + Share.ENOUGH.toSeconds()
                    + " s, and others wait for theirs");
        }
        visit.visitor.turn();
    }

    synchronized void heard(Visit visit, long nanos) {
        worked(visit, nanos);
        if (turn == visit) {
            turn = null;
        }
        look();
    }

    synchronized void worked(Visit visit, long nanos) {
        if (visit.share != null) {
            visit.share.worked(nanos, now());
        }
    }

    // ---- who leaves the door

    synchronized void proven(Visit visit) {
        if (visit.stage == Visit.Stage.HANDSHAKE) {
            leave(visit, Visit.Stage.LINK);
            visit.caller.linkBegins();
            if (visit.share == ofStrangers) {
                strangersPace.giveBack();
            }
            look();
        }
    }

    synchronized void over(Visit visit) {
        if (visit.stage == Visit.Stage.LINK) {
            visit.stage = Visit.Stage.OVER;
            linksEnded++;
            visit.caller.linkEnds(now());
        } else if (visit.stage != Visit.Stage.OVER) {
            leave(visit, Visit.Stage.OVER);
            look();
        }
    }

    private void sendAway(Visit visit, String why) {
        leave(visit, Visit.Stage.OVER);
        visit.visitor.sendAway(why);
    }

    private void leave(Visit visit, Visit.Stage to) {
        visit.stage = to;
        visit.caller.present--;
        visit.caller.unheard.remove(visit);
        line.remove(visit);
        if (visit.share != null) {
            visit.share.end(visit);
        }
        count(visit, -1);
        if (turn == visit) {
            turn = null;
        }
    }

    private void count(Visit visit, int more) {
        known += visit.known ? more : 0;
        strangers += visit.known ? 0 : more;
    }
}
