package dev.ninetunnel.endpoint;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.dial.LinkDialler;
import dev.ninetunnel.tls.Tls;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * A peer that has proven who it is, and then says what a test has it say. It answers the question for its own version, and counts
 * what else comes.
 */
public final class HostilePeer implements AutoCloseable {
    private static final int MSIZE = EndpointConfig.DEFAULT_MSIZE;

    private final EventLoopGroup loops = Transport.newLoops(1);
    private final Link link;
    private final CompletableFuture<String> version = new CompletableFuture<>();
    private final Map<String, AtomicInteger> replies = new ConcurrentHashMap<>();

    /** Dials with the key in this folder. */
    public HostilePeer(Path home, PeerId to, int port) throws Exception {
        this(home, to, port, "9P2000.L");
    }

    /** The same, and says later that it speaks this. */
    public HostilePeer(Path home, PeerId to, int port, String speaks) throws Exception {
        Tls tls = new Tls(Identity.loadOrCreate(home), Clock.systemUTC());
        link = new LinkDialler(tls, LinkLimits.DEFAULT)
                .dial(new HostPort("127.0.0.1", port), new Peer(to, "hub"), loops.next()).get(2, TimeUnit.MINUTES);
        link.frameLimit(MSIZE);
        link.loop().execute(() -> link.route(asked -> answer(asked, speaks), this::count));
    }

    private void answer(ByteBuf question, String speaks) {
        question.release();
        ByteBuf answer = Unpooled.buffer();
        new Rversion(MSIZE, Text.of(speaks)).write(answer, Frame.NOTAG);
        link.accept(answer);
    }

    private void count(ByteBuf frame) {
        Rmessage reply = Rmessage.read(frame);
        frame.release();
        if (reply instanceof Rversion(_, Text answered)) {
            version.complete(answered.utf8());
        } else {
            String what = reply instanceof Rlerror error
                    ? Errno.of(error.ecode()).name()
                    : reply.type().toString();
            replies.computeIfAbsent(what, _ -> new AtomicInteger()).incrementAndGet();
        }
    }

    /** Begins to speak; returns what is answered. */
    public String begin(String says) throws Exception {
        send(1, (i, out) -> new Tversion(MSIZE, Text.of(says)).write(out, Frame.NOTAG));
        return version.get(2, TimeUnit.MINUTES);
    }

    /** Sends one request with tag 0. */
    public void send(Tmessage request) {
        send(1, (i, out) -> request.write(out, 0));
    }

    /** Sends so many frames in one piece: the one of each number is written by this. */
    public void send(int number, BiConsumer<Integer, ByteBuf> frame) {
        ByteBuf out = Unpooled.buffer();
        for (int i = 0; i < number; i++) {
            frame.accept(i, out);
        }
        link.loop().execute(() -> link.accept(out));
    }

    /** How many replies of a kind have come, by the name of a type or of an error. */
    public int received(String kind) {
        AtomicInteger number = replies.get(kind);
        return number == null ? 0 : number.get();
    }

    /** How many have come. */
    public int received() {
        return replies.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Takes no more replies. */
    public void stopReading() {
        link.loop().submit(link::pauseReading).syncUninterruptibly();
    }

    /** How its link ended, once it has. */
    public LinkEnd end() throws Exception {
        return link.closed().get(2, TimeUnit.MINUTES);
    }

    @Override
    public void close() {
        if (loops.isShuttingDown()) {
            return;
        }
        link.loop().execute(() -> link.abandon("the test is over"));
        link.closed().join();
        loops.shutdownGracefully(0, 2_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }
}
