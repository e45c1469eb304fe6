package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * What was agreed; {@code unknown} if nothing was.
 *
 * <pre>
 *   size[4] Rversion[1] tag[2] msize[4] version[s]
 * </pre>
 */
public record Rversion(int msize, Text version) implements Rmessage {
    static Rversion read(ByteBuf in) {
        return new Rversion(in.readIntLE(), Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(msize);
        version.write(out);
    }
}
