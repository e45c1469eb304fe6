package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.MSIZE;
import static dev.ninetunnel.mux.Bench.bytes;
import static dev.ninetunnel.mux.Bench.walk;
import static dev.ninetunnel.mux.Bench.walked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Rules M12 and M14: how clients, conversations and the endpoint come to an end. */
class DepartureRulesTest {
    private static final Rlerror NOT_CONNECTED = new Rlerror(Errno.ENOTCONN.number());

    @Test
    void m12AHangUpFlushesRequestsAndClunksFids() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.walk(0, 1, "a");
            client.send(1, new Tread(0, 0, 10));
            int read = bench.far.one().tag();
            client.hangUp();
            var cleanups = bench.far.all();
            assertThat(cleanups).extracting(Bench.Got::message).containsExactlyInAnyOrder(new Tflush(read),
                    new Tclunk(1));
            for (var cleanup : cleanups) {
                bench.far.reply(cleanup.tag(), cleanup.message() instanceof Tflush ? new Rflush() : new Rclunk());
            }
            var last = bench.far.one();
            assertThat(last.message()).as("after the read that named it").isEqualTo(new Tclunk(0));
            bench.far.reply(last.tag(), new Rclunk());
            assertThat(bench.role.fids()).isZero();
            assertThat(bench.role.tags()).isZero();
            assertThat(bench.role.localClients()).isZero();
        }
    }

    @Test
    void m12TheFidOfAWalkInFlightIsClunkedWhenItsReplyHasMadeOne() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, walk(0, 1, "a"));
            var asked = bench.far.one();
            client.hangUp();
            int flush = bench.far.one().tag();
            bench.far.reply(asked.tag(), walked(1));
            bench.far.reply(flush, new Rflush());
            var clunks = bench.far.all();
            assertThat(clunks).extracting(Bench.Got::message).containsExactlyInAnyOrder(new Tclunk(0),
                    new Tclunk(((Twalk) asked.message()).newfid()));
            clunks.forEach(clunk -> bench.far.reply(clunk.tag(), new Rclunk()));
            assertThat(bench.role.fids()).isZero();
        }
    }

    @Test
    void m12TheFidOfAWalkInFlightIsNotClunkedWhenTheWalkHasFailed() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, walk(0, 1, "a"));
            int walk = bench.far.one().tag();
            client.hangUp();
            int flush = bench.far.one().tag();
            bench.far.reply(walk, new Rlerror(Errno.ENOENT.number()));
            bench.far.reply(flush, new Rflush());
            assertThat(bench.far.one().message()).isEqualTo(new Tclunk(0));
        }
    }

    @Test
    void m12ManyFidsAreClunkedPipelinedAndPacedWithoutOthersWaiting() {
        try (Bench bench = Bench.open(TestLimits.cleanups(8))) {
            var other = bench.attached();
            var client = bench.attached();
            for (int fid = 1; fid < 3000; fid++) {
                client.walk(0, fid);
            }
            client.hangUp();
            int clunked = 0;
            for (var clunks = bench.far.all(); !clunks.isEmpty(); clunks = bench.far.all()) {
                assertThat(clunks).as("at the far side at once").hasSizeLessThanOrEqualTo(8);
                other.send(1, new Tread(0, 0, 10));
                var read = bench.far.one();
                bench.far.reply(read.tag(), new Rread(bytes(10)));
                assertThat(other.reply(1)).isEqualTo(new Rread(bytes(10)));
                for (var clunk : clunks) {
                    clunked++;
                    frame(bench, clunk.tag());
                }
                bench.role.endOfBatch();
            }
            assertThat(clunked).isEqualTo(3000);
            assertThat(bench.role.fids()).isEqualTo(1);
        }
    }

    private static void frame(Bench bench, int tag) {
        var frame = bench.alloc.buffer();
        new Rclunk().write(frame, tag);
        bench.role.accept(frame);
    }

    @Test
    void m12WhatWaitsIsDroppedWhenItsClientHangsUp() {
        try (Bench bench = Bench.open(TestLimits.oneRequest())) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            client.send(2, walk(0, 1, "a"));
            bench.far.one();
            client.hangUp();
            assertThat(bench.far.one().message()).isInstanceOf(Tflush.class);
        }
    }

    @Test
    void m14WhenTheConversationIsLostEveryRequestFailsPromptlyAndConnectionsClose() {
        try (Bench bench = Bench.open(TestLimits.oneRequest())) {
            var client = bench.attached();
            var idle = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            client.send(2, new Tread(0, 0, 10));
            client.send(3, new Tflush(1));
            bench.role.lost("the cable was cut");
            assertThat(client.got()).containsExactlyInAnyOrder(new Bench.Got<>(1, NOT_CONNECTED),
                    new Bench.Got<>(2, NOT_CONNECTED), new Bench.Got<>(3, new Rflush()));
            bench.settle();
            assertThat(client.isOpen()).isFalse();
            assertThat(idle.isOpen()).isFalse();
            assertThat(bench.role.localClients()).isZero();
            assertThat(bench.role.fids()).isZero();
        }
    }

    @Test
    void m14AfterALossAnotherConversationServesNewClients() {
        try (Bench bench = Bench.open()) {
            bench.attached();
            bench.role.lost("the cable was cut");
            bench.far.all();
            bench.open(MSIZE, Dialect.LINUX);
            var client = bench.attached();
            assertThat(client.walk(0, 1)).isEqualTo(1);
        }
    }

    @Test
    void m14AReplyThatComesAfterTheLossIsDropped() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            int tag = bench.far.one().tag();
            bench.role.lost("the cable was cut");
            client.got();
            bench.far.reply(tag, new Rread(bytes(10)));
            assertThat(bench.role.unexpectedReplies()).isEqualTo(1);
        }
    }

    @Test
    void aTversionWaitsForTheLink() {
        try (Bench bench = new Bench()) {
            var client = bench.connect();
            client.send(Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000.L")));
            bench.pass(Duration.ofSeconds(9));
            client.gotNothing();
            bench.open(MSIZE, Dialect.LINUX);
            assertThat(client.reply(Frame.NOTAG)).isEqualTo(new Rversion(MSIZE, Text.of("9P2000.L")));
            bench.pass(Duration.ofSeconds(9));
            client.attach(0);
        }
    }

    @Test
    void m14ATversionThatHasWaitedLongEnoughIsAnErrorInItsDialect() {
        try (Bench bench = new Bench()) {
            var linuxClient = bench.connect();
            var plainClient = bench.connect();
            linuxClient.send(Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000.L")));
            plainClient.send(Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000")));
            bench.pass(Duration.ofSeconds(11));
            assertThat(linuxClient.reply(Frame.NOTAG)).isEqualTo(NOT_CONNECTED);
            assertThat(plainClient.reply(Frame.NOTAG)).isEqualTo(
                    new Rerror(Text.of("bob is not linked"), OptionalInt.empty()));
            assertThat(linuxClient.isOpen()).isFalse();
            assertThat(plainClient.isOpen()).isFalse();
        }
    }

    @Test
    void aConnectionThatSendsNothingStaysAndCostsNothing() {
        try (Bench bench = new Bench()) {
            var client = bench.connect();
            bench.pass(Duration.ofDays(1));
            assertThat(client.isOpen()).isTrue();
            assertThat(bench.alloc.metric().usedHeapMemory()).isZero();
        }
    }

    @Test
    void aTversionThatWaitsCanBeFlushed() {
        try (Bench bench = new Bench()) {
            var client = bench.connect();
            client.send(Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000.L")));
            client.send(1, new Tflush(Frame.NOTAG));
            assertThat(client.reply(1)).isEqualTo(new Rflush());
            bench.open(MSIZE, Dialect.LINUX);
            client.gotNothing();
        }
    }

    @Test
    void shutdownDrainsWhatIsInFlightAndClunksBeforeItIsDone() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            var idle = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            int read = bench.far.one().tag();
            var done = bench.role.shutdown(Duration.ofSeconds(5));
            bench.settle();
            assertThat(idle.isOpen()).isFalse();
            assertThat(client.isOpen()).isTrue();
            assertThat(bench.connect().isOpen()).as("turned away").isFalse();
            bench.far.reply(read, new Rread(bytes(10)));
            assertThat(client.reply(1)).isEqualTo(new Rread(bytes(10)));
            assertThat(client.isOpen()).isFalse();
            assertThat(done.isDone()).isFalse();
            List<Tclunk> clunks = new ArrayList<>();
            for (var asked : bench.far.all()) {
                clunks.add((Tclunk) asked.message());
                bench.far.reply(asked.tag(), new Rclunk());
            }
            assertThat(clunks).containsExactlyInAnyOrder(new Tclunk(0), new Tclunk(1));
            assertThat(done.isSuccess()).isTrue();
        }
    }

    @Test
    void shutdownDoesNotWaitForEverForTheFarSide() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            var done = bench.role.shutdown(Duration.ofSeconds(5));
            bench.pass(Duration.ofSeconds(6));
            assertThat(client.reply(1)).isEqualTo(NOT_CONNECTED);
            assertThat(client.isOpen()).isFalse();
            assertThat(done.isSuccess()).isTrue();
        }
    }

    @Test
    void shutdownWithoutAConversationIsDoneAtOnce() {
        try (Bench bench = new Bench()) {
            var client = bench.connect();
            client.send(Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000.L")));
            var done = bench.role.shutdown(Duration.ofSeconds(5));
            bench.settle();
            assertThat(client.reply(Frame.NOTAG)).isEqualTo(NOT_CONNECTED);
            assertThat(done.isSuccess()).isTrue();
        }
    }
}
