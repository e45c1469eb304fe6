package dev.ninetunnel.client;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rcreate;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rreadlink;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Rsetattr;
import dev.ninetunnel.wire.message.Rstat;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rwstat;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Twstat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A few files in memory, served in one dialect to one client after the other. It can be told to read and write in
 * small pieces, to tell a wrong size, and to list and answer whatever a test likes: what no real server does.
 */
final class TinyServer implements Function<Tmessage, Rmessage> {
    /** A file, directory (children) or link (target). */
    static final class Node {
        byte[] bytes = {};
        Map<Text, Node> children;
        Text target;
        long told = -1;

        Qid qid() {
            return new Qid(children != null ? Qid.DIRECTORY : target != null ? Qid.SYMLINK : Qid.FILE, 0,
                    System.identityHashCode(this));
        }

        int mode() {
            return children != null ? 0040755 : target != null ? 0120777 : 0100644;
        }

        long size() {
            return told >= 0 ? told : bytes.length;
        }
    }

    record Bound(Node node, Node parent, Text name) {}

    /** Thrown to answer with an error. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Errno errno;

        Refusal(Errno errno) {
            this.errno = errno;
        }
    }

    final Node root = directory();
    final Map<Integer, Bound> fids = new ConcurrentHashMap<>();
    private final Dialect dialect;
    int mostAtOnce = Integer.MAX_VALUE;
    Function<Tmessage, Rmessage> before = _ -> null;

    TinyServer(Dialect dialect) {
        this.dialect = dialect;
    }

    static Node directory() {
        Node node = new Node();
        node.children = new TreeMap<>();
        return node;
    }

    static Node file(byte[] bytes) {
        Node node = new Node();
        node.bytes = bytes;
        return node;
    }

    static Node link(String target) {
        Node node = new Node();
        node.target = Text.of(target);
        return node;
    }

    /** Puts a node into the root. Returns it. */
    Node put(String name, Node node) {
        root.children.put(Text.of(name), node);
        return node;
    }

    @Override
    public Rmessage apply(Tmessage request) {
        try {
            Rmessage odd = before.apply(request);
            return odd != null ? odd : answer(request);
        } catch (Refusal refusal) {
            return dialect == Dialect.LINUX
                    ? new Rlerror(refusal.errno.number())
                    : new Rerror(Text.of(refusal.errno.words()), OptionalInt.empty());
        }
    }

    private Rmessage answer(Tmessage request) {
        return switch (request) {
            case Tversion t -> new Rversion(t.msize(), Text.of(dialect.version()));
            case Tattach t -> new Rattach(bind(t.fid(), new Bound(root, root, Text.EMPTY)));
            case Twalk t -> walk(t);
            case Tgetattr t -> attributes(bound(t.fid()).node);
            case Tstat t -> new Rstat(stat(bound(t.fid())));
            case Tlopen t -> new Rlopen(bound(t.fid()).node.qid(), 0);
            case Topen t -> open(t);
            case Treaddir t -> new Rreaddir(entries(bound(t.fid()).node, t.offset(), t.count()));
            case Tread t -> new Rread(read(bound(t.fid()).node, t.offset(), t.count()));
            case Twrite t -> new Rwrite(write(bound(t.fid()).node, (int) t.offset(), t.data()));
            case Tlcreate t -> new Rlcreate(create(t.fid(), t.name(), file(new byte[0])), 0);
            case Tcreate t -> new Rcreate(create(t.fid(), t.name(), t.perm() < 0 ? directory() : file(new byte[0])), 0);
            case Tsetattr t -> setSize(bound(t.fid()).node, t.size());
            case Treadlink t -> new Rreadlink(bound(t.fid()).node.target);
            case Twstat t -> rename(bound(t.fid()), t.stat().name());
            case Tremove t -> remove(t.fid());
            case Tclunk t -> clunk(t.fid());
            default -> throw new Refusal(Errno.EOPNOTSUPP);
        };
    }

    private Qid bind(int fid, Bound bound) {
        fids.put(fid, bound);
        return bound.node.qid();
    }

    private Bound bound(int fid) {
        Bound bound = fids.get(fid);
        if (bound == null) {
            throw new Refusal(Errno.EBADF);
        }
        return bound;
    }

    private Rmessage walk(Twalk t) {
        Bound at = bound(t.fid());
        if (t.names().size() > 16 || (t.newfid() != t.fid() && fids.containsKey(t.newfid()))) {
            throw new Refusal(Errno.EINVAL);
        }
        List<Qid> qids = new ArrayList<>();
        for (Text name : t.names()) {
            Node next = at.node.children == null ? null : at.node.children.get(name);
            if (next == null && qids.isEmpty()) {
                throw new Refusal(Errno.ENOENT);
            }
            if (next == null) {
                return new Rwalk(qids);
            }
            at = new Bound(next, at.node, name);
            qids.add(next.qid());
        }
        bind(t.newfid(), at);
        return new Rwalk(qids);
    }

    private static Rgetattr attributes(Node node) {
        return new Rgetattr(0x7ff, node.qid(), node.mode(), 1000, 1000, 1, 0, node.size(), 4096, 0, 0, 0, 5, 6, 0, 0,
                0, 0, 0, 0);
    }

    private static Stat stat(Bound bound) {
        Node node = bound.node;
        return new Stat(0, 0, node.qid(), node.children != null ? 0x800001ed : 0x1a4, 0, 5, node.size(), bound.name,
                Text.of("glenda"), Text.of("sys"), Text.EMPTY, Optional.empty());
    }

    private Rmessage open(Topen t) {
        Node node = bound(t.fid()).node;
        if ((t.mode() & 0x10) != 0) {
            node.bytes = new byte[0];
        }
        return new Ropen(node.qid(), 0);
    }

    private static ByteBuf entries(Node node, long offset, int count) {
        ByteBuf data = Unpooled.buffer();
        long cookie = 0;
        for (var child : node.children.entrySet()) {
            DirectoryEntry entry = new DirectoryEntry(child.getValue().qid(), ++cookie,
                    child.getValue().mode() >> 12, child.getKey());
            if (cookie > offset && data.readableBytes() + entry.bytes() <= count) {
                entry.write(data);
            } else if (cookie > offset) {
                break;
            }
        }
        return data;
    }

    private ByteBuf read(Node node, long offset, int count) {
        byte[] bytes = node.bytes;
        int most = Math.min(count, mostAtOnce);
        if (node.children != null) {
            ByteBuf stats = Unpooled.buffer();
            node.children.forEach((name, child) -> stat(new Bound(child, node, name)).write(stats));
            bytes = ByteBufUtil.getBytes(stats);
            most = wholeStats(stats, (int) offset, count);
        }
        int from = (int) Math.min(offset, bytes.length);
        return Unpooled.wrappedBuffer(bytes, from, Math.min(most, bytes.length - from));
    }

    private static int wholeStats(ByteBuf stats, int offset, int count) {
        int end = offset;
        while (end < stats.readableBytes() && end + 2 + stats.getUnsignedShortLE(end) - offset <= count) {
            end += 2 + stats.getUnsignedShortLE(end);
        }
        return end - offset;
    }

    private int write(Node node, int offset, ByteBuf data) {
        int n = Math.min(data.readableBytes(), mostAtOnce);
        node.bytes = Arrays.copyOf(node.bytes, Math.max(node.bytes.length, offset + n));
        data.getBytes(data.readerIndex(), node.bytes, offset, n);
        return n;
    }

    private Qid create(int fid, Text name, Node made) {
        Node parent = bound(fid).node;
        parent.children.put(name, made);
        return bind(fid, new Bound(made, parent, name));
    }

    private static Rmessage setSize(Node node, long size) {
        node.bytes = Arrays.copyOf(node.bytes, (int) size);
        return new Rsetattr();
    }

    private static Rmessage rename(Bound bound, Text name) {
        bound.parent.children.remove(bound.name);
        bound.parent.children.put(name, bound.node);
        return new Rwstat();
    }

    private Rmessage remove(int fid) {
        Bound bound = bound(fid);
        fids.remove(fid);
        if (bound.node.children != null && !bound.node.children.isEmpty()) {
            throw new Refusal(Errno.ENOTEMPTY);
        }
        bound.parent.children.remove(bound.name);
        return new Rremove();
    }

    private Rmessage clunk(int fid) {
        bound(fid);
        fids.remove(fid);
        return new Rclunk();
    }
}
