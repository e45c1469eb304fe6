package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * Makes a file or directory in the one that fid stands for, and opens it (open(5)); 9P2000.u adds an extension for
 * special files.
 *
 * <pre>
 *   size[4] Tcreate[1] tag[2] fid[4] name[s] perm[4] mode[1] (extension[s])
 * </pre>
 */
public record Tcreate(int fid, Text name, int perm, int mode, Optional<Text> extension) implements Tmessage {
    static Tcreate read(ByteBuf in) {
        return new Tcreate(in.readIntLE(), Text.read(in), in.readIntLE(), in.readUnsignedByte(),
                Fields.optionalText(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
        name.write(out);
        out.writeIntLE(perm).writeByte(mode);
        extension.ifPresent(t -> t.write(out));
    }
}
