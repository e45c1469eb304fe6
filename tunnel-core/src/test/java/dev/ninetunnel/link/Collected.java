package dev.ninetunnel.link;

import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes frames and remembers their types and tags; readable from any thread. */
public final class Collected implements FrameSink {
    /** What is kept of a frame. */
    public record Seen(int type, int tag, int size) {}

    public final List<Seen> frames = new CopyOnWriteArrayList<>();
    final AtomicInteger batches = new AtomicInteger();

    @Override
    public void accept(ByteBuf frame) {
        frames.add(new Seen(Frame.type(frame), Frame.tag(frame), frame.readableBytes()));
        frame.release();
    }

    @Override
    public void endOfBatch() {
        batches.incrementAndGet();
    }
}
