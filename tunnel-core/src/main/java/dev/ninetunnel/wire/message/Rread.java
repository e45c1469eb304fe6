package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * What was read; nothing at the end of the file.
 *
 * <pre>
 *   size[4] Rread[1] tag[2] count[4] data[count]
 * </pre>
 *
 * <p>The data is a view of the frame that it was read from, and holds no reference to it: it is valid as long as
 * that is.
 */
public record Rread(ByteBuf data) implements Rmessage {
    static Rread read(ByteBuf in) {
        return new Rread(Fields.data(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        Fields.data(out, data);
    }
}
