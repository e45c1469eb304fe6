package dev.ninetunnel.audit;

import dev.ninetunnel.errno.SystemWords;
import dev.ninetunnel.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The record that an endpoint keeps, if it is to keep one. What happens is put on it on any thread, event loops among them, and
 * written by a thread of its own.
 */
public final class Audit implements AutoCloseable {
    /** None is kept. */
    public static final Audit NONE = new Audit(Optional.empty(), Clock.systemUTC());

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
            .withZone(ZoneOffset.UTC);

    /** Null if none is kept. */
    private final AuditConfig config;
    private final Clock clock;
    private final Repeats repeats = new Repeats();
    private final Waiting waiting = new Waiting();
    private Writer writer;

    /** What is put on it before {@link #open} waits. */
    public Audit(Optional<AuditConfig> config, Clock clock) {
        this.config = config.orElse(null);
        this.clock = clock;
    }

    /**
     * Begins to write.
     *
     * @throws IOException if the file cannot be made or opened, with a message for people
     */
    public synchronized void open() throws IOException {
        if (config == null) {
            return;
        }
        try {
            writer = new Writer(config.file(), waiting, () -> tellRepeats(clock.instant()),
                    lost -> line(clock.instant(), Who.NOBODY, new Event.Lost(lost), Map.of()));
        } catch (IOException e) {
            throw new IOException("the audit log " + config.file() + " cannot be written ("
                    + SystemWords.of(e) + "): give a file in a directory that the user of this endpoint can write to",
                    e);
        }
    }

    /** Whether one is kept. */
    public boolean isOn() {
        return config != null;
    }

    /** Whether each change of a file is to be on it. */
    public boolean changes() {
        return config != null && config.changes();
    }

    /** What goes on record about one peer. */
    public Trail trail(Who who) {
        return new Trail(this, who);
    }

    /** Puts something on record. Never waits. */
    public void note(Who who, Event event) {
        if (config == null) {
            return;
        }
        Instant now = clock.instant();
        if (repeats.admits(now, who, event)) {
            waiting.add(line(now, who, event, Map.of()));
        }
    }

    private void tellRepeats(Instant until) {
        for (Repeats.Counted counted : repeats.over(until)) {
            Map<String, Object> repeated = new LinkedHashMap<>();
            repeated.put("times", counted.times());
            repeated.put("since", TIME.format(counted.since()));
            waiting.add(line(clock.instant(), counted.who(), counted.last(), Map.of("repeats", repeated)));
        }
    }

    private static byte[] line(Instant time, Who who, Event event, Map<String, Object> more) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("time", TIME.format(time));
        all.put("event", event.kind());
        all.put("peer", who.peer());
        all.put("id", who.id());
        all.put("session", who.session());
        all.values().removeIf(value -> value.equals(""));
        all.putAll(event.fields());
        all.putAll(more);
        return (Json.of(all) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Opens the file again by its name, soon: it may have been moved away. */
    public synchronized void reopen() {
        if (writer != null) {
            writer.reopen();
        }
    }

    /** Writes what is left, and ends. Waits for the disk, some seconds at most. */
    @Override
    public synchronized void close() {
        if (writer != null) {
            tellRepeats(Instant.MAX.minus(Duration.ofDays(1)));
            writer.finish();
            writer = null;
        }
    }
}
