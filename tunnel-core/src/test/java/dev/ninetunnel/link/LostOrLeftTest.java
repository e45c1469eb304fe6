package dev.ninetunnel.link;

import static dev.ninetunnel.link.Ends.frame;
import static dev.ninetunnel.link.Ends.get;
import static dev.ninetunnel.link.Ends.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.link.Cable.Way;
import dev.ninetunnel.link.LinkEnd.Kind;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table in docs/reliability.md, "Lost or left": what each way in which a link can end is to either side, whoever dialled.
 * Only {@link Kind#LOST} lets the session go on.
 */
class LostOrLeftTest {
    @TempDir
    static Path folder;
    private static Ends ends;
    private static HostPort rome;

    @BeforeAll
    static void listen() throws Exception {
        ends = Ends.trusting(folder);
        rome = ends.listen(LinkLimits.DEFAULT);
    }

    @AfterAll
    static void close() {
        ends.close();
    }

    /** What somebody on the way can put between two records without any key. */
    enum Injected {
        EMPTY_RECORD("1703030000"), SHORT_RECORD("170303000affffffffffffffffffff"), LONG_RECORD(
                "170303ffff"), OTHER_VERSION(
                        "1755550014" + "00".repeat(20)), UNKNOWN_TYPE("8003030001" + "00"), SSL_2(
                                "802e0100020015"), PLAIN_CLOSE_NOTIFY(
                                        "15030300020100"), PLAIN_FATAL_ALERT("15030300020230"), PLAIN_HANDSHAKE(
                                                "1603030004" + "00000000"), CHANGE_CIPHER_SPEC(
                                                        "140303000101"), GARBAGE_RECORD(
                                                                "1703030020" + "5a".repeat(32)), HTTP(HexFormat.of()
                                                                        .formatHex("GET / HTTP/1.1\r\n\r\n"
                                                                                .getBytes(StandardCharsets.US_ASCII)));

        final byte[] bytes;

        Injected(String hex) {
            bytes = HexFormat.of().parseHex(hex);
        }
    }

    /** What happens at one end of a link, and what the link's end is there and at the other end. */
    enum Event {
        CLOSED(Kind.LOCAL, Kind.GOODBYE) {
            @Override
            void happens(Link at, Link other, Cable cable, Way toAt) {
                at.close("the endpoint is leaving");
            }
        },
        NO_9P_IN_COMMON(Kind.INCOMPATIBLE, Kind.GOODBYE) {
            @Override
            void happens(Link at, Link other, Cable cable, Way toAt) {
                at.incompatible("unknown");
            }
        },
        /** The same bytes would come again: a session has no use for another link. */
        MALFORMED_FRAME(Kind.BROKEN, Kind.GOODBYE) {
            @Override
            void happens(Link at, Link other, Cable cable, Way toAt) {
                send(other, Unpooled.buffer().writeIntLE(3).writeByte(100).writeShortLE(1));
            }
        },
        FRAME_ABOVE_ITS_LIMIT(Kind.BROKEN, Kind.GOODBYE) {
            @Override
            void happens(Link at, Link other, Cable cable, Way toAt) {
                send(other, frame(118, 1, (8 << 10) + 1));
            }
        },
        FAULT_OF_WHO_TAKES_FRAMES(Kind.LOCAL, Kind.GOODBYE) {
            @Override
            void happens(Link at, Link other, Cable cable, Way toAt) {
                FrameSink faulty = frame -> {
                    frame.release();
                    throw new IllegalStateException("a fault that this test has made");
                };
                at.loop().execute(() -> {
                    at.route(faulty, faulty);
                    send(other, frame(118, 1, 100));
                });
            }
        },
        /** Time-outs, another link in its place, a session's end that the other side has to ask for. */
        ABANDONED(Kind.LOST, Kind.LOST) {
            @Override
            void happens(Link at, Link other, Cable cable, Way toAt) {
                at.loop().execute(() -> at.abandon("nothing has come from the peer for 40 s"));
            }
        },
        RESET(Kind.LOST, Kind.LOST) {
            @Override
            void happens(Link at, Link other, Cable cable, Way toAt) throws Exception {
                cable.reset();
            }
        },
        CUT_SHORT(Kind.LOST, Kind.LOST) {
            @Override
            void happens(Link at, Link other, Cable cable, Way toAt) throws Exception {
                cable.hangUp();
            }
        },
        CUT_WITHIN_A_RECORD(Kind.LOST, Kind.LOST) {
            @Override
            void happens(Link at, Link other, Cable cable, Way toAt) throws Exception {
                cable.inject(toAt, HexFormat.of().parseHex("1703030100ffffff"));
                cable.hangUp();
            }
        },
        CHANGED_ON_THE_WAY(Kind.LOST, Kind.LOST) {
            @Override
            void happens(Link at, Link other, Cable cable, Way toAt) {
                cable.spoil();
                send(other, frame(118, 1, 100));
            }
        };

        final Kind here;
        final Kind there;

        Event(Kind here, Kind there) {
            this.here = here;
            this.there = there;
        }

        abstract void happens(Link at, Link other, Cable cable, Way toAt) throws Exception;
    }

    static Stream<Arguments> eventsAtEitherEnd() {
        return Stream.of(Event.values()).flatMap(event -> Stream.of(Way.values()).map(at -> Arguments.of(event, at)));
    }

    static Stream<Arguments> injectedToEitherEnd() {
        return Stream.of(Injected.values())
                .flatMap(bytes -> Stream.of(Way.values()).map(to -> Arguments.of(bytes, to)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("eventsAtEitherEnd")
    @DisplayName("whether a link was lost or left is the same on both sides, at whichever end it came to happen")
    void ends(Event event, Way at) throws Exception {
        try (Cable cable = new Cable(rome)) {
            Link dialled = get(ends.dial(cable.nearEnd()));
            Link accepted = settled(dialled);
            boolean atDialled = at == Way.TO_WHO_DIALLED;
            Link here = atDialled ? dialled : accepted;
            Link there = atDialled ? accepted : dialled;

            event.happens(here, there, cable, at);

            assertThat(get(here.closed()).kind()).as("where it happens").isEqualTo(event.here);
            assertThat(get(there.closed()).kind()).as("at the other end").isEqualTo(event.there);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("injectedToEitherEnd")
    @DisplayName("bytes that somebody on the way puts between two records are a loss on both sides, and no goodbye")
    void injected(Injected bytes, Way to) throws Exception {
        try (Cable cable = new Cable(rome)) {
            Link dialled = get(ends.dial(cable.nearEnd()));
            Link accepted = settled(dialled);

            cable.inject(to, bytes.bytes);

            assertThat(get(dialled.closed()).kind()).as("where it was dialled").isEqualTo(Kind.LOST);
            assertThat(get(accepted.closed()).kind()).as("where it was accepted").isEqualTo(Kind.LOST);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("injectedToEitherEnd")
    @DisplayName("bytes put into the handshake are no goodbye: there is no link, or it is lost")
    void injectedIntoHandshake(Injected bytes, Way to, @TempDir Path own) throws Exception {
        try (Ends fresh = Ends.trusting(own); Cable cable = new Cable(fresh.listen(LinkLimits.DEFAULT))) {
            cable.injectBehindFirst(to, bytes.bytes);
            CompletableFuture<Link> dialling = fresh.dial(cable.nearEnd());
            await().atMost(Ends.PATIENCE).until(dialling::isDone);
            cable.hangUp(); // a change_cipher_spec is allowed in the handshake, and changes nothing
            if (!dialling.isCompletedExceptionally()) {
                assertThat(get(quiet(dialling.join()).closed()).kind()).isEqualTo(Kind.LOST);
            }
            for (Link accepted = fresh.accepted.poll(); accepted != null; accepted = fresh.accepted.poll()) {
                assertThat(get(quiet(accepted).closed()).kind()).isEqualTo(Kind.LOST);
            }
        }
    }

    private static Link quiet(Link link) {
        link.loop().execute(() -> link.route(new Collected(), new Collected()));
        return link;
    }

    /** The other end, once a frame has gone each way: nothing is under way any more. */
    private static Link settled(Link dialled) throws Exception {
        Link accepted = ends.nextAccepted();
        for (Link to : new Link[]{accepted, dialled}) {
            Collected got = new Collected();
            to.loop().execute(() -> to.route(got, got));
            send(to == accepted ? dialled : accepted, frame(118, 1, 100));
            await().atMost(Ends.PATIENCE).until(() -> !got.frames.isEmpty());
        }
        return accepted;
    }
}
