package dev.ninetunnel.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cache.Holder;
import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A client role between local clients on embedded channels and a far side that a test plays by hand. Time stands
 * still until {@link #pass}. {@link #close} sees that no buffer is left.
 */
final class Bench implements AutoCloseable {
    static final int MSIZE = 65536;
    static final Qid QID = new Qid(Qid.DIRECTORY, 1, 1);

    /** A request as the far side got it, or a reply as a client got it. */
    record Got<M>(int tag, M message) {}

    final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    final Far far = new Far();
    final ClientRole role;
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final List<Client> clients = new ArrayList<>();

    Bench() {
        this(ClientLimits.standard());
    }

    Bench(ClientLimits limits) {
        this(limits, 0);
    }

    private Bench(ClientLimits limits, long cache) {
        clock.freezeTime();
        role = new ClientRole("bob", clock.eventLoop(), limits, far -> cache == 0
                ? Optional.empty()
                : Optional.of(holder(cache, far.lease())));
    }

    private Holder holder(long bytes, Duration term) {
        Holder holder = new Holder(bytes, term, clock.eventLoop().ticker()::nanoTime);
        holder.writeBehind(WriteBehind.MOUNTS);
        return holder;
    }

    /** With a conversation open, to a far side like ours that grants leases, where so many bytes are kept. */
    static Bench caching(long bytes) {
        Bench bench = new Bench(ClientLimits.standard(), bytes);
        bench.role.open(new RemoteParameters(MSIZE, EnumSet.of(Dialect.PLAIN, Dialect.LINUX)).withExtended(true)
                .withLease(Duration.ofSeconds(10)), bench.far);
        return bench;
    }

    /** With a conversation open, to a far side like ours. */
    static Bench open() {
        return open(ClientLimits.standard());
    }

    static Bench open(ClientLimits limits) {
        Bench bench = new Bench(limits);
        bench.open(MSIZE, Dialect.PLAIN, Dialect.LINUX);
        return bench;
    }

    void open(int msize, Dialect first, Dialect... others) {
        role.open(new RemoteParameters(msize, EnumSet.of(first, others)).withExtended(others.length > 0), far);
        settle();
    }

    /** A connection that has sent nothing yet. */
    Client connect() {
        Client client = new Client();
        clients.add(client);
        return client;
    }

    /** A client that has agreed on a version. */
    Client client(Dialect dialect) {
        Client client = connect();
        assertThat(client.version(MSIZE, dialect.version())).isEqualTo(
                new Rversion(MSIZE, Text.of(dialect.version())));
        return client;
    }

    /** A 9P2000.L client whose fid 0 is the root. */
    Client attached() {
        Client client = client(Dialect.LINUX);
        client.attach(0);
        return client;
    }

    void pass(Duration time) {
        clock.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        clock.runScheduledPendingTasks();
        settle();
    }

    /** Lets every loop do what it has put off. */
    void settle() {
        for (int i = 0; i < 3; i++) {
            clock.runPendingTasks();
            clients.forEach(client -> client.channel.runPendingTasks());
        }
    }

    /** Hangs up on all that are left, and answers what the far side is asked for that. */
    @Override
    public void close() {
        clients.forEach(Client::hangUp);
        far.answerCleanups();
        role.lost("the test is over");
        settle();
        clients.forEach(client -> client.channel.finishAndReleaseAll());
        assertThat(role.localClients()).as("local clients left").isZero();
        assertThat(alloc.metric().usedHeapMemory()).as("bytes of buffers left").isZero();
    }

    static Tattach tattach(int fid) {
        return new Tattach(fid, Frame.NOFID, Text.of("me"), Text.EMPTY, OptionalInt.of(1000));
    }

    static Twalk walk(int fid, int newfid, String... names) {
        return new Twalk(fid, newfid, List.of(names).stream().map(Text::of).toList());
    }

    static Rwalk walked(int steps) {
        return new Rwalk(java.util.Collections.nCopies(steps, QID));
    }

    static ByteBuf bytes(int n) {
        return Unpooled.wrappedBuffer(new byte[n]);
    }

    /** One local client. */
    final class Client {
        final EmbeddedChannel channel = new EmbeddedChannel(false, false);

        private Client() {
            channel.config().setAllocator(alloc);
            channel.pipeline().addLast(new FrameDecoder(8192), role.newLocalClient());
            try {
                channel.register();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        void send(int tag, Tmessage message) {
            raw(out -> message.write(out, tag));
        }

        /** Sends all that is written in one piece. */
        void raw(Consumer<ByteBuf> writer) {
            ByteBuf out = alloc.buffer();
            writer.accept(out);
            channel.writeInbound(out);
            settle();
        }

        /** What it got since it was last asked. */
        List<Got<Rmessage>> got() {
            List<Got<Rmessage>> got = new ArrayList<>();
            for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
                if (frame.isReadable()) {
                    ByteBuf copy = copy(frame);
                    got.add(new Got<>(Frame.tag(copy), Rmessage.read(copy)));
                }
                frame.release();
            }
            return got;
        }

        /** The one reply it got since it was last asked, which has this tag. */
        Rmessage reply(int tag) {
            List<Got<Rmessage>> got = got();
            assertThat(got).as("replies").hasSize(1);
            assertThat(got.getFirst().tag()).as("tag of the reply").isEqualTo(tag);
            return got.getFirst().message();
        }

        void gotNothing() {
            assertThat(got()).isEmpty();
        }

        Rmessage version(int msize, String version) {
            send(Frame.NOTAG, new Tversion(msize, Text.of(version)));
            return reply(Frame.NOTAG);
        }

        /** Attaches, and returns the far side's number of that fid. */
        int attach(int fid) {
            send(0, tattach(fid));
            Got<Tmessage> asked = far.one();
            far.reply(asked.tag(), new Rattach(QID));
            assertThat(reply(0)).isEqualTo(new Rattach(QID));
            return ((Tattach) asked.message()).fid();
        }

        /** Walks, and returns the far side's number of the new fid. */
        int walk(int fid, int newfid, String... names) {
            send(0, Bench.walk(fid, newfid, names));
            Got<Tmessage> asked = far.one();
            far.reply(asked.tag(), walked(names.length));
            assertThat(reply(0)).isEqualTo(walked(names.length));
            return ((Twalk) asked.message()).newfid();
        }

        boolean isOpen() {
            return channel.isOpen();
        }

        void hangUp() {
            channel.close();
            settle();
        }
    }

    /** The far side. */
    final class Far implements FrameSink {
        private final ArrayDeque<Got<Tmessage>> requests = new ArrayDeque<>();
        int batches;

        @Override
        public void accept(ByteBuf frame) {
            ByteBuf copy = copy(frame);
            frame.release();
            requests.add(new Got<>(Frame.tag(copy), Tmessage.read(copy)));
        }

        @Override
        public void endOfBatch() {
            batches++;
        }

        /** What it was asked since it was last looked at. */
        List<Got<Tmessage>> all() {
            List<Got<Tmessage>> all = List.copyOf(requests);
            requests.clear();
            return all;
        }

        Got<Tmessage> one() {
            List<Got<Tmessage>> all = all();
            assertThat(all).as("requests at the far side").hasSize(1);
            return all.getFirst();
        }

        void gotNothing() {
            assertThat(requests).as("requests at the far side").isEmpty();
        }

        void reply(int tag, Rmessage message) {
            raw(out -> message.write(out, tag));
        }

        void raw(Consumer<ByteBuf> writer) {
            ByteBuf frame = alloc.buffer();
            writer.accept(frame);
            try {
                role.accept(frame);
            } finally {
                role.endOfBatch();
                settle();
            }
        }

        /** Answers every Tflush and Tclunk that comes, until none comes any more; others stay unanswered. */
        void answerCleanups() {
            for (List<Got<Tmessage>> all = all(); !all.isEmpty(); all = all()) {
                for (Got<Tmessage> got : all) {
                    switch (got.message()) {
                        case dev.ninetunnel.wire.message.Tflush flush -> reply(got.tag(),
                                new dev.ninetunnel.wire.message.Rflush());
                        case dev.ninetunnel.wire.message.Tclunk clunk -> reply(got.tag(),
                                new dev.ninetunnel.wire.message.Rclunk());
                        default -> {
                        }
                    }
                }
            }
        }
    }

    private static ByteBuf copy(ByteBuf frame) {
        byte[] bytes = new byte[frame.readableBytes()];
        frame.getBytes(frame.readerIndex(), bytes);
        return Unpooled.wrappedBuffer(bytes);
    }
}
