package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * Where it points to.
 *
 * <pre>
 *   size[4] Rreadlink[1] tag[2] target[s]
 * </pre>
 */
public record Rreadlink(Text target) implements Rmessage {
    static Rreadlink read(ByteBuf in) {
        return new Rreadlink(Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        target.write(out);
    }
}
