package dev.ninetunnel.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Brings a file to the disk; old clients leave datasync out, which means 0.
 *
 * <pre>
 *   size[4] Tfsync[1] tag[2] fid[4] (datasync[4])
 * </pre>
 */
public record Tfsync(int fid, int datasync) implements Tmessage {
    static Tfsync read(ByteBuf in) {
        return new Tfsync(in.readIntLE(), Fields.optionalInt(in).orElse(0));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeIntLE(datasync);
    }
}
