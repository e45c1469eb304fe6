package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Opens (or resets) a conversation: the largest message, and the dialect asked for (version(5)).
 *
 * <pre>
 *   size[4] Tversion[1] tag[2] msize[4] version[s]
 * </pre>
 */
public record Tversion(int msize, Text version) implements Tmessage {
    static Tversion read(ByteBuf in) {
        return new Tversion(in.readIntLE(), Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(msize);
        version.write(out);
    }
}
