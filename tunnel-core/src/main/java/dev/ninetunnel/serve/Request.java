package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.lease.Grant;
import dev.ninetunnel.meter.Latency;
import dev.ninetunnel.serve.FidQueue.Ticket;
import dev.ninetunnel.serve.tree.Fid;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.serve.tree.TreeFid;
import dev.ninetunnel.serve.tree.TreeRequest;
import dev.ninetunnel.serve.upstream.UpstreamConnection;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request from its arrival to its reply. It is moved along on the event loop; while it runs, a worker has its {@link
 * #onTree}.
 */
final class Request {
    /** How far it has come. */
    enum State {
        /** For its turn with its fids, or for room among those that run. */
        WAITING,
        /** A worker or an upstream server has it. */
        RUNNING,
        /** It was answered or cancelled. */
        DONE
    }

    private static final Logger LOG = LoggerFactory.getLogger(Request.class);

    final int tag;
    final MessageType type;
    /** In bytes, which count as held until it is done. */
    final int size;
    /** The leases that are asked for with the reply, which is wrapped then; 0 if it is asked in its plain form. */
    final int want;
    /** The lease under which its program was told that it is done; {@link #NOT_BEHIND} if it was not. */
    final long behind;
    /** The largest reply, in bytes. */
    final int msize;
    /** In which it is answered. */
    Dialect dialect;
    /** Its own; null once it was passed on. */
    ByteBuf frame;
    State state = State.WAITING;
    /** No reply goes out any more: another conversation has begun. */
    boolean muted;
    /** Each Tflush that waits for this one to be done. */
    final List<Request> flushes = new ArrayList<>(0);

    final List<Ticket> turns = new ArrayList<>(2);
    private int turnsToCome;
    /** Where it makes a fid, or null. */
    FidQueue making;
    /** Whether it counts as an attach of the peer. */
    boolean attaches;
    /** The bytes that count as in flight for it, or 0 before it has begun. */
    long flight;
    /** Those of them that do not, while it waits for others to give up leases. */
    private long waiting;

    /** What a worker knows of it, if it is about a tree; null before it has its turn, and of what is passed on. */
    TreeRequest onTree;
    /** What a worker is to do for it. */
    TreeRequest.Work work;
    /** What it has to do with leases; null for nothing. */
    LeasePart leasing;
    /** The leases that come with its reply. */
    Grant grant = Grant.NONE;
    /** When a worker has begun it, by the loop's clock. */
    long begun;
    /** When it came, by the loop's clock. */
    long came;
    /** Where it counts how long its export takes; null while it is about none. */
    Latency latency;
    /** The fid that an upstream server has made for it. */
    Fid made;
    /** The server that it was passed on to, or null. */
    UpstreamConnection upstream;
    /** What a fid that it makes at that server is to be bound to. */
    UpstreamFid through;

    /** No number of a lease. */
    static final long NOT_BEHIND = 0;

    Request(ByteBuf frame, MessageType type, int msize, Dialect dialect, int want, long behind) {
        this.frame = frame;
        this.want = want;
        this.behind = behind;
        this.tag = Frame.tag(frame);
        this.type = type;
        this.size = frame.readableBytes();
        this.msize = msize;
        this.dialect = dialect;
    }

    /** Queues at all its slots. */
    void enter(Queue<Request> ready) {
        turnsToCome = turns.size();
        if (turnsToCome == 0) {
            ready.add(this);
        }
        for (Ticket ticket : turns) {
            ticket.slot.enter(ticket, ready);
        }
    }

    void granted(Queue<Request> ready) {
        if (--turnsToCome == 0) {
            ready.add(this);
        }
    }

    /** Whether it ends a fid: it is never cancelled then, so that both sides agree on whether the fid is bound. */
    boolean endsFid() {
        return type == MessageType.TCLUNK || type == MessageType.TREMOVE;
    }

    /** Has its work done, on a worker: the frame of the reply, or of the error; null if there was no memory for either. */
    ByteBuf perform() {
        return isGivenUp() ? null : perform(work);
    }

    /** From now on its worker's result is not wanted. False if that has changed the fid already, so that it is about to end. */
    boolean giveUp() {
        return onTree.giveUp();
    }

    boolean isGivenUp() {
        return onTree != null && onTree.isGivenUp();
    }

    /** The fid that it made, to be bound where it wanted one; null for none. */
    Fid made() {
        return made == null && onTree != null ? onTree.made() : made;
    }

    /** Is about a tree from now on, with what its fids stand for, in the order of the message. */
    TreeRequest begin(TreeFid fid, TreeFid other) {
        onTree = new TreeRequest(frame, type, msize, dialect, fid, other);
        return onTree;
    }

    /** Has this done for it instead of its work, with the same care for errors. */
    ByteBuf perform(TreeRequest.Work how) {
        try {
            return how.run();
        } catch (FsException e) {
            return Replies.error(dialect, tag, e);
        } catch (Throwable e) {
            return failed(e);
        }
    }

    /** The error for what must not happen. Of whatever kind it is, there is a reply, and who has met it goes on (rule S1). */
    ByteBuf failed(Throwable e) {
        try {
            LOG.error("a {} could not be served; this is a fault in the program, or it has too little memory", type, e);
        } catch (Throwable again) {
            e.addSuppressed(again);
        }
        try {
            return Replies.error(dialect, tag, e instanceof OutOfMemoryError ? Errno.ENOMEM : Errno.EIO);
        } catch (OutOfMemoryError _) {
            return null;
        }
    }

    /** A fid is unbound by Tclunk and Tremove whatever comes of them (rule M5). */
    void unbindIfEnding() {
        if (endsFid()) {
            turns.getFirst().slot.bound = null;
        }
    }

    /** Who takes turns with others for its reply: the attach that its fid comes from; null if there is none. */
    Object client() {
        return onTree == null || onTree.fid() == null ? upstream : onTree.fid().client();
    }

    /** It waits for others, and holds nothing of what its peer may use meanwhile. */
    void waits(Quota quota) {
        waiting = flight;
        flight = 0;
        quota.end(waiting);
    }

    /** It waits no more, if it did. */
    void goesOn(Quota quota) {
        if (waiting > 0) {
            flight = waiting;
            waiting = 0;
            quota.goOn(flight);
        }
    }

    /** Gives its frame away. */
    ByteBuf takeFrame() {
        ByteBuf taken = frame;
        frame = null;
        return taken;
    }

    void releaseFrame() {
        if (frame != null) {
            frame.release();
            frame = null;
        }
    }
}
