package dev.ninetunnel.linux;

import java.nio.file.Path;

/** The bytes that a path of this system stands for, which java.nio keeps to itself. */
public final class PathBytes {
    private PathBytes() {}

    /** What a file URI escapes are the very bytes, also where they are no text in the locale's charset. */
    public static byte[] of(Path path) {
        String uri = path.toUri().getRawPath();
        byte[] bytes = new byte[uri.length()];
        int length = 0;
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) == '%') {
                bytes[length++] = (byte) Integer.parseInt(uri.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                bytes[length++] = (byte) uri.charAt(i);
            }
        }
        return java.util.Arrays.copyOf(bytes, length);
    }
}
