package dev.ninetunnel.link;

import static dev.ninetunnel.link.Ends.frame;
import static dev.ninetunnel.link.Ends.get;
import static dev.ninetunnel.link.Ends.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.tls.TlsInfo;
import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkTest {
    @TempDir
    Path folder;

    @Test
    @DisplayName("two endpoints that trust one another have a link, and both know what protects it")
    void mutualTrust() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link dialled = get(ends.dial(ends.listen(LinkLimits.DEFAULT)));
            Link accepted = ends.nextAccepted();

            assertThat(dialled.peer()).isEqualTo(ends.rome.id());
            assertThat(accepted.peer()).isEqualTo(ends.oslo.id());
            assertThat(accepted.peerName()).isEqualTo("oslo");
            assertThat(dialled.ours()).isTrue();
            assertThat(accepted.ours()).isTrue();
            TlsInfo expected = new TlsInfo("TLSv1.3", "TLS_AES_256_GCM_SHA384", "X25519MLKEM768");
            assertThat(dialled.tls()).isEqualTo(expected);
            assertThat(accepted.tls()).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("who is let in by its key is called as the same look at the list said, whatever the list says a moment later")
    void oneLook() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            AtomicInteger looks = new AtomicInteger();
            Peers swapping = () -> looks.getAndIncrement() == 0
                    ? List.of(new Peer(ends.oslo.id(), "oslo"), new Peer(ends.rome.id(), "bergen"))
                    : List.of(new Peer(ends.oslo.id(), "bergen"), new Peer(ends.rome.id(), "oslo"));
            get(ends.dial(ends.listen(swapping)));
            Link accepted = ends.nextAccepted();
            assertThat(accepted.letIn()).isEqualTo(new Peer(ends.oslo.id(), "oslo"));
            assertThat(looks).hasValue(1);
        }
    }

    @Test
    @DisplayName("L1 even types go to the server role and odd types to the client role, in both directions at once")
    void splits() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link dialled = get(ends.dial(ends.listen(LinkLimits.DEFAULT)));
            Link accepted = ends.nextAccepted();
            Collected toRomeServer = new Collected();
            Collected toRomeClient = new Collected();
            Collected toOsloServer = new Collected();
            Collected toOsloClient = new Collected();
            dialled.loop().execute(() -> dialled.route(toOsloServer, toOsloClient));
            accepted.loop().execute(() -> accepted.route(toRomeServer, toRomeClient));

            send(dialled, frame(120, 1, 11), frame(101, 2, 19), frame(254, 3, 7), frame(255, 4, 7));
            send(accepted, frame(110, 5, 17), frame(7, 6, 11));

            await().atMost(Ends.PATIENCE).untilAsserted(() -> {
                assertThat(toRomeServer.frames).extracting(Collected.Seen::tag).containsExactly(1, 3);
                assertThat(toRomeClient.frames).extracting(Collected.Seen::tag).containsExactly(2, 4);
                assertThat(toOsloServer.frames).extracting(Collected.Seen::tag).containsExactly(5);
                assertThat(toOsloClient.frames).extracting(Collected.Seen::tag).containsExactly(6);
            });
            assertThat(toRomeServer.batches).hasPositiveValue();
            assertThat(toRomeClient.batches).hasPositiveValue();
        }
    }

    @Test
    @DisplayName("a message in parts arrives as one, with what was sent between its parts before it")
    void parts() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link dialled = get(ends.dial(ends.listen(LinkLimits.DEFAULT)));
            Link accepted = ends.nextAccepted();
            Collected toRome = new Collected();
            accepted.loop().execute(() -> {
                accepted.frameLimit(131096);
                accepted.divide();
                accepted.route(toRome, toRome);
            });
            dialled.loop().execute(() -> {
                dialled.divide();
                ByteBuf large = frame(117, 1, 100_000);
                dialled.acceptPart(large, 0, 4096);
                dialled.accept(frame(121, 2, 7));
                dialled.acceptPart(large, 4096, 100_000);
                large.release();
                dialled.endOfBatch();
            });
            await().atMost(Ends.PATIENCE).untilAsserted(() -> assertThat(toRome.frames)
                    .containsExactly(new Collected.Seen(121, 2, 7), new Collected.Seen(117, 1, 100_000)));
            assertThat(dialled.sent().amount()).isEqualTo(new Traffic.Amount(0, 2, 100_007));
        }
    }

    @Test
    @DisplayName("frames arrive complete and in order, many of every size, both ways at the same time")
    void order() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link dialled = get(ends.dial(ends.listen(LinkLimits.DEFAULT)));
            Link accepted = ends.nextAccepted();
            Collected toRome = new Collected();
            Collected toOslo = new Collected();
            dialled.loop().execute(() -> dialled.route(toOslo, toOslo));
            accepted.loop().execute(() -> accepted.route(toRome, toRome));
            int many = 2000;
            for (int i = 0; i < many; i++) {
                // 7 bytes to 8 KiB, in no simple relation to the size of a TLS record
                send(dialled, frame(118, i, Frame.HEADER + i * 7919 % 8180));
                send(accepted, frame(117, i, Frame.HEADER + i * 6007 % 8180));
            }
            await().atMost(Ends.PATIENCE).until(() -> toRome.frames.size() == many && toOslo.frames.size() == many);
            for (int i = 0; i < many; i++) {
                assertThat(toRome.frames.get(i))
                        .isEqualTo(new Collected.Seen(118, i, Frame.HEADER + i * 7919 % 8180));
                assertThat(toOslo.frames.get(i))
                        .isEqualTo(new Collected.Seen(117, i, Frame.HEADER + i * 6007 % 8180));
            }
        }
    }

    @Test
    @DisplayName("frames that come before anybody takes them wait, and none is lost")
    void early() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link dialled = get(ends.dial(ends.listen(LinkLimits.DEFAULT)));
            Link accepted = ends.nextAccepted();
            for (int i = 0; i < 100; i++) {
                send(dialled, frame(118 + i % 2, i, 5000));
            }
            accepted.loop().execute(accepted::resumeReading);
            await().atMost(Ends.PATIENCE).until(accepted::sawFrame);
            Collected both = new Collected();
            accepted.loop().execute(() -> accepted.route(both, both));
            await().atMost(Ends.PATIENCE).until(() -> both.frames.size() == 100);
            assertThat(both.frames).extracting(Collected.Seen::tag)
                    .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        }
    }

    @Test
    @DisplayName("L5 a link that is not read holds its sender back, which is told when it may go on")
    void backpressure() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link dialled = get(ends.dial(ends.listen(LinkLimits.DEFAULT)));
            Link accepted = ends.nextAccepted();
            Collected got = new Collected();
            accepted.loop().execute(() -> {
                accepted.route(got, got);
                accepted.pauseReading();
            });
            // More than all buffers between the two can be made to hold.
            int all = 16_000;
            AtomicInteger sent = new AtomicInteger();
            Runnable send = () -> {
                while (dialled.hasRoom() && sent.get() < all) {
                    sent.incrementAndGet();
                    dialled.accept(frame(118, 1, 8000));
                    dialled.endOfBatch();
                }
            };
            dialled.loop().execute(() -> {
                dialled.onWritable(send);
                send.run();
            });
            AtomicInteger before = new AtomicInteger();
            await().atMost(Ends.PATIENCE).until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());
            assertThat(sent).hasValueLessThan(all);

            accepted.loop().execute(accepted::resumeReading);
            await().atMost(Ends.PATIENCE).until(() -> got.frames.size() == all);
        }
    }

    @Test
    @DisplayName("small frames that are sent together share TLS records")
    void batches() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link dialled = get(ends.dial(ends.listen(LinkLimits.DEFAULT)));
            Link accepted = ends.nextAccepted();
            Collected got = new Collected();
            accepted.loop().execute(() -> accepted.route(got, got));
            dialled.loop().execute(() -> {
                for (int i = 0; i < 1000; i++) {
                    dialled.accept(frame(120, i, 11));
                }
            });
            await().atMost(Ends.PATIENCE).until(() -> got.frames.size() == 1000);
            // 11,000 bytes are one record; whatever TCP makes of it, far fewer batches than frames arrive
            assertThat(got.batches.get()).isLessThan(20);
        }
    }

    @Test
    @DisplayName("a fault in whoever takes frames that came before closes the link, too")
    void faultySinkForWhatWaited() throws Exception {
        try (Ends ends = Ends.trusting(folder); Logged logged = new Logged()) {
            Link dialled = get(ends.dial(ends.listen(LinkLimits.DEFAULT)));
            Link accepted = ends.nextAccepted();
            send(dialled, frame(120, 1, 11));
            await().atMost(Ends.PATIENCE).until(accepted::sawFrame);
            FrameSink faulty = received -> {
                received.release();
                throw new IllegalStateException("a bug");
            };
            accepted.loop().execute(() -> accepted.route(faulty, faulty));

            assertThat(get(accepted.closed()).kind()).isEqualTo(LinkEnd.Kind.LOCAL);
            assertThat(logged.warnings()).singleElement().asString().contains("a fault in this program");
        }
    }

    @Test
    @DisplayName("a fault in whoever takes the frames closes that link alone, and the log has its trace")
    void faultySink() throws Exception {
        try (Ends ends = Ends.trusting(folder); Logged logged = new Logged()) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            Link dialled = get(ends.dial(rome));
            Link accepted = ends.nextAccepted();
            FrameSink faulty = received -> {
                received.release();
                throw new IllegalStateException("a bug");
            };
            accepted.loop().execute(() -> accepted.route(faulty, faulty));
            dialled.loop().execute(() -> dialled.route(faulty, faulty));
            send(dialled, frame(120, 1, 11));

            assertThat(get(accepted.closed()).kind()).isEqualTo(LinkEnd.Kind.LOCAL);
            assertThat(get(dialled.closed()).kind()).isEqualTo(LinkEnd.Kind.GOODBYE);
            assertThat(logged.warnings()).singleElement().asString().contains("a fault in this program");
            get(ends.dial(rome));
        }
    }
}
