package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.ClaimedUser;
import dev.ninetunnel.export.ExportedServer;
import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.UserMapping;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.serve.tree.AttachRecord;
import dev.ninetunnel.serve.tree.Fid;
import dev.ninetunnel.serve.tree.TreeMessages;
import dev.ninetunnel.serve.tree.TreeRequest;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tmessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/** Tauth and Tattach (attach(5)): where a conversation's fids come from. */
final class Attach {
    private final Conversation conversation;
    private final Dispatch dispatch;
    private final Exports exports;
    private final TreeMessages messages;

    Attach(Conversation conversation, Dispatch dispatch, TreeMessages messages) {
        this.conversation = conversation;
        this.dispatch = dispatch;
        this.exports = conversation.role().exports();
        this.messages = messages;
    }

    /** Begins one; it has its turn with its fids. */
    void start(Request r) throws FsException {
        switch (Tmessage.readChecked(r.frame)) {
            case Tauth t -> auth(r, t);
            case Tattach t -> attach(r, t);
            default -> throw new IllegalStateException("no attach: " + r.type);
        }
    }

    private void auth(Request r, Tauth t) throws FsException {
        begin(r, t.nuname().isPresent());
        switch (exports.find(t.aname())) {
            case Exports.Destination.InUpstream(ExportedServer server, Text aname) -> {
                enter(r, server, new ClaimedUser(conversation.role().peer().name(), t.uname(), t.nuname()));
                pass(r, new Tauth(t.afid(), t.uname(), aname, t.nuname()));
            }
            // The TLS connection has said who is there; no more is needed (rule S2).
            case Exports.Destination.InTree in -> throw new FsException(Errno.ENOENT);
            case Exports.Destination.Root root -> throw new FsException(Errno.ENOENT);
        }
    }

    private void attach(Request r, Tattach t) throws FsException {
        AttachRecord record = new AttachRecord(conversation.role().trail(), t);
        try {
            attach(r, t, record);
        } catch (FsException e) {
            throw record.refused("", e);
        }
    }

    private void attach(Request r, Tattach t, AttachRecord record) throws FsException {
        begin(r, t.nuname().isPresent());
        if (!conversation.role().quota().attach()) {
            throw new FsException(Errno.EMFILE);
        }
        r.attaches = true;
        Fid auth = t.afid() == Frame.NOFID ? null : dispatch.bound(t.afid());
        if (auth == null && t.afid() != Frame.NOFID) {
            throw new FsException(Errno.EBADF);
        }
        switch (exports.find(t.aname())) {
            case Exports.Destination.InUpstream(ExportedServer server, Text aname) -> {
                enter(r, server, claim(t));
                if (auth != null && !r.through.isWith(auth)) {
                    throw new FsException(Errno.EXDEV);
                }
                record.passed(server);
                pass(r, new Tattach(t.fid(), t.afid(), t.uname(), aname, t.nuname()));
            }
            case Exports.Destination.InTree(ExportedTree tree, List<Text> path) -> {
                refuseAuth(auth);
                ClaimedUser claimedUser = claim(t);
                TreeRequest onTree = r.begin(null, null);
                conversation.submit(r, tree,
                        () -> messages.attachToTree(onTree, tree, path, claimedUser, record));
            }
            case Exports.Destination.Root root -> {
                refuseAuth(auth);
                ClaimedUser claimedUser = claim(t);
                TreeRequest onTree = r.begin(null, null);
                conversation.submit(r, null, () -> messages.attachToList(onTree, claimedUser, record));
            }
        }
    }

    private ClaimedUser claim(Tattach t) {
        return new ClaimedUser(conversation.role().peer().name(), t.uname(), t.nuname());
    }

    private static void refuseAuth(Fid auth) throws FsException {
        if (auth != null) {
            throw new FsException(Errno.EINVAL);
        }
    }

    /** Between two endpoints the presence of n_uname tells the dialect; another far side has said it in Tversion. */
    private void begin(Request r, boolean numericUser) throws FsException {
        if (conversation.role().peer().ours()) {
            r.dialect = numericUser ? Dialect.LINUX : Dialect.PLAIN;
        } else {
            r.dialect = conversation.dialect();
        }
        if (r.making.bound != null) {
            throw new FsException(Errno.EBADF);
        }
        r.making.dialect = r.dialect;
    }

    /** Lets a user that is claimed in to an upstream server. */
    private void enter(Request r, ExportedServer server, ClaimedUser claimedUser) throws FsException {
        UserMapping userMapping = server.standing().admission();
        userMapping.caller(claimedUser);
        r.through = new UpstreamFid(dispatch.upstream(server.address(), r.dialect), server, claimedUser, userMapping);
    }

    /** Passes one on, with the aname that the upstream server knows. */
    private void pass(Request r, Tmessage message) {
        ByteBuf frame = ByteBufAllocator.DEFAULT.buffer();
        message.write(frame, r.tag);
        r.releaseFrame();
        ForwardedRequest.send(conversation, r, r.through.connection(), frame);
    }
}
