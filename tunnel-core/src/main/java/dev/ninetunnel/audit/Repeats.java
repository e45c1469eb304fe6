package dev.ninetunnel.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a peer from filling the disk with what it can make happen as often as it likes: of events that are alike, some are
 * written in a minute, and the others are counted and told when it is over. Any thread may call.
 */
final class Repeats {
    static final Duration WINDOW = Duration.ofMinutes(1);

    private final Map<Key, Window> windows = new HashMap<>();

    private record Key(String kind, String peer, Object alike) {}

    /**
     * Those that were not written.
     *
     * @param last of them
     */
    record Counted(Who who, Event last, long times, Instant since) {}

    private static final class Window {
        private final Instant since;
        private int written;
        private Counted counted;

        Window(Instant since) {
            this.since = since;
        }
    }

    /** Whether it is to be written; otherwise it is counted. */
    synchronized boolean admits(Instant now, Who who, Event event) {
        if (event.most() == Integer.MAX_VALUE) {
            return true;
        }
        Window window = windows.computeIfAbsent(new Key(event.kind(), who.peer(), event.alike()),
                key -> new Window(now));
        if (window.written < event.most()) {
            window.written++;
            return true;
        }
        long before = window.counted == null ? 0 : window.counted.times;
        window.counted = new Counted(who, event, before + 1, window.since);
        return false;
    }

    /** Forgets the windows that are over, and tells what was counted in them. */
    synchronized List<Counted> over(Instant now) {
        List<Counted> told = new ArrayList<>();
        windows.values().removeIf(window -> {
            if (window.since.plus(WINDOW).isAfter(now)) {
                return false;
            }
            if (window.counted != null) {
                told.add(window.counted);
            }
            return true;
        });
        return told;
    }
}
