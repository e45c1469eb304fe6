package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A string of the wire: bytes, by custom UTF-8, in fact whatever a file system's names are made of. It is kept as
 * bytes from end to end, so that a name that is not UTF-8 comes out as it went in.
 *
 * <pre>
 *   len[2] bytes[len]
 * </pre>
 */
public final class Text implements Comparable<Text> {
    /** The longest that the wire can carry, in bytes. */
    public static final int MAX_BYTES = 0xFFFF;
    /** Of no bytes. */
    public static final Text EMPTY = new Text(new byte[0]);

    private final byte[] bytes;

    private Text(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a string of " + bytes.length + " bytes: 9P carries " + MAX_BYTES);
        }
        this.bytes = bytes;
    }

    /** With the UTF-8 bytes of a string. */
    public static Text of(String s) {
        return s.isEmpty() ? EMPTY : new Text(s.getBytes(StandardCharsets.UTF_8));
    }

    /** With a copy of these bytes. */
    public static Text of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Text(bytes.clone());
    }

    /** Reads one at the reader index of a frame whose shape has been checked. */
    public static Text read(ByteBuf in) {
        int length = in.readUnsignedShortLE();
        if (length == 0) {
            return EMPTY;
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return new Text(bytes);
    }

    /** Writes it, length first, at the writer index. */
    public void write(ByteBuf out) {
        out.writeShortLE(bytes.length).writeBytes(bytes);
    }

    /** A copy of its bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The number of its bytes. */
    public int length() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** As UTF-8, with the replacement character for what is not: to compare with words of the protocol, not to show. */
    public String utf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(Text other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && Arrays.equals(bytes, text.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** For people: control characters and bytes that are not UTF-8 are escaped as {@code \xNN}, a backslash doubled. */
    @Override
    public String toString() {
        return Escaped.of(bytes);
    }
}
