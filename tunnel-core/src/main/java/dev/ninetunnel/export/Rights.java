package dev.ninetunnel.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one peer may do here.
 *
 * @param grants by the names of exports, in the order in which they are shown; nothing about all others
 * @param limits how much
 * @param resume whether its session may outlive a link
 */
public record Rights(Map<String, Grant> grants, Limits limits, boolean resume) {
    /** To be linked and asked, and nothing else. */
    public static final Rights NONE = new Rights(Map.of(), Limits.STANDARD, true);

    public Rights {
        grants = Collections.unmodifiableMap(new LinkedHashMap<>(grants));
    }

    /**
     * How much a peer may use at a time.
     *
     * @param attaches fids that come from Tattach and are not ended; above it EMFILE
     * @param fids fids in all; above it ENFILE
     * @param bytesInFlight requests that are being done, and the most that their replies can hold; above it requests wait, but
     *     one is let through in any case
     * @param requestsPerSecond requests that are begun in a second, which may come at once; above it requests wait
     */
    public record Limits(int attaches, int fids, long bytesInFlight, int requestsPerSecond) {
        /** Room for a thousand users and a large tree; no limit to speed. */
        public static final Limits STANDARD = new Limits(10_000, 1_000_000, 32L << 20, Integer.MAX_VALUE);

        /** As good as none. */
        public static final Limits NONE = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE,
                Integer.MAX_VALUE);

        /** Throws {@link IllegalArgumentException}, with a message for people, for what lets nothing through. */
        public Limits {
            if (attaches < 1 || fids < 1 || bytesInFlight < 1 || requestsPerSecond < 1) {
                throw new IllegalArgumentException(
                        "a limit of less than 1 lets nothing through: leave the export out if "
                                + "that is meant");
            }
        }
    }
}
