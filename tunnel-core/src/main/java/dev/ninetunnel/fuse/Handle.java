package dev.ninetunnel.fuse;

import dev.ninetunnel.client.DialectOps.Opened;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.OpenFlags;
import dev.ninetunnel.client.DialectOps;
import dev.ninetunnel.fuse.lease.Unconfirmed;
import dev.ninetunnel.wire.LeaseKinds;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * Something that is open, for the user who opened it. Its fid is opened again where the server was dialled again since. Any thread.
 */
final class Handle {
    private final Inode inode;
    private final int user;
    private final int flags;
    private final Directory directory;
    private volatile OpenFid current;
    private volatile boolean lostLocks;
    private final Unconfirmed unconfirmed = new Unconfirmed();
    private final ReadAhead ahead;
    private long number;

    /** A fid that is open, and the most bytes that the server takes by it at a time. */
    record OpenFid(Attachment attachment, int fid, int most) {
        static OpenFid of(Attachment attachment, int fid, Opened opened) {
            int data = attachment.conversation().dataSize();
            int unit = opened.iounit();
            return new OpenFid(attachment, fid, unit > 0 ? Math.min(unit, data) : data);
        }
    }

    /**
     * A file or directory.
     *
     * @param user the number of the user who opened it
     * @param flags with which it may be opened again
     * @param directory what has been read of it, null for a file
     * @param ahead what is asked of it before the kernel asks
     */
    Handle(Inode inode, int user, int flags, Directory directory, ReadAhead ahead, OpenFid current) {
        this.inode = inode;
        this.user = user;
        this.flags = flags;
        this.directory = directory;
        this.ahead = ahead;
        this.current = current;
    }

    long number() {
        return number;
    }

    void number(long given) {
        number = given;
    }

    Inode inode() {
        return inode;
    }

    int user() {
        return user;
    }

    int flags() {
        return flags;
    }

    /** Null for a file. */
    Directory directory() {
        return directory;
    }

    OpenFid current() {
        return current;
    }

    /** The server has forgotten locks that were got by it: whoever relies on them must hear of that. */
    void loseLocks() {
        lostLocks = true;
    }

    /** Its fid among those of its user. */
    CompletableFuture<OpenFid> open(Attachment attachment) {
        if (lostLocks) {
            return CompletableFuture.failedFuture(new FuseException(Errno.EIO));
        }
        OpenFid now = current;
        return now.attachment == attachment ? CompletableFuture.completedFuture(now) : reopen(attachment, now);
    }

    /** The same, for who has to hear if what was written by it before may be lost. */
    CompletableFuture<OpenFid> openWritten(Attachment attachment) {
        return unconfirmed.isLost(attachment.conversation())
                ? CompletableFuture.failedFuture(new FuseException(Errno.EIO))
                : open(attachment);
    }

    /** What was written by it that its server may not have. */
    Unconfirmed unconfirmed() {
        return unconfirmed;
    }

    ReadAhead ahead() {
        return ahead;
    }

    private CompletableFuture<OpenFid> reopen(Attachment attachment, OpenFid before) {
        return attachment.on(inode, file -> open(attachment, inode, file, flags, _ -> {}))
                .thenApply(again -> {
                    synchronized (this) {
                        if (current.equals(before)) {
                            current = again;
                            return again;
                        }
                    }
                    attachment.calls().clunk(again.fid);
                    return current;
                });
    }

    /** Ends its fid, and tells what came of it. */
    CompletableFuture<Void> close() {
        OpenFid last = current;
        ahead.close();
        inode.kept().closed(OpenFlags.writes(flags));
        return last.attachment.calls().clunk(last.fid);
    }

    /**
     * Opens another fid for a file.
     *
     * @param along asks more of the fid, when it has been asked to be opened
     */
    static CompletableFuture<OpenFid> open(Attachment attachment, Inode inode, int file, int flags, IntConsumer along) {
        DialectOps ops = attachment.ops(LeaseKinds.ATTRIBUTES, inode.kept()::by);
        return attachment.walk(file, List.of(), fid -> {
            CompletableFuture<Opened> opened = ops.open(fid, flags);
            along.accept(fid);
            return opened;
        })
                .thenApply(made -> OpenFid.of(attachment, made.fid(), made.answer()));
    }
}
