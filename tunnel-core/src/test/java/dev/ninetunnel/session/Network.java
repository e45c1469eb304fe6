package dev.ninetunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.Wire;
import dev.ninetunnel.link.Wire.Way;
import dev.ninetunnel.wire.message.Rmkdir;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Two sides and the connections between them, on which everything can happen that happens to connections. */
final class Network implements AutoCloseable {
    private static final int MOST_LINES = 8;
    private static final int MOST_TROUBLES = 6;
    private static final int TOO_LONG_MINUTES = 11;
    private static final int ENOTCONN = 107;

    /** A connection, and who dialled it. */
    private record Line(Wire wire, boolean fromNorth) {
        boolean isOpenToNorth() {
            return wire.isOpen(fromNorth ? Way.FROM_DIALLER : Way.TO_DIALLER);
        }

        boolean isOpenToDialler() {
            return wire.isOpen(Way.FROM_DIALLER);
        }

        boolean isHalfOpen() {
            return wire.isOpen(Way.FROM_DIALLER) != wire.isOpen(Way.TO_DIALLER);
        }

        /** A side is gone from it. */
        void loseSide(boolean norths) {
            wire.loseEnd(norths == fromNorth ? Way.FROM_DIALLER : Way.TO_DIALLER);
        }
    }

    /** Something that can happen now. */
    private record Event(String name, Runnable what) {}

    private final Path folder;
    private final List<String> story;
    private final List<Line> lines = new ArrayList<>();
    private Side north;
    private Side south;
    private int incarnations;
    private int troubles;
    /** A side has forgotten the session: errors are in order. */
    private boolean forgotten;
    private Way turn = Way.FROM_DIALLER;

    Network(Path folder, List<String> story) throws IOException {
        this.folder = folder;
        this.story = story;
        this.north = new Side("n", folder.resolve("north"), "n");
        this.south = new Side("s", folder.resolve("south"), "s");
    }

    /** Lets things happen until nothing is left to do. North works in what south serves: the folder of that name. */
    void take(Course course) {
        for (List<Event> possible = possible(); !possible.isEmpty(); possible = possible()) {
            Event next = possible.get(course.choose(possible.size()));
            story.add(next.name);
            next.what.run();
            settle();
        }
    }

    private void settle() {
        for (int i = 0; i < 2; i++) {
            lines.forEach(line -> line.wire.settle());
            north.settle();
            south.settle();
        }
    }

    /** What can happen, first what a good network does; nothing if that has no more to do. */
    private List<Event> possible() {
        List<Event> events = new ArrayList<>();
        for (Way way : List.of(turn, other(turn))) {
            for (int i = lines.size() - 1; i >= 0; i--) {
                if (lines.get(i).wire.carries(way)) {
                    events.add(delivery(i, way));
                }
            }
        }
        if (lines.stream().noneMatch(Line::isOpenToNorth)) {
            events.addFirst(new Event("north dials", this::dial));
        } else if (events.isEmpty()) {
            lines.stream().filter(Line::isHalfOpen).findFirst()
                    .ifPresent(line -> events.add(new Event("a side hears nothing any more", line.wire::cut)));
        }
        if (!events.isEmpty() && troubles < MOST_TROUBLES) {
            addTroubles(events);
        }
        return events;
    }

    private Event delivery(int wire, Way way) {
        return new Event("wire " + wire + " delivers " + way, () -> {
            turn = other(way);
            lines.get(wire).wire.deliver(way);
        });
    }

    private static Way other(Way way) {
        return way == Way.FROM_DIALLER ? Way.TO_DIALLER : Way.FROM_DIALLER;
    }

    private void addTroubles(List<Event> events) {
        for (int i = Math.max(0, lines.size() - 2); i < lines.size(); i++) {
            Wire wire = lines.get(i).wire;
            if (wire.isOpen(Way.FROM_DIALLER) && wire.isOpen(Way.TO_DIALLER)) {
                events.add(trouble("wire " + i + " is cut", wire::cut));
            }
            for (Way way : Way.values()) {
                if (wire.isOpen(way)) {
                    events.add(trouble("wire " + i + " is lost to who sends " + way, () -> wire.loseEnd(way)));
                }
            }
        }
        if (lines.size() < MOST_LINES && (north.isAway() || north.hasLink())) {
            events.add(trouble("north dials once more", this::dial));
        }
        if (lines.size() < MOST_LINES && (south.isAway() || south.hasLink() || !isDialling(false))) {
            events.add(trouble("south dials", () -> dial(south, north)));
        }
        events.add(trouble("south is restarted", () -> {
            forget();
            lines.forEach(line -> line.loseSide(false));
            south.close();
            south = reborn("s", "south");
        }));
        events.add(trouble("north is restarted", () -> {
            forget();
            lines.forEach(line -> line.loseSide(true));
            north.close();
            north = reborn("n", "north");
        }));
        for (Side side : List.of(north, south)) {
            if (side.isAway()) {
                events.add(trouble("a long time passes for " + side.id().brief(), () -> {
                    forget();
                    side.pass(TOO_LONG_MINUTES);
                }));
            }
        }
    }

    private boolean isDialling(boolean isNorth) {
        return lines.stream().anyMatch(line -> line.fromNorth == isNorth && line.isOpenToDialler());
    }

    private Event trouble(String name, Runnable what) {
        return new Event(name, () -> {
            troubles++;
            what.run();
        });
    }

    private void forget() {
        forgotten = true;
    }

    private Side reborn(String name, String serves) {
        try {
            return new Side(name, folder.resolve(serves), name + ++incarnations + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void dial() {
        dial(north, south);
    }

    private void dial(Side dialler, Side acceptor) {
        Wire wire = new Wire(dialler.id(), "dialler", acceptor.id(), "acceptor");
        lines.add(new Line(wire, dialler.equals(north)));
        acceptor.accepted(wire.accepted());
        dialler.dialled(wire.dialled());
    }

    /** Sees that both local clients got what they are due. */
    void check() {
        check(north, folder.resolve("south"));
        check(south, folder.resolve("north"));
    }

    private void check(Side side, Path worksIn) {
        assertThat(side.isContent()).as("%s is answered or disconnected: %s", side.id().brief(), side.answers)
                .isTrue();
        assertThat(side.errors()).as("errors").allMatch(errno -> forgotten && errno == ENOTCONN);
        assertThat(side.isConnected() || forgotten).as("the local client is still connected").isTrue();
        assertThat(side.unexpectedReplies()).as("replies to nothing").isZero();
        if (!forgotten) {
            assertThat(side.session().keptBytes()).as("bytes kept for the far side").isLessThan(4096);
            assertThat(side.tags()).as("tags in use").isZero();
        }
        long made = side.answers.stream().filter(Rmkdir.class::isInstance).count();
        assertThat(side.made().stream().filter(name -> Files.exists(worksIn.resolve(name))).count())
                .as("directories that there are, where %s were answered for", made).isGreaterThanOrEqualTo(made);
    }

    @Override
    public void close() {
        north.close();
        south.close();
        lines.forEach(line -> line.wire.cut());
    }
}
