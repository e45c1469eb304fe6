package dev.ninetunnel.queue;

import dev.ninetunnel.benchmarks.Jvm;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * Bulk that leaves a queue in which each of so many clients has two replies waiting, and comes back to its end. The tags are
 * numbered without gaps, as they are handed out.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = {Jvm.NATIVE, Jvm.UNSAFE, Jvm.LEAKS, Jvm.COLLECTOR})
public class FairQueueBenchmark {
    private static final int EACH = 2;

    /** How many clients have bulk waiting, each on one fid. */
    @Param({"1", "10", "1000"})
    public int flows;

    private final OneAtATime exit = new OneAtATime();
    private final FairQueue queue = new FairQueue(exit);
    private Object[] clients;

    /** A link that takes one frame when it is asked to. */
    private static final class OneAtATime implements FairQueue.Exit {
        private boolean room;
        private ByteBuf sent;

        @Override
        public boolean hasRoom() {
            return room;
        }

        @Override
        public void send(ByteBuf frame) {
            sent = frame;
            room = false;
        }
    }

    @Setup
    public void fill() {
        clients = Stream.generate(Object::new).limit(flows).toArray();
        for (int tag = 0; tag < flows * EACH; tag++) {
            ByteBuf frame = Unpooled.buffer();
            int start = Frame.begin(frame, MessageType.RREAD, tag);
            frame.writeZero(FairQueue.SMALL);
            Frame.end(frame, start);
            add(frame);
        }
    }

    private void add(ByteBuf frame) {
        int flow = Frame.tag(frame) / EACH;
        queue.add(frame, clients[flow], flow);
    }

    @TearDown
    public void release() {
        queue.release();
    }

    @Benchmark
    public void turn() {
        exit.room = true;
        queue.pump();
        add(exit.sent);
    }
}
