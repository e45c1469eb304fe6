package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;

/**
 * A request failed, in words; 9P2000.u adds a number.
 *
 * <pre>
 *   size[4] Rerror[1] tag[2] ename[s] (errno[4])
 * </pre>
 */
public record Rerror(Text ename, OptionalInt errno) implements Rmessage {
    static Rerror read(ByteBuf in) {
        return new Rerror(Text.read(in), Fields.optionalInt(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        ename.write(out);
        errno.ifPresent(out::writeIntLE);
    }
}
