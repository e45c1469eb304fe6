package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The fields that are more than one integer. Reading trusts the shape, which has been checked. */
final class Fields {
    private Fields() {}

    static ByteBuf data(ByteBuf in) {
        return in.readSlice(in.readIntLE());
    }

    static void data(ByteBuf out, ByteBuf data) {
        out.writeIntLE(data.readableBytes()).writeBytes(data, data.readerIndex(), data.readableBytes());
    }

    static List<Text> names(ByteBuf in) {
        int n = in.readUnsignedShortLE();
        List<Text> names = new ArrayList<>(Math.min(n, 16));
        for (int i = 0; i < n; i++) {
            names.add(Text.read(in));
        }
        return names;
    }

    static void names(ByteBuf out, List<Text> names) {
        out.writeShortLE(short16(names.size(), "names"));
        names.forEach(name -> name.write(out));
    }

    static List<Qid> qids(ByteBuf in) {
        int n = in.readUnsignedShortLE();
        List<Qid> qids = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            qids.add(Qid.read(in));
        }
        return qids;
    }

    static void qids(ByteBuf out, List<Qid> qids) {
        out.writeShortLE(short16(qids.size(), "qids"));
        qids.forEach(qid -> qid.write(out));
    }

    /** n[2] and a stat of that many bytes. */
    static Stat stat(ByteBuf in) {
        return Stat.read(in.readSlice(in.readUnsignedShortLE()));
    }

    static void stat(ByteBuf out, Stat stat) {
        int start = out.writerIndex();
        out.writeShortLE(0);
        stat.write(out);
        out.setShortLE(start, short16(out.writerIndex() - start - 2, "bytes of a stat"));
    }

    /** A count that the wire carries in two bytes. */
    static int short16(int count, String what) {
        if (count > 0xFFFF) {
            throw new IllegalArgumentException(count + " " + what + ": 9P carries at most " + 0xFFFF);
        }
        return count;
    }

    static OptionalInt optionalInt(ByteBuf in) {
        return in.isReadable() ? OptionalInt.of(in.readIntLE()) : OptionalInt.empty();
    }

    static Optional<Text> optionalText(ByteBuf in) {
        return in.isReadable() ? Optional.of(Text.read(in)) : Optional.empty();
    }
}
