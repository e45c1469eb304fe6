package dev.ninetunnel.meter;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.MessageType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many requests there were, by dialect and type. On the loop. */
public final class RequestCounts {
    private static final int NUMBERS = 256;

    private final Map<Dialect, long[]> counts = new EnumMap<>(Dialect.class);

    RequestCounts() {
        for (Dialect dialect : Dialect.values()) {
            counts.put(dialect, new long[NUMBERS]);
        }
    }

    void add(Dialect dialect, MessageType type) {
        counts.get(dialect)[type.number()]++;
    }

    /** A kind of request. */
    public record Kind(Dialect dialect, MessageType type) {}

    /** How many of each kind there were until now, of those that there were. */
    public Map<Kind, Long> now() {
        Map<Kind, Long> all = new LinkedHashMap<>();
        counts.forEach((dialect, byNumber) -> {
            for (MessageType type : MessageType.values()) {
                if (byNumber[type.number()] > 0) {
                    all.put(new Kind(dialect, type), byNumber[type.number()]);
                }
            }
        });
        return all;
    }
}
