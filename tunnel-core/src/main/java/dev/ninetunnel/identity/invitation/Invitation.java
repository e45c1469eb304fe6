package dev.ninetunnel.identity.invitation;

import dev.ninetunnel.identity.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the one who is invited is given: where the inviter is, whose key is to be expected there, and the secret that
 * proves that it was given to them. As text, a <em>code</em>: {@code nt1-} and the Base64 of RFC 4648, section 5, of
 *
 * <pre>
 *   hosts[1] port[2] id[8] secret[16] inviter[32] host[hosts] check[4]
 * </pre>
 *
 * in network order, {@code check} being the first bytes of the SHA-256 of all before. Immutable.
 *
 * @param host a name or an address, without brackets
 * @param id by which the inviter finds the invitation, 16 hexadecimal digits: no secret, so that who does not have one
 *     cannot use up the tries of any
 * @param secret 128 random bits, in 32 hexadecimal digits
 */
public record Invitation(String host, int port, PeerId inviter, String id, String secret) {
    private static final String PREFIX = "nt1-";
    private static final Pattern CODE = Pattern.compile("nt1-[A-Za-z0-9_-]*");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:][A-Za-z0-9._:-]{0,252}");
    private static final HexFormat HEX = HexFormat.of();
    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int CHECK_BYTES = 4;
    /** All but the host. */
    private static final int FIXED_BYTES = 3 + ID_BYTES + SECRET_BYTES + KEY_BYTES + CHECK_BYTES;

    /** Throws {@link IllegalArgumentException}, with a message for people, for what no code can hold. */
    public Invitation {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "\"" + PeerId.printable(host) + "\" is no host that another one can look "
                            + "for: a name has letters, digits, dots and hyphens");
        }
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException(port + " is no port that can be dialled: they go from 1 to 65535");
        }
    }

    /** A new one, which cannot be guessed. */
    static Invitation random(String host, int port, PeerId inviter, SecureRandom random) {
        return new Invitation(host, port, inviter, digits(ID_BYTES, random), digits(SECRET_BYTES, random));
    }

    private static String digits(int bytes, SecureRandom random) {
        byte[] made = new byte[bytes];
        random.nextBytes(made);
        return HEX.formatHex(made);
    }

    /** Its text form. Anyone who reads it can take the place of the invited peer, until it is used. */
    public String code() {
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + name.length);
        bytes.put((byte) name.length).putShort((short) port).put(HEX.parseHex(id)).put(HEX.parseHex(secret))
                .put(HEX.parseHex(inviter.hex())).put(name);
        bytes.put(check(bytes.array(), bytes.position()));
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * Finds the code in a line, such as the whole command that {@code ninetunnel invite} prints.
     *
     * @throws IllegalArgumentException if there is none, or one that was cut or mistyped: with a message that says
     *     which, and shows nothing of it
     */
    public static Invitation parse(String line) {
        Matcher found = CODE.matcher(line);
        if (!found.find()) {
            throw new IllegalArgumentException("that is no invitation: the code begins with " + PREFIX
                    + ", as 'ninetunnel invite' prints it on the other host");
        }
        String digits = found.group().substring(PREFIX.length());
        byte[] bytes = decoded(digits);
        int whole = bytes.length == 0 ? FIXED_BYTES : FIXED_BYTES + (bytes[0] & 0xFF);
        if (digits.length() < encoded(whole)) {
            throw new IllegalArgumentException("the code is cut short: " + (PREFIX.length() + digits.length())
                    + " characters of " + (PREFIX.length() + encoded(whole))
                    + " are there. Copy all of it, as one line");
        }
        if (digits.length() > encoded(whole) || !checks(bytes)) {
            throw new IllegalArgumentException("the code is mistyped: something in it is not as 'ninetunnel invite' "
                    + "printed it. Copy it again, or ask for another invitation");
        }
        return read(ByteBuffer.wrap(bytes));
    }

    private static Invitation read(ByteBuffer bytes) {
        int hostBytes = bytes.get() & 0xFF;
        int port = bytes.getShort() & 0xFFFF;
        String id = take(bytes, ID_BYTES);
        String secret = take(bytes, SECRET_BYTES);
        PeerId inviter = new PeerId(take(bytes, KEY_BYTES));
        byte[] host = new byte[hostBytes];
        bytes.get(host);
        return new Invitation(new String(host, StandardCharsets.US_ASCII), port, inviter, id, secret);
    }

    private static String take(ByteBuffer from, int bytes) {
        byte[] taken = new byte[bytes];
        from.get(taken);
        return HEX.formatHex(taken);
    }

    /** As far as it goes: of one character too many at the end, nothing can be made. */
    private static byte[] decoded(String digits) {
        int usable = digits.length() % 4 == 1 ? digits.length() - 1 : digits.length();
        return Base64.getUrlDecoder().decode(digits.substring(0, usable));
    }

    private static int encoded(int bytes) {
        return (bytes * 4 + 2) / 3;
    }

    private static boolean checks(byte[] bytes) {
        int end = bytes.length - CHECK_BYTES;
        return Arrays.equals(check(bytes, end), Arrays.copyOfRange(bytes, end, bytes.length));
    }

    private static byte[] check(byte[] bytes, int length) {
        return Arrays.copyOf(sha256(Arrays.copyOf(bytes, length)), CHECK_BYTES);
    }

    /** What the inviter keeps of a secret: it is random, so its hash tells nothing, and no slow one is needed. */
    static byte[] hash(String id, String secret) {
        return sha256(("ninetunnel-pair/1 " + id + " " + secret).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Without the secret, for logs. */
    @Override
    public String toString() {
        return "invitation " + id + " to " + host + ":" + port;
    }
}
