package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An entry of a directory as Rlist carries it: its name, and what is leased of its file.
 *
 * <pre>
 *   qid[13] offset[8] type[1] name[s] got[1] lease[8]
 *   and unless got is 0: attributes[153] target[s] open[1] n*(ecode[4]) has[1]
 *   and unless has is 0: count[4] data[count]
 * </pre>
 *
 * @param known empty if nothing is leased
 */
public record ListedEntry(DirectoryEntry entry, Optional<Known> known) {
    /** What {@code got} and {@code lease} take. */
    public static final int GRANT_BYTES = 1 + 8;
    /** What Rgetattr has behind its header. */
    public static final int ATTRIBUTE_BYTES = 153;

    /**
     * What is leased.
     *
     * @param got a sum of {@link dev.ninetunnel.wire.LeaseKinds}, not 0
     * @param lease its number
     * @param attributes all of them
     * @param target what a symbolic link says; else empty
     * @param opens whether the attach may open the file for reading
     * @param ecodes for each extended attribute that was asked for: the error by which the file says that it has none; 0
     *     if it may have it
     * @param content the whole of it, a view of the frame as for {@link Rlist}; empty if it does not come along
     */
    public record Known(int got, long lease, Rgetattr attributes, Text target, boolean opens, List<Integer> ecodes,
            Optional<ByteBuf> content) {
        public Known {
            ecodes = List.copyOf(ecodes);
        }

        private static Known read(int got, long lease, ByteBuf in, int attributes) {
            Rgetattr all = Rgetattr.read(need(in, ATTRIBUTE_BYTES));
            Text target = Text.read(need(in, 2 + need(in, 2).getUnsignedShortLE(in.readerIndex())));
            boolean opens = need(in, 1 + 4 * attributes).readBoolean();
            List<Integer> ecodes = new ArrayList<>(attributes);
            for (int i = 0; i < attributes; i++) {
                ecodes.add(in.readIntLE());
            }
            boolean has = need(in, 1).readBoolean();
            return new Known(got, lease, all, target, opens, ecodes,
                    has ? Optional.of(content(in)) : Optional.empty());
        }

        private static ByteBuf content(ByteBuf in) {
            int length = need(in, 4).readIntLE();
            return need(in, Integer.toUnsignedLong(length)).readSlice(length);
        }

        private void write(ByteBuf out) {
            attributes.writeBody(out);
            target.write(out);
            out.writeBoolean(opens);
            ecodes.forEach(out::writeIntLE);
            out.writeBoolean(content.isPresent());
            content.ifPresent(data -> Fields.data(out, data));
        }
    }

    /**
     * Reads one at the reader index, and leaves that behind it.
     *
     * @param attributes how many extended attributes were asked for
     * @throws MalformedMessageException if it is not whole
     */
    public static ListedEntry read(ByteBuf in, int attributes) {
        DirectoryEntry entry = DirectoryEntry.read(in);
        int got = need(in, GRANT_BYTES).readUnsignedByte();
        long lease = in.readLongLE();
        return new ListedEntry(entry,
                got == 0 ? Optional.empty() : Optional.of(Known.read(got, lease, in, attributes)));
    }

    private static ByteBuf need(ByteBuf in, long bytes) {
        if (in.readableBytes() < bytes) {
            throw new MalformedMessageException("an entry runs past the end of its Rlist");
        }
        return in;
    }

    /** Writes it at the writer index. */
    public void write(ByteBuf out) {
        entry.write(out);
        out.writeByte(known.map(Known::got).orElse(0)).writeLongLE(known.map(Known::lease).orElse(0L));
        known.ifPresent(leased -> leased.write(out));
    }
}
