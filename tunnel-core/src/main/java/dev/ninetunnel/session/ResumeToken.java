package dev.ninetunnel.session;

import dev.ninetunnel.wire.Text;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a side says of a session when a link begins, in the parameters of the version string:
 *
 * <pre>
 *   9P2000.L;session=0123456789abcdef0123456789abcdef;link=3;received=1041
 * </pre>
 *
 * @param link the number of this link in the session, from 1. The first one begins the session; a claim on a link that
 *        is not later than all before it is refused, so that one that was delayed cannot take the session from the link
 *        that has replaced it
 * @param received how many messages of the other side have arrived on the links before
 */
record ResumeToken(SessionId session, long link, long received) {
    private static final String SESSION = "session";
    private static final String LINK = "link";
    private static final String RECEIVED = "received";
    /** Enough for any number that is ever reached, and no overflow. */
    private static final int DIGITS = 18;

    /** Whether it begins a session. */
    boolean isFresh() {
        return link == 1;
    }

    /** The version string that makes the claim. */
    Text in(String version) {
        return Text.of(version + ";" + SESSION + "=" + session + ";" + LINK + "=" + link + ";" + RECEIVED + "="
                + received);
    }

    /** The claim that a version string makes; none if its parameters are not there, or make no sense. */
    static Optional<ResumeToken> of(String version) {
        Map<String, String> parameters = parameters(version);
        Optional<SessionId> session = Optional.ofNullable(parameters.get(SESSION)).flatMap(SessionId::of);
        long link = number(parameters.get(LINK), DIGITS);
        long received = number(parameters.get(RECEIVED), DIGITS);
        return link < 1 || received < 0 ? Optional.empty() : session.map(id -> new ResumeToken(id, link, received));
    }

    /** What stands behind the semicolons of a version string. */
    static Map<String, String> parameters(String version) {
        Map<String, String> found = new HashMap<>();
        String[] parts = version.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            found.putIfAbsent(pair[0], pair.length == 2 ? pair[1] : "");
        }
        return found;
    }

    static long number(String digits, int most) {
        boolean valid = digits != null && !digits.isEmpty() && digits.length() <= most
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return valid ? Long.parseLong(digits) : -1;
    }
}
