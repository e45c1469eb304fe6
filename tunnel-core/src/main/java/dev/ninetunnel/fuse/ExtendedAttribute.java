package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.Replies;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rxattrwalk;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;

/** An extended attribute, or the list of their names, that a fid stands for (9P2000.L). Nothing here waits. */
record ExtendedAttribute(Attachment attachment, int fid, long size) {
    private static final int LIMIT = 65536;

    /** With an empty name, the list of names. To be read once, which ends it. */
    static CompletableFuture<ExtendedAttribute> find(Attachment a, int file, Text name) {
        if (!a.ops().tellsAll()) {
            return unknown();
        }
        return a.withRoom(() -> findOnce(a, file, name));
    }

    private static CompletableFuture<ExtendedAttribute> findOnce(Attachment a, int file, Text name) {
        int fid = a.calls().take();
        return a.calls().ask(new Txattrwalk(file, fid, name), Rxattrwalk.class)
                .thenApply(found -> new ExtendedAttribute(a, fid, found.size()))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        a.calls().free(fid);
                    }
                });
    }

    private static <R> CompletableFuture<R> unknown() {
        return CompletableFuture.failedFuture(new FuseException(Errno.EOPNOTSUPP));
    }

    /** The value for whoever has room for so many bytes; with no room, {@code size[4] padding[4]}. */
    CompletableFuture<ByteBuf> read(int room) {
        CompletableFuture<ByteBuf> value;
        if (size < 0 || size > LIMIT) {
            value = CompletableFuture.failedFuture(new FuseException(Errno.E2BIG));
        } else if (room == 0) {
            value = Replies.now(Replies.buffer(8).writeIntLE((int) size).writeZero(4));
        } else if (size > room) {
            value = CompletableFuture.failedFuture(new FuseException(Errno.ERANGE));
        } else {
            value = read(Replies.buffer((int) size));
        }
        return value.whenComplete((_, _) -> attachment.calls().clunk(fid));
    }

    private CompletableFuture<ByteBuf> read(ByteBuf value) {
        int rest = (int) size - value.readableBytes();
        if (rest == 0) {
            return Replies.now(value);
        }
        int count = Math.min(rest, attachment.conversation().dataSize());
        return attachment.calls().ask(new Tread(fid, value.readableBytes(), count), reply -> {
            ByteBuf data = ((Rread) reply).data();
            value.writeBytes(data, data.readerIndex(), data.readableBytes());
            return data.readableBytes();
        }).whenComplete((_, failure) -> {
            if (failure != null) {
                value.release();
            }
        }).thenCompose(got -> got == 0 ? Replies.now(value) : read(value));
    }

    /** Sets one; with no value, removes it. What goes wrong is told when the fid is clunked. */
    static CompletableFuture<Void> set(Attachment a, int file, Text name, byte[] value, int flags) {
        if (!a.ops().tellsAll()) {
            return unknown();
        }
        return a.copy(file).thenCompose(fid -> a.calls()
                .ask(new Txattrcreate(fid, name, value.length, flags), Rmessage.class)
                .thenCompose(_ -> write(a, fid, value, 0))
                .handle((_, failure) -> failure)
                .thenCompose(failure -> a.calls().clunk(fid).thenCompose(_ -> failure == null
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(failure))));
    }

    private static CompletableFuture<Integer> write(Attachment a, int fid, byte[] value, int done) {
        if (done == value.length) {
            return CompletableFuture.completedFuture(done);
        }
        int count = Math.min(value.length - done, a.conversation().dataSize());
        Twrite request = new Twrite(fid, done, Unpooled.wrappedBuffer(value, done, count));
        return a.calls().ask(request, reply -> ((Rwrite) reply).count()).thenCompose(written -> {
            if (written <= 0) {
                throw new FuseException(Errno.EIO);
            }
            return write(a, fid, value, done + written);
        });
    }
}
