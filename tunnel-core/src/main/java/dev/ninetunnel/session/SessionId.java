package dev.ninetunnel.session;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Which session a link belongs to: 128 random bits that the dialling side makes, in text 32 lower-case hexadecimal
 * digits. It is only ever looked up among the sessions of the peer that has proven its key on the link.
 *
 * @param high the first 64 bits
 * @param low the other 64
 */
record SessionId(long high, long low) {
    private static final int DIGITS = 32;
    private static final HexFormat HEX = HexFormat.of();

    /** A new one, which cannot be guessed. */
    static SessionId random(SecureRandom random) {
        return new SessionId(random.nextLong(), random.nextLong());
    }

    /** The one that this text stands for, if it does for any. */
    static Optional<SessionId> of(String text) {
        if (text.length() != DIGITS || !text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return Optional.empty();
        }
        return Optional.of(new SessionId(HexFormat.fromHexDigitsToLong(text, 0, DIGITS / 2),
                HexFormat.fromHexDigitsToLong(text, DIGITS / 2, DIGITS)));
    }

    /** Enough of it to tell sessions apart, and too little to ask for one: the first 12 digits. */
    String brief() {
        return toString().substring(0, 12);
    }

    @Override
    public String toString() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }
}
