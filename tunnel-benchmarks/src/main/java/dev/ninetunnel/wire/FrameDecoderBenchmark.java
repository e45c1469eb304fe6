package dev.ninetunnel.wire;

import dev.ninetunnel.benchmarks.Jvm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How long it takes to cut what a socket has given into frames; the next handler releases them at once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = {Jvm.NATIVE, Jvm.UNSAFE, Jvm.LEAKS, Jvm.COLLECTOR})
public class FrameDecoderBenchmark {
    private static final int RECEIVED = 64 << 10;
    private static final int SMALL = 64;
    private static final int LARGE = 128 << 10;

    private EmbeddedChannel channel;
    private ByteBuf small;
    private ByteBuf large;

    /** The next handler. */
    private static final class Releasing extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ((ByteBuf) message).release();
        }
    }

    @Setup
    public void open() {
        channel = new EmbeddedChannel(new FrameDecoder(LARGE), new Releasing());
        small = frames(RECEIVED / SMALL, SMALL);
        large = frames(1, LARGE);
    }

    private static ByteBuf frames(int count, int size) {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(count * size);
        for (int i = 0; i < count; i++) {
            int start = Frame.begin(out, MessageType.RREAD, i);
            out.writeZero(size - Frame.HEADER);
            Frame.end(out, start);
        }
        return out;
    }

    @TearDown
    public void close() {
        channel.finishAndReleaseAll();
        small.release();
        large.release();
    }

    /** One of 1,024 frames of 64 bytes that came in one buffer. */
    @Benchmark
    @OperationsPerInvocation(RECEIVED / SMALL)
    public void small() {
        channel.pipeline().fireChannelRead(small.retainedDuplicate());
    }

    /** A frame of 128 KiB that came in two buffers. */
    @Benchmark
    public void large() {
        channel.pipeline().fireChannelRead(large.retainedSlice(0, RECEIVED));
        channel.pipeline().fireChannelRead(large.retainedSlice(RECEIVED, RECEIVED));
    }
}
