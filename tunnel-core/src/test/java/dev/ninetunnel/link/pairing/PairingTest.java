package dev.ninetunnel.link.pairing;

import static dev.ninetunnel.link.Ends.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.Collected;
import dev.ninetunnel.link.Ends;
import dev.ninetunnel.link.Handshaking;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Logged;
import dev.ninetunnel.link.accept.LinkAcceptor;
import dev.ninetunnel.link.dial.Connector;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.link.dial.LinkDialler;
import dev.ninetunnel.link.dial.SegmentSize;
import dev.ninetunnel.tls.Tls;
import dev.ninetunnel.tls.TlsHandshake;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairing over real TLS: who holds an invitation gets in, and whoever stole, replayed, guessed or misused one does not. */
class PairingTest {
    private static final String WRONG = "0".repeat(32);

    @TempDir
    private Path folder;
    private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private Logged logged;
    private Ends ends;
    private Invitations invitations;
    private HostPort rome;
    private LinkAcceptor acceptor;
    private final BlockingQueue<String> paired = new LinkedBlockingQueue<>();
    private final BlockingQueue<Link> linked = new LinkedBlockingQueue<>();

    @BeforeEach
    void listen() throws Exception {
        logged = new Logged();
        ends = Ends.strangers(folder);
        InstantSource clock = () -> now;
        invitations = new Invitations(folder.resolve("rome"), clock.withZone(ZoneOffset.UTC));
        rome = listen(LinkLimits.DEFAULT);
    }

    private HostPort listen(LinkLimits limits) throws LinkException {
        if (acceptor != null) {
            acceptor.close();
        }
        Pairing pairing = new Pairing(invitations, ends.romesPeers, paired::add);
        acceptor = LinkAcceptor.listen(new HostPort("127.0.0.1", 0), ends.loops, new Tls(ends.rome, Clock.systemUTC()),
                ends.romesPeers, pairing, limits, linked::add);
        return new HostPort("127.0.0.1", acceptor.address().getPort());
    }

    @AfterEach
    void close() {
        acceptor.close();
        linked.forEach(link -> {
            link.close("the test is over");
            link.closed().join();
        });
        ends.close();
        logged.close();
    }

    private Invitation invite(String name) throws Exception {
        return invitations.invite(name, "127.0.0.1", rome.port(), ends.rome.id(), Duration.ofMinutes(15), false);
    }

    private static Invitation with(String secret, Invitation made) {
        return new Invitation(made.host(), made.port(), made.inviter(), made.id(), secret);
    }

    private CompletableFuture<PairingVerdict> use(Invitation made, Identity by) {
        return new LinkDialler(new Tls(by, Clock.systemUTC()), LinkLimits.DEFAULT)
                .pair(new Destination.Direct(rome), made, ends.loops.next());
    }

    private LinkException failure(CompletableFuture<PairingVerdict> future) throws Exception {
        try {
            throw new AssertionError("there is an answer: " + get(future));
        } catch (ExecutionException e) {
            return (LinkException) e.getCause();
        }
    }

    private Identity thief() throws Exception {
        return Identity.loadOrCreate(folder.resolve("thief"));
    }

    @Test
    @DisplayName("who holds an invitation is in the list of peers afterwards, can link at once, and nobody else is let in")
    void pairs() throws Exception {
        Invitation made = invite("oslo");
        assertThat(get(use(made, ends.oslo))).isEqualTo(new PairingVerdict.Paired("oslo"));
        assertThat(paired.take()).isEqualTo("oslo");
        assertThat(ends.romesPeers.list()).containsExactly(new Peer(ends.oslo.id(), "oslo"));
        assertThat(linked).isEmpty();

        get(ends.dial(rome));
        assertThat(linked.take()).satisfies(link -> {
            assertThat(link.peerName()).isEqualTo("oslo");
            link.close("enough");
        });
        assertThat(logged.warnings()).isEmpty();
    }

    @Test
    @DisplayName("a stolen invitation is of no use after it has been used: at the handshake, or where another is open")
    void stolen() throws Exception {
        Invitation made = invite("oslo");
        get(use(made, ends.oslo));

        LinkException shut = failure(use(made, thief()));
        assertThat(shut.kind()).isEqualTo(LinkException.Kind.REFUSED_BY_PEER);
        assertThat(shut).hasMessageContainingAll("this one has been used", "ninetunnel invite");
        await().atMost(Ends.PATIENCE).untilAsserted(() -> assertThat(logged.warnings()).singleElement().asString()
                .contains("refused a connection from 127.0.0.1", thief().id().hex()));

        invite("lima");
        assertThat(get(use(made, thief()))).isEqualTo(new PairingVerdict.Refused("used", 0));
        assertThat(ends.romesPeers.list()).containsExactly(new Peer(ends.oslo.id(), "oslo"));
    }

    @Test
    @DisplayName("who has lost the answer asks again, and gets the same one; past the end it does not")
    void again() throws Exception {
        Invitation made = invite("oslo");
        get(use(made, ends.oslo));
        assertThat(get(use(made, ends.oslo))).isEqualTo(new PairingVerdict.Paired("oslo"));
        now = now.plus(Duration.ofMinutes(15));
        assertThat(failure(use(made, ends.oslo)).kind()).isEqualTo(LinkException.Kind.REFUSED_BY_PEER);
    }

    @Test
    @DisplayName("the secret is not sent to whoever has another key than the inviter's")
    void otherKey() throws Exception {
        Invitation made = invite("oslo");
        PeerId expected = thief().id();
        LinkException fault = failure(use(new Invitation(made.host(), made.port(), expected, made.id(), made.secret()),
                ends.oslo));
        assertThat(fault.kind()).isEqualTo(LinkException.Kind.WRONG_KEY);
        assertThat(fault).hasMessageContainingAll(expected.hex(), ends.rome.id().hex());
        assertThat(invitations.state(made.id())).isEqualTo(new Invitations.State.Open(5));
        assertThat(ends.romesPeers.list()).isEmpty();
    }

    @Test
    @DisplayName("without an invitation that is open, a connection for pairing ends in the handshake")
    void nothingOpen() throws Exception {
        Invitation made = invite("oslo");
        invitations.withdraw(made.id());
        LinkException fault = failure(use(made, ends.oslo));
        assertThat(fault.kind()).isEqualTo(LinkException.Kind.REFUSED_BY_PEER);
        assertThat(fault).hasMessageContaining("no invitation is open at 127.0.0.1:" + rome.port());
        now = now.plus(Duration.ofMinutes(20));
        invite("oslo");
        now = now.plus(Duration.ofMinutes(15));
        assertThat(failure(use(made, ends.oslo)).kind()).isEqualTo(LinkException.Kind.REFUSED_BY_PEER);
    }

    @Test
    @DisplayName("an open invitation lets nobody in who comes for a link")
    void linksAreAsBefore() throws Exception {
        invite("oslo");
        Link link = get(ends.dial(rome));
        link.loop().execute(() -> link.route(new Collected(), new Collected()));
        assertThat(get(link.closed()).kind()).isEqualTo(LinkEnd.Kind.REFUSED);
        assertThat(linked).isEmpty();
    }

    @Test
    @DisplayName("five wrong secrets end an invitation, both sides are told how many are left, and the log says who it was")
    void guesses() throws Exception {
        Invitation made = invite("oslo");
        Invitation other = invite("lima");
        for (int left = 4; left > 0; left--) {
            assertThat(get(use(with(WRONG, made), thief()))).isEqualTo(new PairingVerdict.Refused("secret", left));
        }
        assertThat(get(use(with(WRONG, made), thief()))).isEqualTo(new PairingVerdict.Refused("ended", 0));
        assertThat(get(use(made, ends.oslo))).isEqualTo(new PairingVerdict.Refused("ended", 0));
        assertThat(logged.warnings()).anySatisfy(line -> assertThat(line).contains("the invitation of oslo is over",
                "too many wrong secrets", thief().id().hex()));
        assertThat(logged.lines()).noneMatch(line -> line.contains(made.secret()));
        assertThat(get(use(other, ends.oslo))).isEqualTo(new PairingVerdict.Paired("lima"));
    }

    @Test
    @DisplayName("of two who use it at the same time, one does")
    void race() throws Exception {
        Invitation made = invite("oslo");
        List<CompletableFuture<PairingVerdict>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(use(made, Identity.loadOrCreate(folder.resolve("rival" + i))));
        }
        int won = 0;
        for (CompletableFuture<PairingVerdict> one : all) {
            try {
                won += get(one) instanceof PairingVerdict.Paired ? 1 : 0;
            } catch (ExecutionException late) {
                assertThat(late.getCause()).isInstanceOf(LinkException.class);
            }
        }
        assertThat(won).isEqualTo(1);
        assertThat(ends.romesPeers.list()).hasSize(1);
    }

    @Test
    @DisplayName("nothing but pairing is possible on such a connection: another message, or none, ends it")
    void nothingElse() throws Exception {
        Invitation made = invite("oslo");
        List<Tmessage> others = List.of(new Tattach(0, Frame.NOFID, Text.of("root"), Text.EMPTY, OptionalInt.empty()),
                new Tversion(8192, Text.of("9P2000.L")),
                new Tversion(8192, Text.of("9P2000.L;session=00;link=1;received=0")));
        for (Tmessage other : others) {
            Stranger stranger = new Stranger();
            Channel connection = stranger.connect(ends, rome);
            ByteBuf out = connection.alloc().buffer();
            other.write(out, other instanceof Tversion ? Frame.NOTAG : 1);
            connection.writeAndFlush(out);
            get(stranger.closed);
            assertThat(stranger.answers).as("%s", other).isEmpty();
        }
        assertThat(linked).isEmpty();
        assertThat(ends.romesPeers.list()).isEmpty();
        assertThat(get(use(made, ends.oslo))).isEqualTo(new PairingVerdict.Paired("oslo"));
    }

    @Test
    @DisplayName("what follows the question is not looked at, not even by the one who has just been paired")
    void nothingAfterwards() throws Exception {
        Invitation made = invite("oslo");
        Stranger stranger = new Stranger();
        Channel connection = stranger.connect(ends, rome);
        ByteBuf out = connection.alloc().buffer();
        PairingMessages.ask(made, out);
        PairingMessages.ask(with(WRONG, made), out);
        new Tattach(0, Frame.NOFID, Text.of("root"), Text.EMPTY, OptionalInt.empty()).write(out, 1);
        connection.writeAndFlush(out);
        get(stranger.closed);
        assertThat(stranger.answers).containsExactly(101);
        assertThat(linked).isEmpty();
    }

    @Test
    @DisplayName("who says too much or too little is cut off, and keeps nobody else out")
    void crowds() throws Exception {
        rome = listen(LinkLimits.DEFAULT.withHandshake(Duration.ofSeconds(3)));
        Invitation made = invite("oslo");
        Stranger loud = new Stranger();
        Channel connection = loud.connect(ends, rome);
        connection.writeAndFlush(Ends.frame(100, Frame.NOTAG, PairingMessages.LARGEST_FRAME + 1));
        get(loud.closed);
        Stranger silent = new Stranger();
        silent.connect(ends, rome);
        get(silent.closed);
        rome = listen(LinkLimits.DEFAULT); // so that it is the crowd that pushes the oldest out, and not their time
        for (int i = 0; i <= Pairing.AT_ONCE; i++) {
            new Stranger().connect(ends, rome);
        }
        assertThat(get(use(made, ends.oslo))).isEqualTo(new PairingVerdict.Paired("oslo"));
    }

    /** Somebody with a key of its own who comes to pair, and then does what it likes. */
    private final class Stranger {
        final List<Integer> answers = new ArrayList<>();
        final CompletableFuture<Void> closed = new CompletableFuture<>();

        Channel connect(Ends all, HostPort where) throws Exception {
            Tls tls = new Tls(thief(), Clock.systemUTC());
            Channel channel = get(new Connector(LinkLimits.DEFAULT,
                    host -> List.of(java.net.InetAddress.getAllByName(host)))
                    .connect(where, SegmentSize.USUAL, all.loops.next()));
            channel.closeFuture().addListener(gone -> closed.complete(null));
            CompletableFuture<Void> proven = new CompletableFuture<>();
            TlsHandshake handshake = tls.pair(all.rome.id());
            channel.eventLoop().execute(() -> {
                Handshaking.begin(channel, handshake, LinkLimits.DEFAULT, new Handshaking.Outcome() {
                    @Override
                    public void proven() {
                        channel.pipeline().addLast(new FrameDecoder(8192), new SimpleChannelInboundHandler<ByteBuf>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
                                answers.add(Frame.type(frame));
                            }

                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                ctx.close();
                            }
                        });
                        channel.config().setAutoRead(true);
                        proven.complete(null);
                    }

                    @Override
                    public void failed(Throwable cause) {
                        proven.completeExceptionally(cause);
                    }
                });
                channel.config().setAutoRead(true);
            });
            get(proven);
            return channel;
        }
    }
}
