package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Asks for the entries of a directory, and for leases on all that is said of them.
 *
 * <pre>
 *   size[4] Tlist[1] tag[2] fid[4] name[s] offset[8] count[4] data[4] n[2] n*(attr[s])
 * </pre>
 *
 * @param fid a directory, open or not; it stays what it is
 * @param name a directory in it, which is listed; empty for itself
 * @param offset 0, or the cookie of the entry behind which to go on, as for Treaddir
 * @param count the most bytes of entries
 * @param data regular files of up to so many bytes come with their content; 0 for none
 * @param attributes at most 16 names of extended attributes, of which each entry tells whether its file lacks them
 */
public record Tlist(int fid, Text name, long offset, int count, int data, List<Text> attributes) implements Tmessage {
    public Tlist {
        attributes = List.copyOf(attributes);
    }

    static Tlist read(ByteBuf in) {
        return new Tlist(in.readIntLE(), Text.read(in), in.readLongLE(), in.readIntLE(), in.readIntLE(),
                Fields.names(in));
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeIntLE(fid);
        name.write(out);
        out.writeLongLE(offset).writeIntLE(count).writeIntLE(data);
        Fields.names(out, attributes);
    }
}
