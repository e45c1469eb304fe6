package dev.ninetunnel.serve.upstream;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.wire.Amount;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rmessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;

/** The requests to which an upstream server owes a reply, by tag. Used on the event loop only. */
final class Outstanding {
    /**
     * One of them.
     *
     * @param most what its reply may have ({@link Amount})
     * @param cancels of a Tflush, the request that it is about, if that had no reply
     */
    private record Asked(MessageType type, int tag, int most, UpstreamRequest by, Asked cancels) {}

    private final IntObjectHashMap<Asked> byTag = new IntObjectHashMap<>();

    /** One more, in this frame, which stays the caller's. */
    void add(ByteBuf frame, UpstreamRequest by) {
        MessageType type = MessageType.of(frame);
        int tag = Frame.tag(frame);
        Asked cancels = type == MessageType.TFLUSH ? byTag.get(Frame.int16(frame, Frame.HEADER)) : null;
        byTag.put(tag, new Asked(type, tag, Amount.asked(type, frame), by, cancels));
    }

    /** The server is not asked after all. */
    UpstreamRequest remove(int tag) {
        return byTag.remove(tag).by;
    }

    /**
     * Looks at a reply, whose shape is right.
     *
     * @return whether a request waits for it
     * @throws MalformedMessageException if it is nothing that may answer that
     */
    boolean awaits(ByteBuf reply, MessageType type) {
        Asked asked = byTag.get(Frame.tag(reply));
        if (asked != null) {
            Amount.check(asked.type, asked.most, type, reply);
        }
        return asked != null;
    }

    /** Gives the reply, which is awaited, to the request that it answers. */
    void answer(ByteBuf reply) {
        Asked asked = byTag.remove(Frame.tag(reply));
        Asked old = asked.cancels;
        if (old != null && old.equals(byTag.get(old.tag))) {
            // The server has dropped it: it would have answered it before.
            byTag.remove(old.tag);
            old.by.cancelled();
        }
        asked.by.answered(reply);
    }

    /** The server is lost: no reply comes. */
    void lose() {
        List<Asked> all = new ArrayList<>(byTag.values());
        byTag.clear();
        all.forEach(asked -> lose(asked.type, asked.tag, asked.by));
    }

    /** What comes of a request to a server that is lost, which has forgotten all fids. */
    static void lose(MessageType type, int tag, UpstreamRequest by) {
        switch (type) {
            case TFLUSH -> by.answered(frame(new Rflush(), tag));
            case TCLUNK -> by.answered(frame(new Rclunk(), tag));
            case TATTACH, TAUTH -> by.failed(new FsException(Errno.ECONNREFUSED));
            default -> by.failed(new FsException(Errno.EIO));
        }
    }

    /** The frame of a reply that the server has not made. */
    static ByteBuf frame(Rmessage reply, int tag) {
        ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
        reply.write(out, tag);
        return out;
    }
}
