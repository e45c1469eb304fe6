package dev.ninetunnel.session;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a claim to a session is turned away, as it stands on the wire: {@code 9P2000.L;refused=unknown}. */
enum Refusal {
    /** There is no such session with this peer, or none any more. */
    UNKNOWN("it does not know the session any more: it was restarted, or the link was away for too long"),
    /** A later link has the session. */
    STALE("a later link has the session"),
    /** The number of received messages cannot be. */
    COUNT("the two sides do not agree on what has arrived");

    private static final String PARAMETER = "refused";

    private final String words;

    Refusal(String words) {
        this.words = words;
    }

    /** The version string that says it. */
    String in(String version) {
        return version + ";" + PARAMETER + "=" + name().toLowerCase(Locale.ROOT);
    }

    /** What a version string says. One that is not known here means that the session is over, whyever. */
    static Optional<Refusal> of(String version) {
        return Optional.ofNullable(ResumeToken.parameters(version).get(PARAMETER)).map(word -> Arrays.stream(values())
                .filter(r -> r.name().toLowerCase(Locale.ROOT).equals(word)).findFirst().orElse(UNKNOWN));
    }

    /** For people, as the end of a sentence about the far side. */
    String words() {
        return words;
    }
}
