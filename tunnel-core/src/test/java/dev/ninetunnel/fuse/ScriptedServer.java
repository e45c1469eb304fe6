package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.testing.Received;
import dev.ninetunnel.wire.Extended;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twant;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/** A 9P server of one directory with one file, {@code f}, that keeps what it is told to keep from being answered. */
final class ScriptedServer implements AutoCloseable {
    private static final Qid ROOT = new Qid(Qid.DIRECTORY, 0, 1);
    private static final Qid FILE = new Qid(Qid.FILE, 0, 2);

    private static final Duration TERM = Duration.ofMinutes(5);

    private record Kept(Tmessage request, int tag) {}

    private final ServerSocketChannel socket;
    private final Map<Integer, Qid> fids = new TreeMap<>();
    private final List<Kept> kept = new ArrayList<>();
    private final List<Tmessage> seen = new CopyOnWriteArrayList<>();
    private RawNine client;
    private volatile Predicate<Tmessage> keeps = _ -> false;
    private volatile Function<Tmessage, Rmessage> before = _ -> null;
    private volatile Predicate<Tmessage> grants = _ -> false;
    private volatile byte[] content = new byte[10];

    ScriptedServer(Path path) throws IOException {
        socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    /** From now on these are not answered, and nor is what asks to flush them. */
    void keep(Predicate<Tmessage> which) {
        keeps = which;
    }

    /** From now on requests are answered by what this gives, unless it gives null. */
    void answerFirst(Function<Tmessage, Rmessage> answers) {
        before = answers;
    }

    /** From now on the leases that are wanted with these requests are granted; before, none is. */
    void grant(Predicate<Tmessage> which) {
        grants = which;
    }

    /** The file has this in it from now on, of which nobody is told. */
    void content(byte... bytes) {
        content = bytes;
    }

    /** Whether it has been asked that, ever. */
    boolean hasSeen(Predicate<Tmessage> which) {
        return seen.stream().anyMatch(which);
    }

    synchronized int kept(Class<? extends Tmessage> kind) {
        return (int) kept.stream().filter(k -> kind.isInstance(k.request)).count();
    }

    /** Answers at last, in order, and goes on as usual. */
    synchronized void answerKept() {
        keeps = _ -> false;
        kept.forEach(k -> client.send(answer(k.request), k.tag));
        kept.clear();
    }

    synchronized int fids() {
        return fids.size();
    }

    private void serve() {
        try {
            client = RawNine.over(socket.accept());
            for (Received next = client.nextOrEnd(); next != null; next = client.nextOrEnd()) {
                hear(next.as(Tmessage.class), next.tag());
            }
        } catch (IOException | AssertionError _) {
            // It is closed, or the client is: nobody is to be answered.
        }
    }

    private synchronized void hear(Tmessage request, int tag) {
        seen.add(request);
        if (keeps.test(request) || (request instanceof Tflush && !kept.isEmpty())) {
            kept.add(new Kept(request, tag));
        } else {
            client.send(answer(request), tag);
        }
    }

    private Rmessage answer(Tmessage request) {
        Rmessage first = before.apply(request);
        return first != null ? first : switch (request) {
            case Tversion t when Extended.asksForLeases(t.version().utf8()) -> new Rversion(t.msize(),
                    Text.of(Extended.withLeases(TERM)));
            case Tversion t -> new Rversion(t.msize(), t.version());
            case Twant t -> new Rgranted(grants.test(t.request()) ? t.want() : 0, 1, answer(t.request()));
            case Tattach t -> new Rattach(bound(t.fid(), ROOT));
            case Twalk t when t.names().isEmpty() -> {
                bound(t.newfid(), fids.get(t.fid()));
                yield new Rwalk(List.of());
            }
            case Twalk t when t.names().getFirst().utf8().equals("f") -> new Rwalk(List.of(bound(t.newfid(), FILE)));
            case Twalk _ -> new Rlerror(Errno.ENOENT.number());
            case Tgetattr t -> attributes(fids.get(t.fid()));
            case Tlopen t -> new Rlopen(fids.get(t.fid()), 0);
            case Tlcreate t -> new Rlcreate(bound(t.fid(), FILE), 0);
            case Tread t -> {
                int from = (int) Math.min(t.offset(), content.length);
                yield new Rread(Unpooled.wrappedBuffer(content, from, Math.min(t.count(), content.length - from)));
            }
            case Tlock _ -> new Rlock(0);
            case Tclunk t -> {
                assertThat(fids.remove(t.fid())).as("a fid that is there").isNotNull();
                yield new Rclunk();
            }
            case Tflush _ -> new Rflush();
            default -> new Rlerror(Errno.EOPNOTSUPP.number());
        };
    }

    private Qid bound(int fid, Qid qid) {
        assertThat(qid).as("what the fid is walked from").isNotNull();
        fids.put(fid, qid);
        return qid;
    }

    private static Rgetattr attributes(Qid qid) {
        return new Rgetattr(0x7ff, qid, qid.isDirectory() ? 0040755 : 0100644, 0, 0, 1, 0, qid.isDirectory() ? 0 : 10,
                4096, 0, 0, 0, 5, 6, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        if (client != null) {
            client.close();
        }
    }
}
