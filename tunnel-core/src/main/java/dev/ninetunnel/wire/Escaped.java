package dev.ninetunnel.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Bytes from the wire, made safe to show on a terminal or in a log: whatever could move a cursor, end a line or pass
 * for something else is written as {@code \xNN}.
 */
public final class Escaped {
    private Escaped() {}

    /** The bytes as UTF-8, escaped. */
    public static String of(byte[] bytes) {
        StringBuilder shown = new StringBuilder(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        while (true) {
            var result = decoder.decode(in, out, true);
            out.flip();
            out.chars().forEach(c -> append(shown, (char) c));
            out.clear();
            if (!result.isError()) {
                return shown.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                hex(shown, in.get() & 0xFF);
            }
            decoder.reset();
        }
    }

    /** The string, escaped. */
    public static String of(String s) {
        return of(s.getBytes(StandardCharsets.UTF_8));
    }

    private static void append(StringBuilder shown, char c) {
        if (c == '\\') {
            shown.append("\\\\");
        } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == '\u2028'
                || c == '\u2029') {
            for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                hex(shown, b & 0xFF);
            }
        } else {
            shown.append(c);
        }
    }

    private static void hex(StringBuilder shown, int b) {
        shown.append("\\x").append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 15, 16));
    }
}
