package dev.ninetunnel.cache;

import static dev.ninetunnel.cache.Stage.A;
import static dev.ninetunnel.cache.Stage.D;
import static dev.ninetunnel.cache.Stage.LEASE;
import static dev.ninetunnel.cache.Stage.N;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.ListedEntry;
import dev.ninetunnel.wire.message.Rbehind;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlist;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tbehind;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A far side that answers in rounds: all that was asked in one round trip is answered at its end. Its directories tell their entries in
 * an order that is not that of their names.
 */
final class FarDisk {
    /** A file or directory of it. */
    final class Node {
        final Qid qid;
        private String content;
        final Map<String, Node> children = new TreeMap<>();

        private Node(int type, String content) {
            this.qid = new Qid(type, 1, next++);
            this.content = content;
        }

        Node directory(String name) {
            Node made = new Node(Qid.DIRECTORY, "");
            children.put(name, made);
            return made;
        }

        void file(String name, String text) {
            children.put(name, new Node(Qid.FILE, text));
        }

        private boolean isDirectory() {
            return qid.isDirectory();
        }

        int bytes() {
            return content.length();
        }

        private int grants() {
            return A | (isDirectory() ? N : 0);
        }

        private Rgetattr attributes() {
            return Stage.attributes(qid, content.length());
        }

        /** In the order of their cookies, from 3 on. */
        private List<Map.Entry<String, Node>> entries() {
            List<Map.Entry<String, Node>> all = new ArrayList<>(children.entrySet());
            if (!isSorted) {
                all.sort(Collections.reverseOrder(Map.Entry.comparingByKey()));
            }
            return all;
        }
    }

    private final Stage stage;
    private final Map<Integer, Node> fids = new HashMap<>();
    private long next = 1;
    /** Whether directories tell their entries in the order of their names. */
    boolean isSorted;
    final Node root = new Node(Qid.DIRECTORY, "");
    int rounds;
    int messages;
    /** Of those, the ones for a directory at once. */
    int lists;

    /** A program of a client that has attached. */
    Program program() {
        return new Program(this, stage.attached());
    }

    FarDisk(Stage stage) {
        this.stage = stage;
        fids.put(0, root);
    }

    /** Answers what has been asked by now, in order. */
    void round() {
        rounds++;
        for (Stage.Asking asking : List.copyOf(stage.asked)) {
            messages++;
            answer(asking);
        }
    }

    private void answer(Stage.Asking asking) {
        switch (asking.message) {
            case Twalk walk -> walk(asking, walk);
            case Tgetattr getattr -> {
                Node node = fids.get(getattr.fid());
                if (node == null) {
                    asking.reply(new Rlerror(Errno.EBADF.number()));
                } else {
                    int exclusive = node.isDirectory() ? 0 : asking.want & LeaseKinds.EXCLUSIVE;
                    asking.reply(node.attributes(), node.grants() | exclusive, LEASE + node.qid.path());
                }
            }
            case Tlopen open -> {
                Node node = fids.get(open.fid());
                asking.reply(new Rlopen(node.qid, 0), node.grants(), LEASE + node.qid.path());
            }
            case Txattrwalk walk -> {
                Node node = fids.get(walk.fid());
                asking.reply(new Rlerror(Errno.ENODATA.number()), A, LEASE + node.qid.path());
            }
            case Tread read -> read(asking, read);
            case Treaddir read -> {
                Node node = fids.get(read.fid());
                ByteBuf out = Unpooled.buffer();
                list(node, read.offset(), read.count(), (entry, of) -> entry.write(out));
                asking.reply(new Rreaddir(out), node.grants(), LEASE + node.qid.path());
            }
            case Tlist list -> {
                lists++;
                list(asking, list);
            }
            case Tlcreate create -> {
                Node directory = fids.get(create.fid());
                directory.file(create.name().utf8(), "");
                Node made = directory.children.get(create.name().utf8());
                fids.put(create.fid(), made);
                asking.reply(new Rlcreate(made.qid, 0), asking.want & N, LEASE + directory.qid.path());
            }
            case Tunlinkat unlink -> {
                Node directory = fids.get(unlink.dirfd());
                directory.children.remove(unlink.name().utf8());
                asking.reply(new Runlinkat(), asking.want & N, LEASE + directory.qid.path());
            }
            case Twrite write -> {
                fids.get(write.fid()).content = write.data().toString(UTF_8);
                asking.reply(new Rwrite(write.data().readableBytes()));
            }
            case Tbehind write -> {
                fids.get(write.fid()).content = write.data().toString(UTF_8);
                asking.reply(new Rbehind(write.data().readableBytes()));
            }
            case Tclunk clunk -> {
                fids.remove(clunk.fid());
                asking.reply(new Rclunk());
            }
            default -> throw new AssertionError(asking);
        }
    }

    private void walk(Stage.Asking asking, Twalk walk) {
        Node at = fids.get(walk.fid());
        List<Qid> qids = new ArrayList<>();
        for (Text name : walk.names()) {
            Node to = at.children.get(name.utf8());
            if (to == null) {
                asking.reply(qids.isEmpty() ? new Rlerror(Errno.ENOENT.number()) : new Rwalk(qids),
                        qids.isEmpty() ? N : 0, LEASE + at.qid.path());
                return;
            }
            qids.add(to.qid);
            at = to;
        }
        fids.put(walk.newfid(), at);
        asking.reply(new Rwalk(qids), at.grants(), LEASE + at.qid.path());
    }

    private void read(Stage.Asking asking, Tread read) {
        Node node = fids.get(read.fid());
        byte[] bytes = node.content.getBytes(UTF_8);
        int from = (int) Math.min(bytes.length, read.offset());
        int to = Math.min(bytes.length, from + read.count());
        asking.reply(new Rread(Unpooled.wrappedBuffer(bytes, from, to - from)), asking.want & (A | D),
                LEASE + node.qid.path());
    }

    /** Takes an entry, if there is room for it. */
    private interface Taker {
        void take(DirectoryEntry entry, Node node);
    }

    /** Hands out the entries behind an offset that fit. Returns whether these are the last. */
    private boolean list(Node node, long offset, int count, Taker taker) {
        List<DirectoryEntry> entries = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        entries.add(new DirectoryEntry(node.qid, 1, DirectoryEntry.DIRECTORY, Text.of(".")));
        nodes.add(node);
        entries.add(new DirectoryEntry(root.qid, 2, DirectoryEntry.DIRECTORY, Text.of("..")));
        nodes.add(root);
        for (Map.Entry<String, Node> child : node.entries()) {
            boolean directory = child.getValue().isDirectory();
            entries.add(new DirectoryEntry(child.getValue().qid, entries.size() + 1,
                    directory ? DirectoryEntry.DIRECTORY : DirectoryEntry.FILE, Text.of(child.getKey())));
            nodes.add(child.getValue());
        }
        int left = count;
        for (int i = (int) offset; i < entries.size(); i++) {
            left -= entries.get(i).bytes();
            if (left < 0) {
                return false;
            }
            taker.take(entries.get(i), nodes.get(i));
        }
        return true;
    }

    private void list(Stage.Asking asking, Tlist list) {
        Node at = fids.get(list.fid());
        Node node = at == null || list.name().isEmpty() ? at : at.children.get(list.name().utf8());
        if (node == null) {
            asking.reply(new Rlerror(Errno.ENOENT.number()));
            return;
        }
        ByteBuf out = Unpooled.buffer();
        boolean[] full = new boolean[1];
        boolean last = list(node, list.offset(), Integer.MAX_VALUE, (entry, of) -> {
            ByteBuf one = Unpooled.buffer();
            new ListedEntry(entry, known(entry, of, list)).write(one);
            full[0] |= out.readableBytes() + one.readableBytes() > list.count();
            if (!full[0]) {
                out.writeBytes(one);
            }
        });
        asking.reply(new Rlist(A | N, LEASE + node.qid.path(), last && !full[0] ? 0 : 1, out));
    }

    private Optional<ListedEntry.Known> known(DirectoryEntry entry, Node node, Tlist list) {
        if (entry.name().utf8().equals("..")) {
            return Optional.empty();
        }
        boolean has = !node.isDirectory() && node.content.length() <= list.data();
        return Optional.of(new ListedEntry.Known(node.grants() | (has ? D : 0), LEASE + node.qid.path(),
                node.attributes(), Text.EMPTY, true,
                Collections.nCopies(list.attributes().size(), Errno.ENODATA.number()),
                has ? Optional.of(Unpooled.copiedBuffer(node.content, UTF_8)) : Optional.empty()));
    }
}
