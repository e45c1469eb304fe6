package dev.ninetunnel.testing;

import dev.ninetunnel.wire.FidField;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * What a fuzzer has made of a recorded 9P stream, cut into frames again: each gets a size that is true, and where its shape is
 * right, fids of a small number, so that most requests come past the first look at them. For streams as they are, use a {@link
 * dev.ninetunnel.wire.FrameDecoder}.
 */
public final class FuzzedFrames implements Iterator<ByteBuf> {
    /** Fids below this number. */
    public static final int FIDS = 16;

    private final ByteBufAllocator alloc;
    private final byte[] input;
    private final int limit;
    private int at;

    /**
     * The frames of an input.
     *
     * @param alloc makes their buffers, which are the caller's
     * @param from where the stream begins
     * @param limit the largest frame, in bytes
     */
    public FuzzedFrames(ByteBufAllocator alloc, byte[] input, int from, int limit) {
        this.alloc = alloc;
        this.input = input;
        this.at = from;
        this.limit = limit;
    }

    @Override
    public boolean hasNext() {
        return input.length - at >= Frame.HEADER;
    }

    @Override
    public ByteBuf next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the input is at its end");
        }
        ByteBuf frame = alloc.buffer(0).writeBytes(input, at, Math.min(input.length - at, limit));
        long claimed = frame.getUnsignedIntLE(0);
        if (claimed >= Frame.HEADER && claimed < frame.readableBytes()) {
            frame.writerIndex((int) claimed);
        }
        at += frame.readableBytes();
        frame.setIntLE(0, frame.readableBytes());
        foldFids(frame);
        return frame;
    }

    private static void foldFids(ByteBuf frame) {
        MessageType type = MessageType.withLeases(frame);
        if (type == null || !hasShape(type, frame)) {
            return;
        }
        for (int i = 0; i < type.fidCount(); i++) {
            FidField field = type.fid(i);
            int place = field.in(frame);
            int fid = Frame.int32(frame, place);
            if (fid != Frame.NOFID) {
                Frame.int32(frame, place, fid & (FIDS - 1));
            }
        }
    }

    /** Whether a frame has the shape of its type. */
    public static boolean hasShape(MessageType type, ByteBuf frame) {
        try {
            type.check(frame);
            return true;
        } catch (MalformedMessageException e) {
            return false;
        }
    }
}
