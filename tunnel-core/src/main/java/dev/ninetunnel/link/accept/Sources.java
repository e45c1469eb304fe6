package dev.ninetunnel.link.accept;

import dev.ninetunnel.link.HandshakeLimits;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The addresses from which connections come, as many as are remembered; the eldest first. Guarded by who uses it. */
final class Sources {
    /** The most addresses to remember without a connection: those of strangers, and those that are known. */
    static final int REMEMBERED = 4096;

    private final HandshakeLimits limits;
    private final Map<SourceAddress, SourceState> all = new LinkedHashMap<>();

    Sources(HandshakeLimits limits) {
        this.limits = limits;
    }

    /** What is known of an address, from now on if it was not. */
    SourceState of(SourceAddress address, long now) {
        return all.computeIfAbsent(address, a -> new SourceState(a, limits, now));
    }

    /** Lets go of an address of which there is nothing to remember. */
    void release(SourceAddress address, long now) {
        SourceState state = all.get(address);
        if (state != null && state.isForgotten(now)) {
            all.remove(address);
        }
    }

    /** Lets go of what there is too much of. */
    void tidy(long now) {
        if (all.size() > REMEMBERED) {
            all.values().removeIf(state -> state.isForgotten(now));
        }
        Iterator<SourceState> eldest = all.values().iterator();
        while (all.size() > REMEMBERED && eldest.hasNext()) {
            if (eldest.next().isGone()) {
                eldest.remove();
            }
        }
    }

    int size() {
        return all.size();
    }

    /**
     * The connection that came last from the address with the most in their handshake.
     *
     * @param more the address has more than one besides so many
     * @param isKnown whether it is of an address that is known
     */
    Optional<PendingConnection> lastOfMost(int more, boolean isKnown) {
        return all.values().stream().filter(state -> state.present > more + 1)
                .filter(state -> !state.unheard.isEmpty() && state.unheard.getLast().known == isKnown)
                .max(Comparator.comparingInt(state -> state.present)).map(state -> state.unheard.getLast());
    }
}
