package dev.ninetunnel.cache;

import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.ListedEntry;
import dev.ninetunnel.wire.message.Rlist;
import dev.ninetunnel.wire.message.Rlopen;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks for entries of a directory with what they are. What the answer says of a file is kept by that file's own lease: a break, or a
 * change of our own, that comes meanwhile takes what it concerns and leaves the rest (rules 7 and 10).
 */
abstract class Entries extends Ask {
    /** Files of up to so many bytes may bring their content. */
    static final int MOST_CONTENT = 64 << 10;
    private static final Text HERE = Text.of(".");
    private static final Text PARENT = Text.of("..");
    /** In the body of Rgetattr: what was asked for, and the file. */
    private static final int QID_AT = Long.BYTES;

    /** One of them, and where in the reply it begins. */
    record Entry(int at, ListedEntry listed) {}

    private final List<Text> attributes;

    /** Of this directory, with the errors of these extended attributes. */
    Entries(Holder holder, Inode directory, List<Text> attributes) {
        super(holder, directory);
        this.attributes = attributes;
    }

    /**
     * What an Rlist, which stays its owner's, has.
     *
     * @throws MalformedMessageException if that cannot be read
     */
    List<Entry> entries(ByteBuf reply) {
        List<Entry> all = new ArrayList<>();
        ByteBuf in = reply.slice().skipBytes(Rlist.ENTRIES_AT);
        while (in.isReadable()) {
            int at = reply.readerIndex() + in.readerIndex();
            all.add(new Entry(at, ListedEntry.read(in, attributes.size())));
        }
        return all;
    }

    /** Keeps what was told, by the lease on the names of the directory and those on its files. Returns its bytes, roughly. */
    long keep(Lease directory, List<Entry> entries, ByteBuf reply) {
        long bytes = 0;
        for (Entry entry : entries) {
            Text name = entry.listed.entry().name();
            Lease of = name.equals(PARENT) ? null : lease(directory, entry, reply);
            if (!name.equals(HERE) && !name.equals(PARENT)) {
                directory.entry(name, entry.listed.entry().qid(), of);
                bytes += Lease.OVERHEAD_OF_NAME + (of == null ? 0 : of.bytes());
            }
        }
        holder.grown(directory);
        return bytes;
    }

    /** The lease by which the file of an entry is known now; null if it is not. */
    private Lease lease(Lease directory, Entry entry, ByteBuf reply) {
        ListedEntry.Known known = entry.listed.known().orElse(null);
        Qid qid = entry.listed.entry().qid();
        if (known == null) {
            return null;
        }
        Inode of = holder.inode(qid.path());
        boolean isOwn = of == inode;
        boolean isOthers = !isOwn && known.lease() == directory.number;
        if (!isKept(of.path, known.lease()) || holder.ownChanges.areOpen() || isOthers || !says(known, qid)) {
            holder.release(of);
            return null;
        }
        Lease lease = holder.granted(known.lease(), of, known.got());
        keep(lease, entry, known, reply);
        holder.grown(lease);
        return lease;
    }

    private static boolean says(ListedEntry.Known known, Qid qid) {
        return known.attributes().qid().path() == qid.path();
    }

    private void keep(Lease lease, Entry entry, ListedEntry.Known known, ByteBuf reply) {
        if (!lease.holds(LeaseKinds.ATTRIBUTES)) {
            return;
        }
        int at = entry.at + entry.listed.entry().bytes() + ListedEntry.GRANT_BYTES;
        lease.attributes(ByteBufUtil.getBytes(reply, at, ListedEntry.ATTRIBUTE_BYTES), Lease.ALL_ATTRIBUTES);
        Qid qid = Qid.read(Unpooled.wrappedBuffer(lease.attributes(), QID_AT, Qid.BYTES));
        if (qid.type() == Qid.SYMLINK) {
            lease.target = text(known.target());
        }
        if (known.opens()) {
            lease.opened = opened(qid);
        }
        for (int i = 0; i < attributes.size(); i++) {
            if (known.ecodes().get(i) != 0) {
                lease.withoutAttribute(attributes.get(i), known.ecodes().get(i));
            }
        }
        if (lease.holds(LeaseKinds.DATA)) {
            known.content().ifPresent(content -> lease.contents().whole(ByteBufUtil.getBytes(content)));
        }
    }

    private static byte[] text(Text text) {
        ByteBuf out = Unpooled.buffer(2 + text.length());
        text.write(out);
        return out.array();
    }

    private static byte[] opened(Qid qid) {
        ByteBuf out = Unpooled.buffer(Qid.BYTES + Integer.BYTES);
        new Rlopen(qid, 0).writeBody(out);
        return out.array();
    }
}
