package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Walks down from fid by at most 16 names, and makes newfid stand for where that leads (walk(5)).
 *
 * <pre>
 *   size[4] Twalk[1] tag[2] fid[4] newfid[4] nwname[2] nwname*(wname[s])
 * </pre>
 */
public record Twalk(int fid, int newfid, List<Text> names) implements Tmessage {
    public Twalk {
        names = List.copyOf(names);
    }

    static Twalk read(ByteBuf in) {
        return new Twalk(in.readIntLE(), in.readIntLE(), Fields.names(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid).writeIntLE(newfid);
        Fields.names(out, names);
    }
}
