package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.OptionalInt;

/** Replies as frames. Any thread. */
public final class Replies {
    private static final int USUAL_BYTES = 64;
    private static final int LARGEST_ERRNO = 4095;

    private Replies() {}

    /** The frame of a reply; it belongs to the caller. */
    public static ByteBuf frame(Rmessage reply, int tag) {
        ByteBuf out = ByteBufAllocator.DEFAULT.buffer(USUAL_BYTES);
        reply.write(out, tag);
        return out;
    }

    /** The frame of an error, as the dialect tells it: by number, in words, or both (rules S2 and S18). */
    public static ByteBuf error(Dialect dialect, int tag, FsException e) {
        int number = e.number() >= 1 && e.number() <= LARGEST_ERRNO ? e.number() : Errno.EIO.number();
        return frame(switch (dialect) {
            case LINUX -> new Rlerror(number);
            case UNIX -> new Rerror(Text.of(e.getMessage()), OptionalInt.of(number));
            case PLAIN -> new Rerror(Text.of(e.getMessage()), OptionalInt.empty());
        }, tag);
    }

    public static ByteBuf error(Dialect dialect, int tag, Errno errno) {
        return error(dialect, tag, new FsException(errno));
    }
}
