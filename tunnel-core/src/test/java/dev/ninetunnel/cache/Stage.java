package dev.ninetunnel.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cache.port.Asked;
import dev.ninetunnel.cache.port.FarSide;
import dev.ninetunnel.cache.port.LocalServer;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A holder, local clients of it, and a far side that a test plays by hand. Time stands still until {@link #pass}. */
final class Stage implements AutoCloseable {
    static final int A = LeaseKinds.ATTRIBUTES;
    static final int N = LeaseKinds.NAMES;
    static final int D = LeaseKinds.DATA;
    static final long EVERYTHING = 0x3fff;
    static final Duration TERM = Duration.ofSeconds(10);
    static final Qid ROOT = new Qid(Qid.DIRECTORY, 1, 1);
    /** The numbers of leases are those of inodes, and so much. */
    static final long LEASE = 1000;

    final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    final Holder holder;
    /** What the far side was asked and has not answered, in order. */
    final List<Asking> asked = new ArrayList<>();
    private long now = 1_000_000_000_000L;

    Stage(Rule... leftOut) {
        this(1 << 20, leftOut);
    }

    Stage(long bytes, Rule... leftOut) {
        EnumSet<Rule> rules = EnumSet.allOf(Rule.class);
        rules.removeAll(List.of(leftOut));
        this.holder = new Holder(bytes, TERM, () -> now, rules);
    }

    void pass(Duration time) {
        now += time.toNanos();
    }

    @Override
    public void close() {
        List.copyOf(asked).forEach(Asking::lose);
        assertThat(alloc.metric().usedHeapMemory()).as("bytes of buffers left").isZero();
    }

    /** A client that has attached as fid 0, with all leases on the root. */
    Client attached() {
        return attached(LEASE);
    }

    /** The same, with numbers of leases from there on. */
    Client attached(long leases) {
        Client client = new Client();
        client.send(0, new Tattach(0, Frame.NOFID, Text.EMPTY, Text.EMPTY, OptionalInt.of(1000)));
        one(Tattach.class).reply(new Rattach(ROOT), A | N, leases + ROOT.path());
        client.got(0, Rattach.class);
        return client;
    }

    /** A client of a dialect for which nothing is kept. */
    Client plain() {
        Client client = new Client();
        client.server = new PassingServer(holder);
        return client;
    }

    /** The one question that the far side was asked and has not answered. */
    Asking one(Class<? extends Tmessage> type) {
        assertThat(asked).as("questions").hasSize(1);
        assertThat(asked.getFirst().message).isInstanceOf(type);
        return asked.getFirst();
    }

    Asking next(Class<? extends Tmessage> type) {
        Asking first = asked.stream().filter(a -> type.isInstance(a.message)).findFirst().orElse(null);
        assertThat(first).as("a " + type.getSimpleName() + " among " + asked).isNotNull();
        return first;
    }

    void askedNothing() {
        assertThat(asked).as("questions").isEmpty();
    }

    /** A break of what was granted on an inode. Returns whether it has been answered. */
    boolean[] breaks(long inode, int lost) {
        boolean[] answered = new boolean[1];
        holder.broken(LEASE + inode, lost, () -> answered[0] = true);
        return answered;
    }

    static Qid file(long path) {
        return new Qid(Qid.FILE, 1, path);
    }

    static Rgetattr attributes(Qid qid, long size) {
        return new Rgetattr(EVERYTHING, qid, 0100644, 0, 0, 1, 0, size, 4096, 1, 0, 0, size, 0, 0, 0, 0, 0, 0, 0);
    }

    static Rread data(String text) {
        return new Rread(Unpooled.copiedBuffer(text, java.nio.charset.StandardCharsets.UTF_8));
    }

    static Twalk walk(int fid, int newfid, String... names) {
        return new Twalk(fid, newfid, List.of(names).stream().map(Text::of).toList());
    }

    static Rwalk walked(Qid... qids) {
        return new Rwalk(List.of(qids));
    }

    static Tread read(int fid) {
        return new Tread(fid, 0, 100);
    }

    static Tgetattr getattr(int fid) {
        return new Tgetattr(fid, EVERYTHING);
    }

    /** A question that the far side was asked. */
    final class Asking {
        final Tmessage message;
        final int want;
        private final MessageType type;
        private final Asked asked;
        private final Parked client;

        private Asking(Tmessage message, MessageType type, int want, Asked asked, Parked client) {
            this.message = message;
            this.type = type;
            this.want = want;
            this.asked = asked;
            this.client = client;
        }

        void reply(Rmessage reply) {
            reply(reply, 0, 0);
        }

        /** Answers with the leases that were wanted, under the number of the inode. */
        void grant(Rmessage reply, long inode) {
            reply(reply, want, LEASE + inode);
        }

        void reply(Rmessage reply, int got, long lease) {
            Stage.this.asked.remove(this);
            ByteBuf frame = alloc.buffer();
            reply.write(frame, 0);
            ByteBuf shown = asked == null
                    ? frame
                    : asked.answered(MessageType.withLeases(frame), frame, got, lease);
            if (client != null) {
                client.tell(shown);
            } else if (shown != null) {
                shown.release();
            }
        }

        /** It was flushed: no reply comes. */
        void lose() {
            Stage.this.asked.remove(this);
            if (asked != null) {
                asked.lost();
            }
        }

        @Override
        public String toString() {
            return type + " " + message;
        }
    }

    private void ask(ByteBuf frame, MessageType type, int want, Asked whoHears, Parked client) {
        Tmessage message = Tmessage.read(Unpooled.copiedBuffer(frame));
        asked.add(new Asking(message, type, want, whoHears, client));
    }

    /** A request of a client that the cache has. */
    private final class Parked implements Pending {
        private final Client client;
        private final int tag;
        private final ByteBuf frame;
        private Runnable dropped;
        private boolean over;

        Parked(Client client, int tag, Tmessage message) {
            this.client = client;
            this.tag = tag;
            this.frame = alloc.buffer();
            message.write(frame, tag);
        }

        @Override
        public ByteBuf frame() {
            return frame;
        }

        @Override
        public MessageType type() {
            return MessageType.of(frame);
        }

        private void end() {
            assertThat(over).as("answered or passed on twice").isFalse();
            over = true;
        }

        @Override
        public int wanted() {
            return client.wants;
        }

        @Override
        public void grant(int kinds, long lease) {
            client.granted.put(lease, kinds);
        }

        @Override
        public void send(int want, Asked whoHears) {
            end();
            ask(frame, type(), want, whoHears, this);
            frame.release();
        }

        @Override
        public void answer(ByteBuf reply) {
            end();
            frame.release();
            tell(reply);
        }

        @Override
        public void park(Runnable whenDropped) {
            dropped = whenDropped;
        }

        void tell(ByteBuf reply) {
            client.got.add(new Got(tag, Rmessage.read(Unpooled.copiedBuffer(reply))));
            reply.release();
        }

        void drop() {
            end();
            frame.release();
            if (dropped != null) {
                dropped.run();
            }
        }
    }

    record Got(int tag, Rmessage message) {}

    /** A local client. */
    final class Client implements FarSide {
        private LocalServer server = new CachingServer(holder, this, 1000, this::recall);
        /** The leases that it wants with each reply, and those that it was granted, by their numbers. */
        int wants;
        final Map<Long, Integer> granted = new HashMap<>();
        /** What it was asked to give up, and has not. */
        final Map<Long, Runnable> recalled = new LinkedHashMap<>();
        private final ArrayDeque<Got> got = new ArrayDeque<>();
        boolean writable = true;
        Runnable probed;

        private void recall(long lease, int kinds, Runnable givenUp) {
            assertThat(granted.get(lease)).as("lease %s", lease).isEqualTo(kinds);
            recalled.put(lease, givenUp);
        }

        /** Gives up all that it was asked for. */
        void giveUp() {
            List<Runnable> all = List.copyOf(recalled.values());
            granted.keySet().removeAll(recalled.keySet());
            recalled.clear();
            all.forEach(Runnable::run);
        }

        void leave() {
            server.left();
        }

        void send(int tag, Tmessage message) {
            server.take(new Parked(this, tag, message));
        }

        /** Sends what is parked, and flushes it. */
        void sendAndFlush(int tag, Tmessage message) {
            Parked parked = new Parked(this, tag, message);
            server.take(parked);
            parked.drop();
        }

        <R extends Rmessage> R got(int tag, Class<R> type) {
            Got first = got.poll();
            assertThat(first).as("a reply").isNotNull();
            assertThat(first.tag()).as("tag").isEqualTo(tag);
            assertThat(first.message()).isInstanceOf(type);
            return type.cast(first.message());
        }

        boolean hasReply() {
            return !got.isEmpty();
        }

        Rmessage gotAny() {
            return got.remove().message();
        }

        void gotNothing() {
            assertThat(got).isEmpty();
        }

        /** Asks, and expects the answer to come from here. */
        <R extends Rmessage> R here(Tmessage message, Class<R> type) {
            int before = asked.size();
            send(7, message);
            assertThat(asked).as("questions").hasSize(before);
            return got(7, type);
        }

        /** Looks at the root's attributes, as a kernel does: from then on it is taken to look at those of all that it walks to. */
        void looks() {
            send(1, getattr(0));
            one(Tgetattr.class).grant(attributes(ROOT, 0), ROOT.path());
            got(1, Rgetattr.class);
        }

        /** Walks to a file that the far side has, with all leases on it. */
        void walk(int newfid, String name, Qid qid) {
            send(1, Stage.walk(0, newfid, name));
            listsNothing();
            one(Twalk.class).reply(walked(qid), A | (qid.isDirectory() ? N : 0), LEASE + qid.path());
            got(1, Rwalk.class);
        }

        /** The far side does not tell a directory at once. */
        void listsNothing() {
            asked.stream().filter(asking -> asking.message instanceof Tlist).toList()
                    .forEach(asking -> asking.reply(new Rlerror(Errno.EOPNOTSUPP.number())));
        }

        /** Opens a fid for reading, with all leases on its file. */
        void open(int fid, Qid qid) {
            send(2, new Tlopen(fid, 0));
            one(Tlopen.class).reply(new Rlopen(qid, 0), A, LEASE + qid.path());
            got(2, Rlopen.class);
        }

        /** Reads from the far side, with all leases. */
        void read(int fid, Qid qid, String text) {
            send(3, Stage.read(fid));
            one(Tread.class).reply(data(text), A | D, LEASE + qid.path());
            got(3, Rread.class);
        }

        /** A file that is open, and known. */
        void readFile(int fid, String name, Qid qid, String text) {
            walk(fid, name, qid);
            open(fid, qid);
            read(fid, qid, text);
        }

        @Override
        public ByteBufAllocator alloc() {
            return alloc;
        }

        @Override
        public int mostData() {
            return 1 << 20;
        }

        @Override
        public int mostEntries() {
            return 1 << 16;
        }

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public boolean mayAskNow() {
            return true;
        }

        @Override
        public void askNow(ByteBuf frame, MessageType type, int want, Asked whoHears) {
            Stage.this.ask(frame, type, want, whoHears, null);
            frame.release();
        }

        @Override
        public void ask(ByteBuf frame, MessageType type, int want, Asked whoHears) {
            askNow(frame, type, want, whoHears);
        }

        @Override
        public boolean probe(Runnable answered) {
            probed = answered;
            return true;
        }
    }
}
