package dev.ninetunnel.mux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.OptionalInt;

/** Error replies as the dialects write them: a number in 9P2000.L, words in 9P2000, both in 9P2000.u. */
final class ErrorReply {
    private static final int MAX_NUMBER = 4095;
    private static final int ROOM = 64;

    private ErrorReply() {}

    /** A new frame, for the caller to hand on. */
    static ByteBuf of(ByteBufAllocator alloc, Dialect dialect, int tag, Errno errno, String words) {
        return frame(alloc, tag, message(dialect, errno.number(), Text.of(words)));
    }

    /**
     * The same error in this dialect: the frame itself where it is right already, or else a new one. The frame, whose
     * shape has been checked, belongs to this method, and what it returns to the caller.
     */
    static ByteBuf inDialect(ByteBufAllocator alloc, Dialect dialect, ByteBuf frame) {
        if (dialect == Dialect.LINUX && MessageType.of(frame) == MessageType.RLERROR
                && isNumber(Frame.int32(frame, Frame.HEADER))) {
            return frame;
        }
        Rmessage error = Rmessage.read(frame);
        if (error instanceof Rerror plain && plain.errno().isPresent() == (dialect == Dialect.UNIX)
                && dialect != Dialect.LINUX) {
            return frame;
        }
        Rmessage same = switch (error) {
            case Rlerror(int number) -> message(dialect, valid(number), Text.of(Errno.of(valid(number)).words()));
            case Rerror(Text words, OptionalInt number) -> message(dialect,
                    valid(number.orElseGet(() -> Errno.of(words.utf8()).number())), words);
            default -> throw new IllegalArgumentException(error.type() + " is no error");
        };
        int tag = Frame.tag(frame);
        frame.release();
        return frame(alloc, tag, same);
    }

    /** Rlerror carries 1 to 4095, never 0 (rule S2): the Linux client would take 0 for a success. */
    private static int valid(int number) {
        return isNumber(number) ? number : Errno.EIO.number();
    }

    private static boolean isNumber(int number) {
        return number > 0 && number <= MAX_NUMBER;
    }

    private static Rmessage message(Dialect dialect, int number, Text words) {
        return switch (dialect) {
            case LINUX -> new Rlerror(number);
            case UNIX -> new Rerror(words, OptionalInt.of(number));
            case PLAIN -> new Rerror(words, OptionalInt.empty());
        };
    }

    private static ByteBuf frame(ByteBufAllocator alloc, int tag, Rmessage message) {
        ByteBuf frame = alloc.buffer(ROOM);
        message.write(frame, tag);
        return frame;
    }
}
