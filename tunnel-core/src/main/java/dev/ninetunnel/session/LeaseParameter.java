package dev.ninetunnel.session;

import dev.ninetunnel.wire.Text;
import java.time.Duration;

/**
 * The parameter of a version string by which a side says, when a session begins, that it grants leases and takes them, and for
 * how many milliseconds one is good: {@code 9P2000.L;lease=10000}. What both have said holds for both, the smaller of the two.
 */
final class LeaseParameter {
    private static final String PARAMETER = "lease";
    /** Almost three hours; a longer term is none. */
    private static final int DIGITS = 7;

    private LeaseParameter() {}

    /** The version string that says it as well; the same if there are none. */
    static Text in(Text version, Duration term) {
        return term.isZero() ? version : Text.of(version.utf8() + ";" + PARAMETER + "=" + term.toMillis());
    }

    /** The term that both a side of this term and a version string have; zero if either has none. */
    static Duration agreed(Duration own, String version) {
        Duration theirs = Duration
                .ofMillis(Math.max(0, ResumeToken.number(ResumeToken.parameters(version).get(PARAMETER), DIGITS)));
        return own.compareTo(theirs) < 0 ? own : theirs;
    }
}
