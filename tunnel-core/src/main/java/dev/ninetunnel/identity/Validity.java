package dev.ninetunnel.identity;

import java.security.cert.X509Certificate;
import java.time.Instant;

/** Whether a certificate holds at a moment, by its own dates (RFC 5280, 4.1.2.5). */
public final class Validity {
    private Validity() {}

    /** Throws if the certificate does not hold at this moment. */
    public static void requireInDate(X509Certificate shown, PeerId id, Instant now) throws UntrustedException {
        Instant end = shown.getNotAfter().toInstant();
        Instant begin = shown.getNotBefore().toInstant();
        if (now.isAfter(end)) {
            throw outOfDate(id, "its certificate expired on " + end + ", and it is " + now
                    + " now. It must be renewed on that host (the same key may stay), or a clock is wrong");
        }
        if (now.isBefore(begin)) {
            throw outOfDate(id, "its certificate is not valid before " + begin + ", and it is " + now
                    + " now. One of the two hosts' clocks is wrong");
        }
    }

    private static UntrustedException outOfDate(PeerId id, String why) {
        return new UntrustedException(UntrustedException.Kind.OUT_OF_DATE, id, why);
    }
}
