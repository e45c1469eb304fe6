package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * The checksum.
 *
 * <pre>
 *   size[4] Rchecksum[1] tag[2] count[4] sum[s]
 * </pre>
 *
 * @param count of how many bytes it is: fewer than were asked for at the end of the file, or where the server has had enough
 * @param sum the 32 bytes of their SHA-256
 */
public record Rchecksum(int count, Text sum) implements Rmessage {
    static Rchecksum read(ByteBuf in) {
        return new Rchecksum(in.readIntLE(), Text.read(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(count);
        sum.write(out);
    }
}
