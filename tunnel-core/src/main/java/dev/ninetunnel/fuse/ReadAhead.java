package dev.ninetunnel.fuse;

import dev.ninetunnel.fuse.lease.Grant;
import dev.ninetunnel.fuse.lease.Kept;
import dev.ninetunnel.fuse.kernel.Opcode;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tread;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * All that is in a small file, which is asked for while it is opened, so that no program waits for it a second time. It is handed on only
 * while a lease tells that the file has it still; else, and where it comes to nothing, it is asked for anew. Any thread; nothing here
 * waits.
 */
final class ReadAhead {
    /** What is asked for has fewer bytes. */
    private static final int MOST = 64 << 10;

    private final Kept file;
    private final Semaphore room;
    /** Of the file when it was asked for. */
    private long changes;
    private Grant by;
    /** Null if nothing was asked for, or it is not kept any more. */
    private CompletableFuture<ByteBuf> data;
    private int waiting;
    private boolean over;

    /**
     * Nothing is asked for yet.
     *
     * @param room bytes that may be asked for, of all files of a mount
     */
    ReadAhead(Kept file, Semaphore room) {
        this.file = file;
        this.room = room;
    }

    /**
     * A fid of a file of about so many bytes is being opened for reading: what is in it is asked for, if that is little. When the opening is
     * tried again, nothing is left of what was asked with the first try.
     */
    synchronized void begin(Attachment attachment, int fid, long size) {
        close();
        over = false;
        if (size <= 0 || size >= MOST || MOST > attachment.conversation().dataSize()
                || !attachment.conversation().hasLeases() || !file.mayLeaseData() || file.isGood()
                || !room.tryAcquire(MOST)) {
            return;
        }
        changes = file.changes();
        // No program waits for it yet, and none may interrupt it.
        new Pending(Opcode.READ, 0, 0).run(() -> data = attachment
                .calls(LeaseKinds.ATTRIBUTES | LeaseKinds.DATA, this::granted)
                .ask(new Tread(fid, 0, MOST), reply -> ((Rread) reply).data().retainedSlice()));
    }

    private synchronized void granted(Grant lease) {
        by = lease;
    }

    /** Whether it is on its way. */
    synchronized boolean isComing() {
        return data != null && !data.isDone();
    }

    /** All that is in the file, with the lease by which it was read; it is the caller's. */
    record Whole(ByteBuf data, Grant by) {}

    /** All that is in the file, if it is here; then it is not kept any more. */
    synchronized Optional<Whole> whole() {
        if (data == null || !data.isDone() || !isWhole()) {
            return Optional.empty();
        }
        Whole whole = new Whole(data.join().retain(), by);
        close();
        return Optional.of(whole);
    }

    /** Whether it has come, the file ends in it, and has it still. */
    private boolean isWhole() {
        return !data.isCompletedExceptionally() && data.join().readableBytes() < MOST && file.isStill(by, changes);
    }

    /** What the kernel reads, if it was asked for, or null in its place if that came to nothing; empty if it was not. */
    synchronized Optional<CompletableFuture<ByteBuf>> take(Attachment attachment, long offset, int size) {
        if (data == null) {
            return Optional.empty();
        }
        waiting++;
        return Optional.of(Pending.awaiting(data.handle((_, _) -> taken(offset, size)),
                attachment.conversation().client()));
    }

    private synchronized ByteBuf taken(long offset, int size) {
        waiting--;
        if (!isWhole()) {
            close();
            return null;
        }
        file.read(by);
        ByteBuf all = data.join();
        int at = (int) Math.min(offset, all.readableBytes());
        ByteBuf part = all.retainedSlice(all.readerIndex() + at, Math.min(size, all.readableBytes() - at));
        if (over || offset + size >= all.readableBytes()) {
            close();
        }
        return part;
    }

    /** It is not wanted any more. */
    synchronized void close() {
        over = true;
        if (data != null && waiting == 0) {
            room.release(MOST);
            data.thenAccept(ByteBuf::release);
            data = null;
        }
    }
}
