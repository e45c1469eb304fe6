package dev.ninetunnel.link.dial;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The answer to a Digest challenge (RFC 7616), which proves that one has the password without telling it: with MD5 or
 * SHA-256, each also with a session key, and with the protection {@code auth} or, as RFC 2069 had it, none.
 */
final class DigestAnswer {
    /** The better first. */
    private static final List<String> HASHES = List.of("SHA-256", "MD5");
    private static final String SESSION = "-SESS";
    private static final String COUNT = "00000001";

    private final Challenge challenge;
    private final String algorithm;
    private final String hash;
    private final boolean auth;
    private final Charset charset;

    private DigestAnswer(Challenge challenge) {
        this.challenge = challenge;
        this.algorithm = challenge.get("algorithm", "MD5");
        this.hash = algorithm.toUpperCase(Locale.ROOT).replaceFirst(SESSION + "$", "");
        this.auth = challenge.parameters().containsKey("qop");
        this.charset = challenge.get("charset", "").equalsIgnoreCase("UTF-8")
                ? StandardCharsets.UTF_8
                : StandardCharsets.ISO_8859_1;
    }

    /** For the best of these challenges that can be answered. */
    static Optional<DigestAnswer> best(List<Challenge> challenges) {
        return HASHES.stream().flatMap(hash -> challenges.stream().filter(DigestAnswer::canAnswer)
                .map(DigestAnswer::new).filter(answer -> answer.hash.equals(hash))).findFirst();
    }

    private static boolean canAnswer(Challenge c) {
        return c.scheme().equals("digest") && c.parameters().containsKey("nonce") && c.parameters().containsKey("realm")
                && Arrays.asList(c.get("qop", "auth").toLowerCase(Locale.ROOT).split("[,\\s]+", -1)).contains("auth");
    }

    /** The value for Proxy-Authorization. */
    String header(ProxyCredentials who, String method, String uri, String cnonce) {
        String realm = challenge.get("realm", "");
        boolean hidden = challenge.get("userhash", "").equalsIgnoreCase("true");
        String user = hidden
                ? "username=\"" + hashed(who.user() + ":" + realm) + "\", userhash=true"
                : userField(who.user());
        StringBuilder header = new StringBuilder("Digest ").append(user)
                .append(", realm=\"").append(realm)
                .append("\", nonce=\"").append(challenge.get("nonce", ""))
                .append("\", uri=\"").append(uri)
                .append("\", response=\"").append(response(who, method, uri, cnonce)).append('"');
        if (challenge.parameters().containsKey("algorithm")) {
            header.append(", algorithm=").append(algorithm);
        }
        if (challenge.parameters().containsKey("opaque")) {
            header.append(", opaque=\"").append(challenge.get("opaque", "")).append('"');
        }
        if (auth) {
            header.append(", qop=auth, nc=").append(COUNT).append(", cnonce=\"").append(cnonce).append('"');
        }
        return header.toString();
    }

    /** Letters that a quoted string cannot hold are written as in RFC 8187. */
    private static String userField(String user) {
        if (user.chars().allMatch(c -> c < 0x80)) {
            return "username=\"" + user.replaceAll("[\\\\\"]", "\\\\$0") + '"';
        }
        StringBuilder encoded = new StringBuilder("username*=UTF-8''");
        for (byte b : user.getBytes(StandardCharsets.UTF_8)) {
            if (Character.isLetterOrDigit(b & 0xFF) && b > 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private String response(ProxyCredentials who, String method, String uri, String cnonce) {
        String nonce = challenge.get("nonce", "");
        String a1 = hashed(who.user() + ":" + challenge.get("realm", "") + ":" + who.password());
        if (algorithm.toUpperCase(Locale.ROOT).endsWith(SESSION)) {
            a1 = hashed(a1 + ":" + nonce + ":" + cnonce);
        }
        String a2 = hashed(method + ":" + uri);
        return hashed(a1 + ":" + nonce + ":" + (auth ? COUNT + ":" + cnonce + ":auth:" : "") + a2);
    }

    private String hashed(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(hash).digest(text.getBytes(charset)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + hash, e);
        }
    }
}
