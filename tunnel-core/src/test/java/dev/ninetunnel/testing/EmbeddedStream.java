package dev.ninetunnel.testing;

import dev.ninetunnel.wire.FrameDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One side of an embedded channel. What it hands out is cut into frames again, however it was gathered. */
final class EmbeddedStream implements FrameStream {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final EmbeddedChannel channel;
    private final Consumer<ByteBuf> in;
    private final Supplier<Object> out;
    private final EmbeddedChannel frames = new EmbeddedChannel(new FrameDecoder(NO_LIMIT));

    EmbeddedStream(EmbeddedChannel channel, Consumer<ByteBuf> in, Supplier<Object> out) {
        this.channel = channel;
        this.in = in;
        this.out = out;
    }

    @Override
    public void send(byte[] bytes) {
        in.accept(Unpooled.copiedBuffer(bytes));
    }

    @Override
    public Received next() {
        return nextIfThere();
    }

    @Override
    public Received nextIfThere() {
        channel.runPendingTasks();
        for (Object bytes = out.get(); bytes != null; bytes = out.get()) {
            frames.writeInbound(bytes);
        }
        ByteBuf frame = frames.readInbound();
        if (frame == null) {
            return null;
        }
        Received received = Received.of(ByteBufUtil.getBytes(frame));
        frame.release();
        return received;
    }

    @Override
    public boolean ended() {
        return !channel.isOpen();
    }

    @Override
    public void close() {
        frames.finishAndReleaseAll();
        channel.close();
    }
}
