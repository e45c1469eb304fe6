package dev.ninetunnel.endpoint;

import dev.ninetunnel.endpoint.process.NetworkWatch;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.Wire;
import dev.ninetunnel.link.Wire.Way;
import dev.ninetunnel.mux.ClientLimits;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.session.Session;
import dev.ninetunnel.session.SessionLimits;
import dev.ninetunnel.session.Sessions;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Two endpoints that both listen and both dial each other, in one thread and in a time of their own, with the real dialling and
 * the real sessions, over connections whose messages take as long as chance has it. The same seed makes the same story.
 */
final class VirtualPair implements AutoCloseable {
    private static final long MOST_LATENCY = TimeUnit.MILLISECONDS.toNanos(30);
    private static final Exports NOTHING = nothing();

    /** Something that happens at a time. */
    private record Event(long at, long order, Runnable what) {}

    private final Random random;
    private final SessionLimits limits;
    private final List<String> story = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final List<Line> lines = new ArrayList<>();
    private long now;
    private long order;
    final Station north = new Station("north", PeerId.parse("aa".repeat(32)));
    final Station south = new Station("south", PeerId.parse("bb".repeat(32)));

    VirtualPair(long seed, SessionLimits limits) {
        this.random = new Random(seed);
        this.limits = limits;
    }

    private static Exports nothing() {
        try {
            return new Exports(List.of(), new LocalTrees());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What has happened, a line each. */
    String story() {
        return String.join("\n", story);
    }

    Random random() {
        return random;
    }

    /** Has something happen after so many milliseconds. */
    void in(long millis, Runnable what) {
        at(now + TimeUnit.MILLISECONDS.toNanos(millis), what);
    }

    private void at(long nanos, Runnable what) {
        events.add(new Event(nanos, order++, what));
    }

    private void tell(String what) {
        story.add(TimeUnit.NANOSECONDS.toMicros(now) / 1000.0 + " ms: " + what);
    }

    private long latency() {
        return random.nextLong(MOST_LATENCY);
    }

    /** Lets so much time pass, and everything happen in it. */
    void pass(Duration time) {
        long end = now + time.toNanos();
        settle();
        while (now < end) {
            long next = Math.min(end, events.isEmpty() ? end : Math.max(now, events.peek().at));
            long step = next - now;
            for (long left : lefts(0)) {
                step = left < 0 ? step : Math.min(step, left);
            }
            now += step;
            lefts(step);
            while (!events.isEmpty() && events.peek().at <= now) {
                events.poll().what.run();
                settle();
            }
            settle();
        }
    }

    private List<Long> lefts(long step) {
        List<Long> all = new ArrayList<>(List.of(north.pass(step), south.pass(step)));
        lines.forEach(line -> all.add(line.wire.pass(step)));
        return all;
    }

    private void settle() {
        for (int i = 0; i < 2; i++) {
            lines.forEach(line -> line.wire.settle());
            north.settle();
            south.settle();
        }
        lines.forEach(Line::look);
        lines.stream().filter(Line::isGone).toList().forEach(line -> {
            line.wire.cut();
            lines.remove(line);
        });
        north.look();
        south.look();
    }

    /** Every connection is cut; one side may hear of it later than the other. */
    void cut() {
        tell("the connections are cut");
        for (Line line : lines) {
            for (Way way : Way.values()) {
                at(now + latency(), () -> line.lose(way));
            }
        }
    }

    /** Whether both have the same connection. */
    boolean areLinked() {
        return lines.stream().anyMatch(line -> north.has(line) && south.has(line));
    }

    @Override
    public void close() {
        north.vanish();
        south.vanish();
        lines.forEach(line -> line.wire.cut());
        north.clock.finishAndReleaseAll();
        south.clock.finishAndReleaseAll();
    }

    /** A connection, with what is under way on it. */
    private final class Line {
        final Wire wire;
        private final Map<Way, Boolean> busy = new EnumMap<>(Way.class);
        private final Map<Way, LinkEnd> ends = new EnumMap<>(Way.class);
        private final Map<Way, Boolean> told = new EnumMap<>(Way.class);

        Line(Station dialler, Station acceptor) {
            wire = new Wire(dialler.id, dialler.name, acceptor.id, acceptor.name);
            wire.dialled().closed().thenAccept(end -> ends.put(Way.FROM_DIALLER, end));
            wire.accepted().closed().thenAccept(end -> ends.put(Way.TO_DIALLER, end));
        }

        /** What waits to be delivered is, one after the other, and behind it that its sender has closed. */
        void look() {
            for (Way way : Way.values()) {
                if (busy.getOrDefault(way, false)) {
                    continue;
                }
                if (wire.carries(way)) {
                    busy.put(way, true);
                    at(now + latency(), () -> {
                        busy.put(way, false);
                        if (wire.carries(way)) {
                            wire.deliver(way);
                        }
                    });
                } else if (ends.containsKey(way) && !told.getOrDefault(way, false)) {
                    told.put(way, true);
                    at(now + latency(), () -> hear(ends.get(way).kind(), other(way)));
                }
            }
        }

        private void hear(LinkEnd.Kind kind, Way end) {
            switch (kind) {
                case LOST, BROKEN -> lose(end);
                case GOODBYE, REFUSED, INCOMPATIBLE, LOCAL -> wire.dismissEnd(end);
            }
        }

        void lose(Way end) {
            if (wire.isOpen(end)) {
                wire.loseEnd(end);
            }
        }

        boolean isGone() {
            return ends.size() == 2 && told.size() == 2 && !busy.containsValue(true);
        }

        private static Way other(Way way) {
            return way == Way.FROM_DIALLER ? Way.TO_DIALLER : Way.FROM_DIALLER;
        }
    }

    /** One of the two. */
    final class Station {
        private final String name;
        private final PeerId id;
        private final EmbeddedChannel clock = new EmbeddedChannel();
        private final List<Link> mine = new ArrayList<>();
        private ClientRole client;
        private Sessions sessions;
        private Redial redial;
        private Session current;
        /** How many sessions that were in force have ended, since the start. */
        private int ended;

        private Station(String name, PeerId id) {
            this.name = name;
            this.id = id;
            clock.freezeTime();
        }

        private Station other() {
            return equals(north) ? south : north;
        }

        void start() {
            tell(name + " starts");
            client = new ClientRole(other().name, clock.eventLoop(), ClientLimits.standard());
            Workers workers = new Workers(Runnable::run);
            sessions = new Sessions(() -> id, other().name, clock.eventLoop(), client,
                    peer -> (replies, valve) -> new ServerRole(clock.eventLoop(), NOTHING, workers,
                            ServerLimits.STANDARD,
                            peer, replies, valve),
                    8192, limits, new SecureRandom());
            keepDialling();
        }

        private void keepDialling() {
            Sessions its = sessions;
            redial = new Redial(this::dial, other().name, clock.eventLoop(), Redial.RetryPolicy.TIRELESS, random,
                    new NetworkWatch(Set::of), its::dialled,
                    () -> its.current().flatMap(Session::link).map(Link::closed));
            redial.start();
        }

        private CompletableFuture<Link> dial() {
            CompletableFuture<Link> result = new CompletableFuture<>();
            at(now + latency(), () -> {
                if (other().sessions == null) {
                    result.completeExceptionally(new LinkException(LinkException.Kind.REFUSED, "nobody listens", null));
                    return;
                }
                tell(name + " has dialled");
                Line line = new Line(this, other());
                lines.add(line);
                mine.add(line.wire.dialled());
                Sessions theirs = other().sessions;
                other().mine.add(line.wire.accepted());
                at(now + latency(), () -> {
                    if (theirs.equals(other().sessions)) {
                        theirs.accepted(line.wire.accepted());
                    }
                });
                at(now + latency(), () -> result.complete(line.wire.dialled()));
            });
            return result;
        }

        /** What a reload with another way to the peer does: dials no more, ends what there is, and begins anew. */
        void reload() {
            if (sessions != null) {
                tell(name + " reloads");
                redial.stop();
                sessions.dismiss("it is to be reached otherwise from now on");
                keepDialling();
            }
        }

        void hurry() {
            if (redial != null) {
                redial.hurry("asked to");
            }
        }

        /** Says goodbye, and is gone. */
        void leave() {
            if (sessions != null) {
                tell(name + " leaves");
                redial.stop();
                sessions.dismiss("it leaves");
                vanish();
            }
        }

        /** Is killed: whatever it had is lost without a word. */
        void vanish() {
            if (sessions != null) {
                tell(name + " is gone");
                redial.stop();
                Sessions gone = sessions;
                sessions = null;
                List.copyOf(mine).forEach(link -> link.abandon("killed"));
                gone.end("killed");
                mine.clear();
                current = null;
            }
        }

        private long pass(long nanos) {
            clock.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
            return clock.runScheduledPendingTasks();
        }

        private void settle() {
            clock.runPendingTasks();
        }

        private void look() {
            Session is = sessions == null ? null : sessions.current().orElse(null);
            if (is != current) {
                tell(name + (is == null ? " has no session" : " has a session"));
                ended += current == null ? 0 : 1;
                current = is;
            }
        }

        private boolean has(Line line) {
            return Optional.ofNullable(sessions).flatMap(Sessions::current).flatMap(Session::link)
                    .filter(link -> link.equals(line.wire.dialled()) || link.equals(line.wire.accepted())).isPresent();
        }

        /** How many sessions that were in force have ended, but for those of a process that was killed. */
        int ended() {
            return ended;
        }
    }
}
