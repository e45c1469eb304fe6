package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Removes an entry; flags is 0x200 for a directory.
 *
 * <pre>
 *   size[4] Tunlinkat[1] tag[2] dirfd[4] name[s] flags[4]
 * </pre>
 */
public record Tunlinkat(int dirfd, Text name, int flags) implements Tmessage {
    static Tunlinkat read(ByteBuf in) {
        return new Tunlinkat(in.readIntLE(), Text.read(in), in.readIntLE());
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(dirfd);
        name.write(out);
        out.writeIntLE(flags);
    }
}
