package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * An entry of a directory as Rreaddir carries it.
 *
 * <pre>
 *   qid[13] offset[8] type[1] name[s]
 * </pre>
 *
 * @param offset the cookie with which a Treaddir goes on behind this entry
 * @param type the kind of file by the DT_ numbers of readdir(3): 4 a directory, 8 a file, 10 a symbolic link
 */
public record DirectoryEntry(Qid qid, long offset, int type, Text name) {
    public static final int FIFO = 1;
    public static final int CHARACTER_DEVICE = 2;
    public static final int DIRECTORY = 4;
    public static final int BLOCK_DEVICE = 6;
    public static final int FILE = 8;
    public static final int SYMLINK = 10;
    public static final int SOCKET = 12;

    private static final int BYTES_BEFORE_NAME = Qid.BYTES + 8 + 1 + 2;

    /**
     * Reads one at the reader index, and leaves that behind it.
     *
     * @throws MalformedMessageException if it is not whole
     */
    public static DirectoryEntry read(ByteBuf in) {
        if (in.readableBytes() < BYTES_BEFORE_NAME || in.readableBytes() - BYTES_BEFORE_NAME < in
                .getUnsignedShortLE(in.readerIndex() + BYTES_BEFORE_NAME - 2)) {
            throw new MalformedMessageException("a directory entry runs past the end of its Rreaddir");
        }
        return new DirectoryEntry(Qid.read(in), in.readLongLE(), in.readUnsignedByte(), Text.read(in));
    }

    /** Writes it at the writer index. */
    public void write(ByteBuf out) {
        qid.write(out);
        out.writeLongLE(offset).writeByte(type);
        name.write(out);
    }

    /** Its size on the wire, in bytes. */
    public int bytes() {
        return BYTES_BEFORE_NAME + name.length();
    }
}
