package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/**
 * Makes a file without a name in a directory, and opens it (open(2), O_TMPFILE); Tlink may give it one. Not of 9P2000.L: see
 * {@link MessageType#isExtended}.
 *
 * <pre>
 *   size[4] Ttmpfile[1] tag[2] fid[4] flags[4] mode[4] gid[4]
 * </pre>
 *
 * @param fid of the directory, and from the reply on of the file
 */
public record Ttmpfile(int fid, int flags, int mode, int gid) implements Tmessage {
    static Ttmpfile read(ByteBuf in) {
        return new Ttmpfile(in.readIntLE(), in.readIntLE(), in.readIntLE(), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeIntLE(flags).writeIntLE(mode).writeIntLE(gid);
    }
}
