package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Whole entries of a directory, one {@link DirectoryEntry} behind the other; none at its end.
 *
 * <pre>
 *   size[4] Rreaddir[1] tag[2] count[4] data[count]
 * </pre>
 *
 * <p>The data is a view of the frame that it was read from, and holds no reference to it: it is valid as long as
 * that is.
 */
public record Rreaddir(ByteBuf data) implements Rmessage {
    static Rreaddir read(ByteBuf in) {
        return new Rreaddir(Fields.data(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        Fields.data(out, data);
    }
}
