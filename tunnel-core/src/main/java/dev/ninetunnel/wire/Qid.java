package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;

/**
 * A server's name for a file: two files are the same if their qids' paths are (intro(5)).
 *
 * <pre>
 *   type[1] version[4] path[8]
 * </pre>
 *
 * @param type the high byte of the file's mode, a set of the constants here
 * @param version changes with the file's content
 * @param path unique among all files of the server, and never used again for another
 */
public record Qid(int type, int version, long path) {
    /** Bytes on the wire. */
    public static final int BYTES = 13;

    public static final int DIRECTORY = 0x80;
    public static final int APPEND = 0x40;
    public static final int EXCLUSIVE = 0x20;
    public static final int AUTH = 0x08;
    public static final int SYMLINK = 0x02;
    public static final int FILE = 0x00;

    /** Reads one at the reader index. */
    public static Qid read(ByteBuf in) {
        return new Qid(in.readUnsignedByte(), in.readIntLE(), in.readLongLE());
    }

    /** Writes it at the writer index. */
    public void write(ByteBuf out) {
        out.writeByte(type).writeIntLE(version).writeLongLE(path);
    }

    public boolean isDirectory() {
        return (type & DIRECTORY) != 0;
    }
}
