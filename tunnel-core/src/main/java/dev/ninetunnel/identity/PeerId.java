package dev.ninetunnel.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a peer is known by: the SHA-256 of its public key, over the key's DER SubjectPublicKeyInfo (RFC 5280,
 * 4.1.2.7). It stays the same when the certificate around the key is renewed. OpenSSL computes it too:
 *
 * <pre>
 *   openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform der | sha256sum
 * </pre>
 *
 * @param hex 64 hexadecimal digits in lower case
 */
public record PeerId(String hex) implements Comparable<PeerId> {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

    public PeerId {
        if (!DIGITS.matcher(hex).matches()) {
            throw new IllegalArgumentException("a peer id is 64 hexadecimal digits in lower case, not \"" + hex + "\"");
        }
    }

    /** The id of the holder of this key's private half. */
    public static PeerId of(PublicKey key) {
        return new PeerId(HexFormat.of().formatHex(sha256(key.getEncoded())));
    }

    /**
     * Reads one as people paste it: digits in either case, a colon between bytes or none, {@code sha256:} before it or
     * not.
     *
     * @throws IllegalArgumentException if it is none, with a message for the person who typed it
     */
    public static PeerId parse(String text) {
        String digits = text.strip().toLowerCase(Locale.ROOT);
        if (digits.startsWith("sha256:")) {
            digits = digits.substring("sha256:".length());
        }
        if (digits.matches("[0-9a-f]{2}(:[0-9a-f]{2}){31}")) {
            digits = digits.replace(":", "");
        }
        if (!DIGITS.matcher(digits).matches()) {
            throw new IllegalArgumentException(
                    "\"" + printable(text) + "\" is not a peer id: it takes 64 hexadecimal digits, as `ninetunnel id`"
                            + " prints them on the peer's host");
        }
        return new PeerId(digits);
    }

    /** Enough of it to tell peers apart in a log: the first 12 digits. */
    public String brief() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(PeerId other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }

    /** What was typed, cut short, with no character that could move a cursor. */
    public static String printable(String text) {
        String cut = text.length() > 100 ? text.substring(0, 100) + "..." : text;
        return cut.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
