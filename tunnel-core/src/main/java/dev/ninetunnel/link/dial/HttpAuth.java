package dev.ninetunnel.link.dial;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Answers the question of an HTTP proxy who one is: by Digest if the proxy takes that, for then the password does not
 * travel, else by Basic (RFC 7617).
 */
final class HttpAuth {
    private static final int NONCE_BYTES = 16;

    private final RandomGenerator random;

    HttpAuth(RandomGenerator random) {
        this.random = random;
    }

    /** What the proxy offers with its refusal. */
    static List<Challenge> challenges(Throwable refusal) {
        return refusal instanceof HttpConnect.RefusedException e
                ? Challenge.parse(e.answer.challenges())
                : List.of();
    }

    static boolean canAnswer(List<Challenge> challenges) {
        return DigestAnswer.best(challenges).isPresent() || hasBasic(challenges);
    }

    /** Whether the proxy says that the answer was right but for its age: it wants the same with a new nonce. */
    static boolean isStale(List<Challenge> challenges) {
        return challenges.stream().anyMatch(c -> c.get("stale", "").equalsIgnoreCase("true"));
    }

    private static boolean hasBasic(List<Challenge> challenges) {
        return challenges.stream().anyMatch(c -> c.scheme().equals("basic"));
    }

    /**
     * The value for Proxy-Authorization, if there is a challenge that can be answered.
     *
     * @param target what CONNECT names, {@code HOST:PORT}
     */
    Optional<String> answer(List<Challenge> challenges, ProxyCredentials who, String target) {
        return DigestAnswer.best(challenges).map(digest -> digest.header(who, "CONNECT", target, nonce()))
                .or(() -> hasBasic(challenges) ? Optional.of(basic(who)) : Optional.empty());
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String basic(ProxyCredentials who) {
        return "Basic " + Base64.getEncoder()
                .encodeToString((who.user() + ":" + who.password()).getBytes(StandardCharsets.UTF_8));
    }
}
