package dev.ninetunnel.link;

import static dev.ninetunnel.link.Ends.frame;
import static dev.ninetunnel.link.Ends.get;
import static dev.ninetunnel.link.Ends.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How links end, and that each side knows why. */
class LinkEndTest {
    @TempDir
    Path folder;
    private Ends ends;
    private Logged logged;
    private HostPort rome;

    @BeforeEach
    void listen() throws Exception {
        logged = new Logged();
        ends = Ends.trusting(folder);
        rome = ends.listen(LinkLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        ends.close();
        logged.close();
    }

    @Test
    @DisplayName("a link that is closed says goodbye: what was sent before arrives, and nobody warns")
    void goodbye() throws Exception {
        Link dialled = routed(get(ends.dial(rome)));
        Collected got = new Collected();
        Link accepted = ends.nextAccepted();
        accepted.loop().execute(() -> accepted.route(got, got));

        send(dialled, frame(118, 1, 5000), frame(118, 2, 8000), frame(118, 3, 100));
        dialled.close("done");

        assertThat(get(accepted.closed()).kind()).isEqualTo(LinkEnd.Kind.GOODBYE);
        assertThat(get(dialled.closed())).isEqualTo(new LinkEnd(LinkEnd.Kind.LOCAL, "done"));
        assertThat(got.frames).extracting(Collected.Seen::tag).containsExactly(1, 2, 3);
        assertThat(logged.warnings()).isEmpty();
    }

    @Test
    @DisplayName("a goodbye arrives even while the other side sends as fast as it can")
    void goodbyeUnderLoad() throws Exception {
        Link dialled = routed(get(ends.dial(rome)));
        Link accepted = routed(ends.nextAccepted());
        Runnable pump = new Runnable() {
            @Override
            public void run() {
                if (!accepted.closed().isDone()) {
                    while (accepted.hasRoom()) {
                        accepted.accept(frame(117, 1, 8000));
                    }
                    accepted.endOfBatch();
                    accepted.loop().execute(this);
                }
            }
        };
        accepted.loop().execute(pump);
        dialled.loop().execute(dialled::pauseReading);
        await().atMost(Ends.PATIENCE).until(() -> !accepted.hasRoom());
        dialled.close("enough");

        assertThat(get(accepted.closed()).kind()).isEqualTo(LinkEnd.Kind.GOODBYE);
    }

    @Test
    @DisplayName("a reset, and an end without a goodbye, are a lost link on both sides, not a goodbye")
    void lost() throws Exception {
        for (int way = 0; way < 2; way++) {
            try (Cable cable = new Cable(rome)) {
                Link dialled = routed(get(ends.dial(cable.nearEnd())));
                Link accepted = routed(ends.nextAccepted());
                if (way == 0) {
                    cable.reset();
                } else {
                    cable.hangUp();
                }
                assertThat(get(dialled.closed()).kind()).isEqualTo(LinkEnd.Kind.LOST);
                assertThat(get(accepted.closed()).kind()).isEqualTo(LinkEnd.Kind.LOST);
            }
        }
        assertThat(logged.warnings()).isEmpty();
    }

    @Test
    @DisplayName("bytes changed on their way are a lost link on both sides: no outsider can end a session")
    void tampered() throws Exception {
        try (Cable cable = new Cable(rome)) {
            Link dialled = routed(get(ends.dial(cable.nearEnd())));
            Link accepted = routed(ends.nextAccepted());
            cable.spoil();
            send(dialled, frame(118, 1, 100));

            assertThat(get(accepted.closed()).kind()).isEqualTo(LinkEnd.Kind.LOST);
            assertThat(get(dialled.closed()).kind()).isEqualTo(LinkEnd.Kind.LOST);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3, 6, (8 << 10) + 1, 1L << 31, 0xFFFF_FFFFL})
    @DisplayName("L2 a frame of an impossible size closes its link with a reason in the log, and no other link")
    void malformed(long size) throws Exception {
        Link good = routed(get(ends.dial(rome)));
        Collected got = new Collected();
        Link goodAccepted = ends.nextAccepted();
        goodAccepted.loop().execute(() -> goodAccepted.route(got, got));
        Link bad = routed(get(ends.dial(rome)));
        Link badAccepted = routed(ends.nextAccepted());

        ByteBuf bytes = Unpooled.buffer().writeIntLE((int) size).writeBytes(new byte[]{100, 1, 0, 0, 0, 0, 0, 0});
        send(bad, bytes);

        LinkEnd end = get(badAccepted.closed());
        assertThat(end.kind()).isEqualTo(LinkEnd.Kind.BROKEN);
        assertThat(end.reason()).contains("a frame of " + size + " bytes");
        get(bad.closed());
        assertThat(logged.warnings()).singleElement().asString().contains("closing the link with oslo at 127.0.0.1:",
                "a frame of " + size + " bytes");
        send(good, frame(118, 7, 100));
        await().atMost(Ends.PATIENCE).until(() -> got.frames.size() == 1);
    }

    @Test
    @DisplayName("L2 the size that is accepted follows the msize that is agreed")
    void limit() throws Exception {
        Link dialled = routed(get(ends.dial(rome)));
        Collected got = new Collected();
        Link accepted = ends.nextAccepted();
        accepted.loop().execute(() -> {
            accepted.frameLimit(100_000);
            accepted.route(got, got);
        });
        send(dialled, frame(118, 1, 100_000), frame(118, 2, 100_001));

        assertThat(get(accepted.closed()).kind()).isEqualTo(LinkEnd.Kind.BROKEN);
        assertThat(got.frames).containsExactly(new Collected.Seen(118, 1, 100_000));
    }

    @Test
    @DisplayName("a link that is closed before anybody takes its frames releases them")
    void neverRouted() throws Exception {
        Link dialled = routed(get(ends.dial(rome)));
        Link accepted = ends.nextAccepted();
        send(dialled, frame(118, 1, 100));
        accepted.loop().execute(accepted::resumeReading);
        await().atMost(Ends.PATIENCE).until(accepted::sawFrame);
        accepted.close("not wanted");
        assertThat(get(dialled.closed()).kind()).isEqualTo(LinkEnd.Kind.GOODBYE);
        assertThat(get(accepted.closed()).kind()).isEqualTo(LinkEnd.Kind.LOCAL);
    }

    @Test
    @DisplayName("frames that are sent on a closed link are released")
    void sentTooLate() throws Exception {
        Link dialled = routed(get(ends.dial(rome)));
        ends.nextAccepted();
        dialled.close("done");
        get(dialled.closed());
        ByteBuf late = frame(118, 1, 100);
        send(dialled, late);
        await().atMost(Ends.PATIENCE).until(() -> late.refCnt() == 0);
        assertThat(logged.warnings()).isEmpty();
    }

    private static Link routed(Link link) {
        link.loop().execute(() -> link.route(new Collected(), new Collected()));
        return link;
    }
}
