package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseDevice;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.FuseRequest;
import dev.ninetunnel.fuse.kernel.Negotiation;
import dev.ninetunnel.fuse.kernel.Opcode;
import dev.ninetunnel.fuse.kernel.Replies;
import dev.ninetunnel.fuse.kernel.RequestReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each of the kernel's requests begun by the method for it, and writes the answer when that is
 * there. An interrupted request is flushed at the server; where the server does not answer that, as over a link that is away,
 * the program gets EINTR all the same, and what the server answers later is undone.
 */
final class FuseServer {
    private static final Logger LOG = LoggerFactory.getLogger(FuseServer.class);
    /** {@code struct fuse_out_header}: {@code len[4] error[4] unique[8]}. */
    private static final int HEADER = 16;
    /** Bytes of all files together that are asked for before the kernel asks. */
    private static final int MOST_AHEAD = 16 << 20;

    private final FuseDevice device;
    private final Negotiation negotiation;
    private final NameRequests names;
    private final FileRequests files;
    private final SpaceRequests space;
    private final DirectoryRequests directories;
    private final AttributeRequests attributes;
    private final LockRequests locks;
    private final Abandoned abandoned;
    private final Interrupts interrupts;
    private final Optional<Patience> patience;
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    FuseServer(FuseDevice device, Negotiation negotiation, Remote remote, InodeTable inodes, FuseSettings settings,
            LockRequests locks, Handles handles) {
        this.device = device;
        this.negotiation = negotiation;
        this.locks = locks;
        AttributeWriter writer = new AttributeWriter(settings.owners());
        Semaphore aheadRoom = new Semaphore(MOST_AHEAD);
        this.names = new NameRequests(remote, inodes, handles, writer, aheadRoom);
        this.files = new FileRequests(remote, inodes, handles, locks, settings.closeLater(), aheadRoom);
        this.space = new SpaceRequests(remote, handles);
        this.directories = new DirectoryRequests(remote, handles, names, writer);
        this.attributes = new AttributeRequests(remote, inodes, handles, writer, settings.owners());
        this.abandoned = new Abandoned(inodes, handles);
        this.interrupts = new Interrupts(request -> refuse(request, Errno.EINTR));
        this.patience = settings.soft()
                .map(limit -> new Patience(limit, pending.values(), this::timeOut, ended::isDone));
    }

    /** Completes when it is unmounted. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Begins to serve, once; the loop is that on which the server's answers come in. */
    void start(EventLoop loop) {
        patience.ifPresent(Patience::look);
        new RequestReader(device, negotiation.requestBytes(), this::take, this::unmounted).start(loop);
    }

    private void unmounted() {
        device.close();
        ended.complete(null);
    }

    /** A request that is a fault of ours is no reason for the mount to end. */
    private void take(ByteBuf in) {
        try {
            begin(FuseRequest.read(in));
        } catch (RuntimeException e) {
            LOG.error("a request of the kernel could not be taken; this is a fault in the program", e);
        }
    }

    private void begin(FuseRequest r) {
        Opcode opcode = Opcode.of(r.opcode());
        if (opcode == null) {
            answer(r.unique(), Errno.ENOSYS.number(), Replies.EMPTY);
        } else if (opcode.isOneWay()) {
            hear(opcode, r);
        } else {
            Pending request = new Pending(opcode, r.unique(), r.pid());
            pending.put(r.unique(), request);
            request.run(() -> begin(request, r));
        }
    }

    private void begin(Pending request, FuseRequest r) {
        CompletableFuture<ByteBuf> answer;
        try {
            answer = method(request.opcode(), r);
        } catch (RuntimeException e) {
            if (!(e instanceof FuseException)) {
                LOG.error("a {} could not be served; this is a fault in the program", request.opcode(), e);
            }
            answer = CompletableFuture.failedFuture(e);
        }
        request.answer(answer);
        answer.whenComplete((body, failure) -> finish(request, body, failure));
    }

    private CompletableFuture<ByteBuf> method(Opcode opcode, FuseRequest r) {
        return switch (opcode) {
            case INIT -> Replies.now(negotiation.answer(r.body()));
            case DESTROY -> Replies.now(Replies.EMPTY);
            case LOOKUP -> names.lookup(r);
            case CREATE -> names.create(r);
            case MKDIR -> names.mkdir(r);
            case MKNOD -> names.mknod(r);
            case SYMLINK -> names.symlink(r);
            case LINK -> names.link(r);
            case UNLINK -> names.remove(r, false);
            case RMDIR -> names.remove(r, true);
            case RENAME -> names.rename(r, false);
            case RENAME2 -> names.rename(r, true);
            case READLINK -> names.readlink(r);
            case OPEN -> files.open(r, false);
            case OPENDIR -> files.open(r, true);
            case READ -> files.read(r);
            case WRITE -> files.write(r);
            case FLUSH -> files.flush(r);
            case FSYNC, FSYNCDIR -> files.fsync(r);
            case RELEASE, RELEASEDIR -> files.release(r);
            case READDIR -> directories.read(r, false);
            case READDIRPLUS -> directories.read(r, true);
            case GETATTR -> attributes.get(r);
            case SETATTR -> attributes.set(r);
            case ACCESS -> attributes.access(r);
            case STATFS -> attributes.statfs(r);
            case GETXATTR -> attributes.getExtended(r, false);
            case LISTXATTR -> attributes.getExtended(r, true);
            case SETXATTR -> attributes.setExtended(r);
            case REMOVEXATTR -> attributes.removeExtended(r);
            case GETLK -> locks.get(r);
            case SETLK -> locks.set(r, false);
            case SETLKW -> locks.set(r, true);
            case IOCTL -> throw new FuseException(Errno.ENOTTY);
            case FALLOCATE -> space.allocate(r);
            case LSEEK -> space.seek(r);
            case COPY_FILE_RANGE -> space.copy(r);
            case TMPFILE -> names.createUnnamed(r);
            case FORGET, BATCH_FORGET, INTERRUPT -> throw new IllegalStateException(opcode + " has no answer");
        };
    }

    private void hear(Opcode opcode, FuseRequest r) {
        switch (opcode) {
            case FORGET -> names.forget(r);
            case BATCH_FORGET -> names.forgetMany(r);
            case INTERRUPT -> interrupt(r, r.body().readLongLE());
            default -> throw new IllegalStateException(opcode + " has an answer");
        }
    }

    /**
     * FUSE_INTERRUPT: {@code unique[8]} of the other request. Another thread may have read that and not begun with it, or it may have
     * been answered: EAGAIN has the kernel say so again in the first case, and is nothing to it in the second.
     */
    private void interrupt(FuseRequest r, long unique) {
        Pending request = pending.get(unique);
        if (request == null) {
            answer(r.unique(), Errno.EAGAIN.number(), Replies.EMPTY);
        } else {
            interrupts.look(request);
        }
    }

    private void refuse(Pending request, Errno errno) {
        if (request.claim()) {
            pending.remove(request.unique(), request);
            answer(request.unique(), errno.number(), Replies.EMPTY);
        }
    }

    private void timeOut(Pending request) {
        refuse(request, Errno.ETIMEDOUT);
        request.giveUp();
        request.cancelIfIdle();
    }

    private void finish(Pending request, ByteBuf body, Throwable failure) {
        if (!request.claim()) {
            if (body != null) {
                abandoned.undo(request, body);
                body.release();
            }
            return;
        }
        pending.remove(request.unique(), request);
        if (failure != null) {
            answer(request.unique(), FuseException.errno(failure), Replies.EMPTY);
            return;
        }
        try {
            if (answer(request.unique(), 0, body) < 0) {
                abandoned.undo(request, body);
            }
        } finally {
            body.release();
        }
    }

    /** Writes an answer, whose body stays the caller's. Negative if nobody waits for it any more. */
    private int answer(long unique, int error, ByteBuf body) {
        int length = body.readableBytes();
        ByteBuf header = Replies.buffer(HEADER).writeIntLE(HEADER + length).writeIntLE(-error).writeLongLE(unique);
        ByteBuf direct = length == 0 || body.isDirect()
                ? body.retain()
                : Replies.buffer(length).writeBytes(body.slice());
        try {
            return device.write(header, direct);
        } finally {
            header.release();
            direct.release();
        }
    }
}
