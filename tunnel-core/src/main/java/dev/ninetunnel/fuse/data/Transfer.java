package dev.ninetunnel.fuse.data;

import dev.ninetunnel.client.FidCalls;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.Replies;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/**
 * Data of an open file on their way, in several messages where one does not carry all that the kernel asks for. Nothing here waits.
 *
 * @param calls by which requests are sent
 * @param most bytes that the server takes at a time
 */
public record Transfer(FidCalls calls, int fid, int most) {
    /** Fewer bytes than asked for are what there is. */
    public CompletableFuture<ByteBuf> read(long offset, int size) {
        return size <= most
                // Handed on without a copy.
                ? calls.ask(new Tread(fid, offset, size), reply -> ((Rread) reply).data().retainedSlice())
                : gather(Replies.buffer(size), offset, size);
    }

    private CompletableFuture<ByteBuf> gather(ByteBuf into, long offset, int size) {
        int asked = Math.min(most, size - into.readableBytes());
        return calls.ask(new Tread(fid, offset + into.readableBytes(), asked), reply -> {
            ByteBuf data = ((Rread) reply).data();
            int got = data.readableBytes();
            into.writeBytes(data);
            return got;
        }).whenComplete((_, failure) -> {
            if (failure != null) {
                into.release();
            }
        }).thenCompose(got -> got < asked || into.readableBytes() == size
                ? CompletableFuture.completedFuture(into)
                : gather(into, offset, size));
    }

    /** How many bytes were written. The data stay the caller's, who keeps them until this is over. */
    public CompletableFuture<Integer> write(long offset, ByteBuf data) {
        return write(offset, data, 0);
    }

    private CompletableFuture<Integer> write(long offset, ByteBuf data, int done) {
        int length = Math.min(most, data.readableBytes() - done);
        Twrite request = new Twrite(fid, offset + done, data.slice(data.readerIndex() + done, length));
        return calls.ask(request, reply -> ((Rwrite) reply).count()).thenCompose(written -> {
            int all = done + written;
            if (written <= 0 && length > 0) {
                return done > 0
                        ? CompletableFuture.completedFuture(done)
                        : CompletableFuture.failedFuture(new FuseException(Errno.EIO));
            }
            return written < length || all == data.readableBytes()
                    ? CompletableFuture.completedFuture(all)
                    : write(offset, data, all);
        });
    }
}
