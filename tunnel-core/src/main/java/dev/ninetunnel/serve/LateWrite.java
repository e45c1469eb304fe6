package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.lease.Behind;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.serve.tree.TreeRequest;
import dev.ninetunnel.wire.Amount;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Wrapped;
import dev.ninetunnel.wire.message.Rwrite;
import io.netty.buffer.ByteBuf;

/** Writes that were told as done before they came: whole, or not without an error. On a worker. */
final class LateWrite {
    private LateWrite() {}

    /** Does the work of a Twrite, and tells which changes of the file are its own. */
    static ByteBuf during(Behind behind, TreeRequest.Work work) throws FsException {
        behind.begins();
        try {
            return work.run();
        } finally {
            behind.ends();
        }
    }

    /**
     * The same until all is written. Where a disk is full a write may end early, and the next one says why.
     *
     * @param frame the Twrite, which is cut down to what is left of it
     */
    static ByteBuf whole(ByteBuf frame, Behind behind, TreeRequest.Work work) throws FsException {
        return during(behind, () -> {
            int asked = Amount.asked(MessageType.TWRITE, frame);
            int done = 0;
            ByteBuf reply = work.run();
            for (int written = written(reply); written < asked - done; written = written(reply)) {
                reply.release();
                if (written == 0) {
                    throw new FsException(Errno.ENOSPC);
                }
                done += written;
                Wrapped.skipWritten(frame, written);
                reply = work.run();
            }
            return done == 0 ? reply : ofAll(reply, asked);
        });
    }

    private static int written(ByteBuf reply) {
        return MessageType.of(reply) == MessageType.RWRITE
                ? Amount.replied(MessageType.RWRITE, reply)
                : Integer.MAX_VALUE;
    }

    private static ByteBuf ofAll(ByteBuf reply, int asked) {
        if (MessageType.of(reply) != MessageType.RWRITE) {
            return reply;
        }
        int tag = Frame.tag(reply);
        reply.release();
        return Replies.frame(new Rwrite(asked), tag);
    }
}
