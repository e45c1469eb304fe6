package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.serve.FidQueue.Ticket;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rmessage;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request from its arrival to its reply. It is moved along on the event loop; while it runs, a worker has it, which
 * reads the frame and the fids and may set {@link #made}.
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

    /** What a worker does for a request. */
    @FunctionalInterface
    interface Work {
        /** Does it, and returns the frame of the reply. */
        ByteBuf run() throws FsException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Request.class);

    final int tag;
    final MessageType type;
    /** In bytes, which count as held until it is done. */
    final int size;
    /** The largest reply, in bytes. */
    final int msize;
    /** In which it is answered. */
    Dialect dialect;
    /** Its own; null once it was passed on. */
    ByteBuf frame;
    State state = State.WAITING;
    /** No reply goes out any more: the conversation has been begun anew. */
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

    /** What a worker is to do for it. */
    Work work;
    /** When a worker has begun it, by the loop's clock. */
    long begun;
    /** Whether nobody waits for its worker any more; guarded by this. */
    private boolean givenUp;
    /** Whether its worker has changed what a fid stands for; guarded by this. */
    private boolean committed;
    /** What its fids stood for when it was started, in the order of the message. */
    TreeFid fid;
    TreeFid other;
    /** The fid that it made, to be bound where it wanted one. */
    Fid made;
    /** The server that it was passed on to, or null. */
    UpstreamConnection upstream;
    /** What a fid that it makes at that server is to be bound to. */
    UpstreamFid through;
    /** Why it was refused, while the server is told to forget its fid instead; null if it was not. */
    FsException refusal;
    /** How many names there are to walk, of a Twalk that was passed on. */
    int names;

    Request(ByteBuf frame, MessageType type, int msize, Dialect dialect) {
        this.frame = frame;
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

    /**
     * Changes what a fid stands for, on a worker, when all else is done; EINTR if nobody waits for it any more, for the fid is as
     * it was then for whoever asks next. The change is in memory alone: the event loop may wait for it.
     *
     * @param reply is given back, or released
     */
    synchronized ByteBuf commit(ByteBuf reply, Runnable change) throws FsException {
        if (givenUp) {
            reply.release();
            throw new FsException(Errno.EINTR);
        }
        change.run();
        committed = true;
        return reply;
    }

    /** From now on nobody waits for its worker. False if that has changed the fid already, so that it is about to end. */
    synchronized boolean giveUp() {
        givenUp = !committed;
        return givenUp;
    }

    synchronized boolean isGivenUp() {
        return givenUp;
    }

    /** Has this done for it instead of its work, with the same care for errors. */
    ByteBuf perform(Work how) {
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
        return fid == null ? upstream : fid.area;
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

    /** The frame of a reply to it, which belongs to the caller. One that does not fit is an error instead (rule S3). */
    ByteBuf reply(Rmessage reply) throws FsException {
        ByteBuf out = Replies.frame(reply, tag);
        if (out.readableBytes() > msize) {
            out.release();
            throw new FsException(Errno.EOVERFLOW);
        }
        return out;
    }
}
