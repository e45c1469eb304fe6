package dev.ninetunnel.serve.tree;

import dev.ninetunnel.export.AttachScope;
import dev.ninetunnel.export.ClaimedUser;
import dev.ninetunnel.export.EntryNames;
import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.UserMapping;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.filter.NamePattern;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Tattach to what is served here (attach(5)). Called on workers, for one conversation. */
final class TreeAttach {
    private final Exports exports;
    private final DescriptorShare share;

    TreeAttach(Exports exports, DescriptorShare share) {
        this.exports = exports;
        this.share = share;
    }

    /** To the list of what is exported. */
    ByteBuf toList(TreeRequest r, ClaimedUser claimedUser, AttachRecord record) throws FsException {
        Node top = exports.root(Caller.SELF);
        ByteBuf reply = enter(r, AttachScope.root(top.id(), claimedUser), top, List.of());
        record.listing();
        return reply;
    }

    /** To what is at a path below the top of an export. */
    ByteBuf toTree(TreeRequest r, ExportedTree tree, List<Text> path, ClaimedUser claimedUser, AttachRecord record)
            throws FsException {
        try {
            UserMapping userMapping = tree.admission();
            Caller caller = userMapping.caller(claimedUser);
            Node top = tree.tree().root(caller, share);
            ByteBuf reply = enter(r, new AttachScope(tree, top.id(), false, claimedUser, userMapping), top, path);
            record.allowed(tree, caller);
            return reply;
        } catch (FsException e) {
            throw record.refused(tree.name().toString(), e);
        }
    }

    /** Goes down from a tree's top to what was named. */
    private ByteBuf enter(TreeRequest r, AttachScope top, Node from, List<Text> path) throws FsException {
        Node node = from;
        List<NamePattern> hidden = top.isRoot() ? null : top.tree().options().hidden();
        try {
            for (Text name : path) {
                Node next = node.walk(EntryNames.step(name));
                node.close();
                node = next;
            }
            Attributes attributes = node.attributes();
            ByteBuf reply = r.reply(new Rattach(exports.qids().of(attributes, r.dialect)));
            Text name = path.isEmpty() ? Text.EMPTY : path.getLast();
            TreeFid made = new TreeFid(r.dialect, top.below(node.id()), node, name);
            made.shownUnder = hidden;
            r.make(made);
            return reply;
        } catch (FsException | RuntimeException e) {
            node.close();
            throw e;
        }
    }
}
