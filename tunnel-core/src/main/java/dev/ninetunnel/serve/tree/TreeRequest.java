package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rmessage;
import io.netty.buffer.ByteBuf;

/**
 * What a worker knows of a request on served trees: the message, the fids that it names, and the fid that it makes. The
 * event loop makes it, takes what it made, and may give it up meanwhile.
 */
public final class TreeRequest {
    /** What is done for a request. */
    @FunctionalInterface
    public interface Work {
        /** Does it, and returns the frame of the reply, which belongs to the caller. */
        ByteBuf run() throws FsException;
    }

    final int tag;
    final MessageType type;
    /** The largest reply, in bytes. */
    final int msize;
    /** In which it is answered. */
    final Dialect dialect;
    /** Borrowed: the maker of this releases it when the work is done. */
    final ByteBuf frame;
    final TreeFid fid;
    final TreeFid other;
    private TreeFid made;
    /** Whether its worker's result is not wanted any more; guarded by this. */
    private boolean givenUp;
    /** Whether its worker has changed what a fid stands for; guarded by this. */
    private boolean committed;

    /**
     * One that is to be done.
     *
     * @param frame is lent until the work is done
     * @param msize the largest reply, in bytes
     * @param fid the first fid of the message; null for an attach, which has none yet
     * @param other the second one that it uses, or null
     */
    public TreeRequest(ByteBuf frame, MessageType type, int msize, Dialect dialect, TreeFid fid, TreeFid other) {
        this.frame = frame;
        this.tag = Frame.tag(frame);
        this.type = type;
        this.msize = msize;
        this.dialect = dialect;
        this.fid = fid;
        this.other = other;
    }

    /** The first fid of the message; null for an attach. */
    public TreeFid fid() {
        return fid;
    }

    /** What it does to files, as far as leases are concerned. On the event loop, when its fids have their turn. */
    public FileUse use() {
        return FileUse.of(this);
    }

    /** The fid that it made, which belongs to the caller; null if it has made none. When it has been done. */
    public TreeFid made() {
        return made;
    }

    void make(TreeFid newFid) {
        made = newFid;
    }

    /**
     * Changes what a fid stands for, on a worker, when all else is done; EINTR if nobody waits for it any more, for the fid is as
     * it was then for the next request. The change is in memory alone: the event loop may wait for it.
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

    /** From now on its worker's result is not wanted. False if that has changed the fid already, so that it is about to end. */
    public synchronized boolean giveUp() {
        givenUp = !committed;
        return givenUp;
    }

    /** Whether its worker's result is not wanted any more. */
    public synchronized boolean isGivenUp() {
        return givenUp;
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
