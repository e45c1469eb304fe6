package dev.ninetunnel.endpoint.ui;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Who may see the page. A token opens it once, within two minutes; the browser that brings it gets a session, which a cookie names,
 * and which ends when it has not been used for twelve hours. There are few of both: the oldest make room. Any thread.
 */
final class PageKeys {
    static final Duration TOKEN_LIFE = Duration.ofMinutes(2);
    static final Duration SESSION_LIFE = Duration.ofHours(12);
    /** At a time, of tokens and of sessions. */
    static final int MOST = 8;
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final List<Token> tokens = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();

    private record Token(String text, Instant ends) {}

    /**
     * A browser that may see the page.
     *
     * @param cookie by which it is known
     * @param secret that its requests for a change carry, beside the cookie, which a browser adds by itself
     */
    record Session(String cookie, String secret, Instant ends) {
        /** Whether this is its secret. */
        boolean hasSecret(String text) {
            return same(secret, text);
        }
    }

    PageKeys(InstantSource clock) {
        this.clock = clock;
    }

    /** A new token. */
    synchronized String token() {
        Token made = new Token(chance(), clock.instant().plus(TOKEN_LIFE));
        add(tokens, made);
        return made.text;
    }

    /** Uses a token up. Empty if there is none such, any more. */
    synchronized Optional<Session> open(String token) {
        Instant now = clock.instant();
        tokens.removeIf(one -> !now.isBefore(one.ends));
        if (!tokens.removeIf(one -> same(one.text, token))) {
            return Optional.empty();
        }
        Session made = new Session(chance(), chance(), now.plus(SESSION_LIFE));
        add(sessions, made);
        return Optional.of(made);
    }

    /** The session that a cookie names, which goes on with it. */
    synchronized Optional<Session> session(String cookie) {
        Instant now = clock.instant();
        sessions.removeIf(one -> !now.isBefore(one.ends));
        Optional<Session> found = sessions.stream().filter(one -> same(one.cookie, cookie)).findFirst();
        found.ifPresent(one -> {
            sessions.remove(one);
            sessions.add(new Session(one.cookie, one.secret, now.plus(SESSION_LIFE)));
        });
        return found;
    }

    private static <T> void add(List<T> kept, T one) {
        kept.add(one);
        if (kept.size() > MOST) {
            kept.removeFirst();
        }
    }

    private String chance() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** In a time that tells nothing of how much is the same. */
    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
