package dev.ninetunnel.link;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of an endpoint they may use who come in, until they have proven who they are.
 *
 * @param handshakes how many connections there may be whose handshake is not over, or has not begun
 * @param ofAddress how many of them with one address ({@code SourceAddress})
 * @param perSecond how many handshakes may begin in a second with addresses that are not known, for all of them together; those
 *        that come to a link do not count, and those of {@value #AT_ONCE_SECONDS} seconds may begin at once. More of them wait
 * @param perSecondOfAddress how many may begin in a second with one address, whatever comes of them; likewise
 */
public record HandshakeLimits(Crowd handshakes, int ofAddress, int perSecond, int perSecondOfAddress) {
    /** The most that any of these numbers can be: as good as no limit. */
    public static final int MOST = 1_000_000;

    public static final int AT_ONCE_SECONDS = 5;

    /**
     * Room for a thousand peers that come back at once, from one address if need be. How fast their handshakes begin is bounded
     * by what they cost, and by no number.
     */
    public static final HandshakeLimits DEFAULT = new HandshakeLimits(new Crowd(1024, 30, 2048), 2048, MOST, MOST);

    /** Throws {@link IllegalArgumentException}, with a message for people, for limits that let no connection in. */
    public HandshakeLimits {
        requirePositive("handshakes-per-address", ofAddress);
        requirePositive("handshakes-per-second", perSecond);
        requirePositive("handshakes-per-second-per-address", perSecondOfAddress);
    }

    /**
     * The same for a number of descriptors, of which each connection takes one: the usual room is a quarter of them at
     * most, and what was asked for stays.
     */
    public HandshakeLimits within(long descriptors) {
        if (!handshakes.equals(DEFAULT.handshakes)) {
            return this;
        }
        int full = Math.clamp(descriptors / 4, 2, handshakes.full);
        return new HandshakeLimits(new Crowd(full / 2, handshakes.percent, full), ofAddress, perSecond,
                perSecondOfAddress);
    }

    private static void requirePositive(String what, int value) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException(what + " of " + value + " cannot be: it is 1 to " + MOST
                    + ", and 0 would let nobody in");
        }
    }

    /**
     * A bound that is not met all at once: he who fills it shall not be able to keep everybody else out for sure
     * (sshd_config(5), MaxStartups).
     *
     * @param start from how many on chance turns some away
     * @param percent how many of a hundred then; it grows evenly, to all at {@code full}
     * @param full how many there are at most
     */
    public record Crowd(int start, int percent, int full) {
        private static final Pattern TEXT = Pattern.compile("(\\d{1,7})(?::(\\d{1,3}):(\\d{1,7}))?");

        /** Throws {@link IllegalArgumentException}, with a message for people, for what makes no sense. */
        public Crowd {
            if (start < 1 || full < start || full > MOST || percent < 1 || percent > 100) {
                throw new IllegalArgumentException("handshakes of " + start + ":" + percent + ":" + full
                        + " cannot be: START is at least 1, FULL is START to " + MOST + ", PERCENT is 1 to 100");
            }
        }

        /** Reads {@code START:PERCENT:FULL}, or a number at which it is full and up to which chance has no part. */
        public static Crowd parse(String text) {
            Matcher m = TEXT.matcher(text);
            if (!m.matches()) {
                throw new IllegalArgumentException("'" + text
                        + "' is not how many handshakes there may be: write START:PERCENT:FULL, such as 64:30:256, or a number");
            }
            int start = Integer.parseInt(m.group(1));
            return m.group(2) == null
                    ? new Crowd(start, 100, start)
                    : new Crowd(start, Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)));
        }

        /** How many of a hundred are turned away at this number. */
        public int turnedAway(int present) {
            if (present < start) {
                return 0;
            }
            return present >= full ? 100 : percent + (100 - percent) * (present - start) / (full - start);
        }

        @Override
        public String toString() {
            return start + ":" + percent + ":" + full;
        }
    }
}
