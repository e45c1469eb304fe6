package dev.ninetunnel.serve;

import dev.ninetunnel.audit.Event;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.meter.Latency;
import dev.ninetunnel.serve.tree.Fid;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.serve.tree.TreeFid;
import dev.ninetunnel.serve.tree.TreeMessages;
import dev.ninetunnel.serve.tree.TreeRequest;
import dev.ninetunnel.serve.upstream.UpstreamConnection;
import dev.ninetunnel.serve.upstream.UpstreamServers;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.FidUse;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tmessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Decides who does a request: a worker on the tree that its fid belongs to, or the upstream server whose fid it is. Used on
 * the event loop only.
 */
final class Dispatch {
    private final Conversation conversation;
    private final FidTable fidTable;
    private final TreeMessages messages;
    private final Attach attach;
    private final UpstreamServers upstreams;
    /** The export of the last request, for the next is most often about the same. */
    private ExportedTree lastTree;
    private Latency lastLatency;

    Dispatch(Conversation conversation, FidTable fidTable, TreeMessages messages) {
        this.conversation = conversation;
        this.fidTable = fidTable;
        this.messages = messages;
        this.upstreams = new UpstreamServers(conversation.role().loop(), conversation.msize(),
                conversation.role().exports()::upstreamLog);
        this.attach = new Attach(conversation, this, messages);
    }

    /** What a fid number stands for, or null. */
    Fid bound(int number) {
        return fidTable.bound(number);
    }

    /**
     * The dialect for an error in answer to a request: that of its first fid. If it has none, then between two endpoints the only one
     * that has the message, if it is one.
     */
    Dialect errorDialect(ByteBuf frame, MessageType type) {
        Fid fid = type.fidCount() > 0 ? fidTable.bound(frame, type.fid(0)) : null;
        if (fid != null) {
            return fid.dialect();
        }
        if (!conversation.role().peer().ours()) {
            return conversation.dialect();
        }
        return switch (type) {
            case TOPEN, TCREATE, TSTAT, TWSTAT -> Dialect.PLAIN;
            default -> type.isOfLinux() ? Dialect.LINUX : conversation.dialect();
        };
    }

    /** Starts a request that has its turn with its fids. */
    void start(Request r) {
        try {
            if (r.type == MessageType.TATTACH || r.type == MessageType.TAUTH) {
                attach.start(r);
            } else {
                startOnFids(r);
            }
        } catch (FsException e) {
            conversation.finish(r, Replies.error(r.dialect, r.tag, e));
        } catch (MalformedMessageException e) {
            throw e;
        } catch (Throwable e) {
            conversation.finish(r, r.failed(e));
        }
    }

    private void startOnFids(Request r) throws FsException {
        FidQueue fidQueue = r.turns.getFirst().slot;
        Fid fid = fidQueue.bound;
        if (fid == null) {
            if (fidQueue.dialect != null) {
                r.dialect = fidQueue.dialect;
            }
            throw new FsException(Errno.EBADF);
        }
        r.dialect = fid.dialect();
        if (r.making != null) {
            r.making.dialect = r.dialect;
            if (r.making != fidQueue && r.making.bound != null) {
                throw new FsException(Errno.EBADF);
            }
        }
        Fid other = otherFid(r);
        if (fid instanceof UpstreamFid up) {
            if (r.type.isOfLeases() || r.behind != Request.NOT_BEHIND) {
                throw new FsException(Errno.EOPNOTSUPP); // another server knows nothing of leases
            }
            if (other != null && !up.isWith(other)) {
                throw new FsException(Errno.EXDEV);
            }
            r.through = up;
            r.latency = conversation.role().replies().served().of(up.server().name());
            r.unbindIfEnding();
            pass(r, up);
        } else {
            if (other instanceof UpstreamFid) {
                throw new FsException(Errno.EXDEV);
            }
            r.latency = latency(((TreeFid) fid).tree());
            TreeRequest onTree = r.begin((TreeFid) fid, (TreeFid) other);
            conversation.begin(r, () -> messages.answer(onTree));
        }
    }

    /** Where it counts how long an export takes; null for the list of them. */
    private Latency latency(ExportedTree tree) {
        if (!Objects.equals(tree, lastTree)) {
            lastTree = tree;
            lastLatency = tree == null ? null : conversation.role().replies().served().of(tree.name().utf8());
        }
        return lastLatency;
    }

    /** Passes a request on, if it may be made. A fid that it ends is ended in any case (rule M5). */
    private void pass(Request r, UpstreamFid up) throws FsException {
        if (r.type == MessageType.TCLUNK) {
            ForwardedRequest.send(conversation, r, up.connection(), r.takeFrame());
            return;
        }
        try {
            up.require(Tmessage.readChecked(r.frame));
        } catch (FsException e) {
            conversation.role().trail().note(
                    new Event.Denied(r.type.toString(), Escaped.of(up.server().name()), e.name()));
            if (r.type != MessageType.TREMOVE) {
                throw e;
            }
            r.releaseFrame();
            ByteBuf clunk = ByteBufAllocator.DEFAULT.buffer();
            new Tclunk(r.turns.getFirst().slot.number).write(clunk, r.tag);
            ForwardedRequest.sendInstead(conversation, r, e, up.connection(), clunk);
            return;
        }
        ForwardedRequest.send(conversation, r, up.connection(), r.takeFrame());
    }

    /** What the second fid that a request uses stands for; null if it uses but one. */
    private Fid otherFid(Request r) throws FsException {
        Fid other = null;
        if (r.type.fidCount() > 1 && r.type.fid(1).use() == FidUse.USE) {
            other = fidTable.bound(r.frame, r.type.fid(1));
        } else if (r.type == MessageType.TCREATE && r.turns.size() > 1) {
            other = r.turns.get(1).slot.bound;
        } else {
            return null;
        }
        if (other == null) {
            throw new FsException(Errno.EBADF);
        }
        return other;
    }

    /** The connection to an upstream server, made if there is none that lives. */
    UpstreamConnection upstream(Export.Address address, Dialect spoken) {
        return upstreams.connection(address, spoken);
    }

    /**
     * Ends the connections to upstream servers that are not exported any more, and with them what fids hold there. Where fids
     * of another export are at the same server, they hold on to it.
     */
    void endWithdrawn() {
        Set<UpstreamConnection> withdrawn = new HashSet<>();
        Set<UpstreamConnection> others = new HashSet<>();
        fidTable.upstream().forEach(fid -> {
            boolean gone = fid.server().standing().terms().withdrawn();
            (gone ? withdrawn : others).add(fid.connection());
        });
        withdrawn.removeAll(others);
        withdrawn.forEach(UpstreamConnection::close);
    }

    /** Ends the connections to upstream servers. */
    void close() {
        upstreams.close();
    }
}
