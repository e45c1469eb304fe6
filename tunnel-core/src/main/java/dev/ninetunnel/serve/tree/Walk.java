package dev.ninetunnel.serve.tree;

import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Trail;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.AttachScope;
import dev.ninetunnel.export.ClaimedUser;
import dev.ninetunnel.export.EntryNames;
import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.UserMapping;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Twalk (walk(5)): a name at a time, never through a symbolic link, never above what was attached to (rules S11, S12), and
 * to nothing that has been moved out of that (S22). The first name that fails is an error; a later one ends the walk there, and nothing is made.
 */
final class Walk {
    private static final int MOST_NAMES = 16;

    private final Exports exports;
    private final Trail trail;
    private final DescriptorShare share;

    Walk(Exports exports, Trail trail, DescriptorShare share) {
        this.share = share;
        this.exports = exports;
        this.trail = trail;
    }

    /** Where a walk has come to. The node belongs to the holder of the step. */
    private record Step(Node node, AttachScope area, Text name) {}

    ByteBuf answer(TreeRequest r, Twalk t) throws FsException {
        if (t.names().size() > MOST_NAMES) {
            throw new FsException(Errno.EINVAL);
        }
        TreeFid from = r.fid;
        from.requireFile();
        if (t.names().isEmpty() && t.newfid() == t.fid()) {
            return r.reply(new Rwalk(List.of()));
        }
        List<Qid> qids = new ArrayList<>(t.names().size());
        Step at = new Step(from.node.duplicate(), from.area, from.name);
        boolean arrived = false;
        try {
            for (Text name : t.names()) {
                Step next = next(at, name, qids);
                if (next == null) {
                    at.area.requireHolds(at.node);
                    return r.reply(new Rwalk(qids));
                }
                at.node.close();
                at = next;
                qids.add(exports.qids().of(at.node.attributes(), from.dialect()));
            }
            if (!t.names().isEmpty()) {
                at.area.requireHolds(at.node);
            }
            ByteBuf reply = arrive(r, t, at, r.reply(new Rwalk(qids)));
            arrived = true;
            return reply;
        } finally {
            if (!arrived) {
                at.node.close();
            }
        }
    }

    /** An entry of a directory of an export, as a fid that has no number. */
    TreeFid child(TreeFid directory, Text name) throws FsException {
        Node node = directory.node.walk(EntryNames.step(name));
        TreeFid child = new TreeFid(directory.dialect(), directory.area, node, name);
        child.shownUnder = directory.shownUnder;
        return child;
    }

    private static ByteBuf arrive(TreeRequest r, Twalk t, Step at, ByteBuf reply) throws FsException {
        if (t.newfid() != t.fid()) {
            TreeFid made = new TreeFid(r.fid.dialect(), at.area, at.node, at.name);
            made.shownUnder = r.fid.shownUnder;
            r.make(made);
            return reply;
        }
        TreeFid before = r.fid.copy();
        ByteBuf committed = r.commit(reply, () -> r.fid.move(at.area, at.node, at.name));
        before.close();
        return committed;
    }

    /** One name further; null if it is a later one than the first and fails. */
    private Step next(Step at, Text name, List<Qid> before) throws FsException {
        try {
            if (EntryNames.isSelf(name)) {
                return stay(at);
            }
            return EntryNames.isParent(name) ? up(at) : down(at, name);
        } catch (FsException e) {
            if (before.isEmpty()) {
                // Elsewhere, what is there and what is not looks the same.
                at.area.requireHolds(at.node);
                throw e;
            }
            return null;
        }
    }

    /** The protocol has no {@code .}, but diod's clients walk to it. */
    private static Step stay(Step at) throws FsException {
        requireDirectory(at);
        return new Step(at.node.duplicate(), at.area, at.name);
    }

    private static void requireDirectory(Step at) throws FsException {
        if (at.node.id().kind() != FileId.Kind.DIRECTORY) {
            throw new FsException(Errno.ENOTDIR);
        }
    }

    private Step down(Step at, Text name) throws FsException {
        byte[] bytes = EntryNames.step(name);
        if (!at.area.isRoot()) {
            return new Step(at.node.walk(bytes), at.area, name);
        }
        ExportedTree tree = exports.tree(name);
        if (tree == null) {
            throw new FsException(Errno.ENOENT);
        }
        UserMapping userMapping = tree.admission();
        Node top = enter(tree, userMapping, at.area.claim());
        return new Step(top, new AttachScope(tree, top.id(), true, at.area.claim(), userMapping), name);
    }

    /** What an attach to the export would be refused for. */
    private Node enter(ExportedTree tree, UserMapping userMapping, ClaimedUser claimedUser) throws FsException {
        try {
            return userMapping.root(tree.tree(), claimedUser, share);
        } catch (FsException e) {
            trail.note(new Event.Denied(MessageType.TWALK.toString(), tree.name().toString(), e.name()));
            throw e;
        }
    }

    /** What is above, which is no higher than what was attached to: the file may have been moved from there meanwhile. */
    private static Node parent(Step at) throws FsException {
        Node parent = at.node.parent();
        try {
            at.area.requireHolds(parent);
            return parent;
        } catch (FsException e) {
            parent.close();
            throw e;
        }
    }

    private Step up(Step at) throws FsException {
        requireDirectory(at);
        if (!at.node.id().equals(at.area.ceiling())) {
            Node parent = parent(at);
            boolean top = parent.id().equals(at.area.ceiling()) && at.area.belowRoot();
            return new Step(parent, at.area, top ? at.area.tree().name() : Text.EMPTY);
        }
        if (!at.area.belowRoot()) {
            return new Step(at.node.duplicate(), at.area, at.name);
        }
        Node root = exports.root(Caller.SELF);
        return new Step(root, AttachScope.root(root.id(), at.area.claim()), Text.EMPTY);
    }
}
