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
            out.codePoints().forEach(c -> append(shown, c));
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

    private static void append(StringBuilder shown, int c) {
        if (c == '\\') {
            shown.append("\\\\");
        } else if (misleads(c)) {
            for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                hex(shown, b & 0xFF);
            }
        } else {
            shown.appendCodePoint(c);
        }
    }

    /** Controls, and what has no shape of its own but changes how its neighbours look (such as U+202E or U+E0041). */
    private static boolean misleads(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static void hex(StringBuilder shown, int b) {
        shown.append("\\x").append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 15, 16));
    }
}
