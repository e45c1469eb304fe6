package dev.ninetunnel.mux;

import dev.ninetunnel.benchmarks.Jvm;
import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tread;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A Tread and its Rread through the client role, from a local client's decoder to the link and back to the client's socket.
 * The same two buffers go to and fro.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = {Jvm.NATIVE, Jvm.UNSAFE, Jvm.LEAKS, Jvm.COLLECTOR})
public class ClientRoleBenchmark {
    private static final int FID = 1000;

    /** How much is read; from 8 KiB on a reply is bulk. */
    @Param({"4000", "40000"})
    public int bytes;

    private final Bench bench = new Bench();
    private final Socket socket = new Socket();
    private Bench.Client client;
    private ChannelHandlerContext decoder;
    private ByteBuf request;
    private ByteBuf reply;

    /** The far side: until the client is attached that of the bench, and then one that answers with the same frame. */
    private final class Answering implements FrameSink {
        @Override
        public void accept(ByteBuf frame) {
            if (reply == null) {
                bench.far.accept(frame);
                return;
            }
            Frame.tag(reply, Frame.tag(frame));
            frame.release();
        }
    }

    /** Takes what is written to the client. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ((ByteBuf) message).release();
        }
    }

    @Setup
    public void attach() {
        bench.role.open(new RemoteParameters(Bench.MSIZE, EnumSet.of(Dialect.LINUX)), new Answering());
        client = bench.attached();
        client.attach(FID);
        decoder = client.channel.pipeline().context(FrameDecoder.class);
        client.channel.pipeline().addFirst(socket);
        request = Unpooled.buffer();
        new Tread(FID, 0, bytes).write(request, 1);
        ByteBuf written = Unpooled.buffer();
        new Rread(Bench.bytes(bytes)).write(written, 1);
        reply = written;
    }

    @TearDown
    public void hangUp() {
        reply.release();
        reply = null;
        request.release();
        client.channel.pipeline().remove(socket);
        bench.close();
    }

    @Benchmark
    public void read() {
        Frame.tag(request, 1);
        Frame.int32(request, Frame.HEADER, FID);
        decoder.fireChannelRead(request.retain());
        decoder.fireChannelReadComplete();
        bench.role.accept(reply.retain());
        bench.role.endOfBatch();
    }
}
