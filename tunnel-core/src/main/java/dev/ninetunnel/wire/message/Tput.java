package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Puts a whole file into a directory: it is written under a temporary name that nobody has, and appears when it is whole. Not of
 * 9P2000.L: see {@link MessageType#isExtended}.
 *
 * <pre>
 *   size[4] Tput[1] tag[2] fid[4] name[s] temporary[s] flags[4] mode[4] gid[4] mtime_sec[8] mtime_nsec[8] count[4] data[count]
 * </pre>
 *
 * <p>The data is a view of the frame that it was read from, and holds no reference to it: it is valid as long as that is.
 *
 * @param fid of the directory
 * @param flags 0 to replace what has the name, as Trenameat does; {@link #NO_REPLACE} to leave it (EEXIST)
 * @param mode permission bits, 07777
 */
public record Tput(int fid, Text name, Text temporary, int flags, int mode, int gid, long mtimeSec, long mtimeNsec,
        ByteBuf data) implements Tmessage {
    /** Of the flags, numbered as in renameat2(2). */
    public static final int NO_REPLACE = 1;

    static Tput read(ByteBuf in) {
        return new Tput(in.readIntLE(), Text.read(in), Text.read(in), in.readIntLE(), in.readIntLE(), in.readIntLE(),
                in.readLongLE(), in.readLongLE(), Fields.data(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
        name.write(out);
        temporary.write(out);
        out.writeIntLE(flags).writeIntLE(mode).writeIntLE(gid).writeLongLE(mtimeSec).writeLongLE(mtimeNsec);
        Fields.data(out, data);
    }
}
