package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.MSIZE;
import static dev.ninetunnel.mux.Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twrite;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules M8 to M10, and what comes before Tversion. */
class VersionRulesTest {
    private static Rversion agreed(int msize, String version) {
        return new Rversion(msize, Text.of(version));
    }

    @Test
    void m8TversionIsAnsweredHereAndNeverReachesTheLink() {
        try (Bench bench = Bench.open()) {
            bench.client(Dialect.LINUX);
            bench.client(Dialect.PLAIN);
            bench.far.gotNothing();
        }
    }

    @Test
    void m8AnotherTversionResetsThatClientAloneBeforeItIsAnswered() {
        try (Bench bench = Bench.open()) {
            var other = bench.attached();
            var client = bench.attached();
            int fid = client.walk(0, 1, "a");
            client.send(5, new Tread(1, 0, 10));
            other.send(5, new Tread(0, 0, 10));
            var reads = bench.far.all();

            client.send(Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000")));
            client.gotNothing();
            var cleanups = bench.far.all();
            assertThat(cleanups).extracting(Bench.Got::message).containsExactly(new Tflush(reads.get(0).tag()),
                    new Tclunk(1));
            bench.far.reply(cleanups.get(0).tag(), new Rflush());
            bench.far.reply(cleanups.get(1).tag(), new Rclunk());
            client.gotNothing();
            var last = bench.far.one();
            assertThat(last.message()).as("clunked when nothing in flight names it").isEqualTo(new Tclunk(fid));
            bench.far.reply(last.tag(), new Rclunk());
            assertThat(client.reply(Frame.NOTAG)).isEqualTo(agreed(MSIZE, "9P2000"));

            client.send(6, new Tread(1, 0, 10));
            assertThat(client.reply(6)).isInstanceOf(Rerror.class);
            bench.far.reply(reads.get(1).tag(), new Rread(bytes(10)));
            assertThat(other.reply(5)).isEqualTo(new Rread(bytes(10)));
        }
    }

    @Test
    void m8WhatComesBehindATversionThatWaitsIsHeldUntilItIsAnswered() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.raw(out -> {
                new Tversion(MSIZE, Text.of("9P2000.L")).write(out, Frame.NOTAG);
                Bench.tattach(7).write(out, 1);
            });
            var clunk = bench.far.one();
            assertThat(clunk.message()).isInstanceOf(Tclunk.class);
            bench.far.reply(clunk.tag(), new Rclunk());
            assertThat(client.reply(Frame.NOTAG)).isEqualTo(agreed(MSIZE, "9P2000.L"));
            assertThat(bench.far.one().message()).isInstanceOf(Tattach.class);
        }
    }

    @Test
    void m8ASecondTversionTakesThePlaceOfAFirstThatWaitsAndWaitsAsLong() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000.L")));
            client.send(Frame.NOTAG, new Tversion(8192, Text.of("9P2000")));
            client.gotNothing();
            bench.far.reply(bench.far.one().tag(), new Rclunk());
            assertThat(client.reply(Frame.NOTAG)).isEqualTo(agreed(8192, "9P2000"));
        }
    }

    @ParameterizedTest(name = "asked {1} of a far side of {0}: {2}")
    @CsvSource({"PLAIN LINUX, 9P2000.L, 9P2000.L", "PLAIN LINUX, 9P2000, 9P2000", "PLAIN LINUX, 9P2000.u, 9P2000",
            "PLAIN LINUX, 9P2000.e, 9P2000", "PLAIN LINUX, 9P2000.L.x, 9P2000.L",
            "PLAIN LINUX, 9P2000.L.Google.7, 9P2000.L",
            "PLAIN LINUX, 9P2000.L.ninetunnel, 9P2000.L.ninetunnel",
            "PLAIN LINUX, 9P2000.L.ninetunnel.2, 9P2000.L.ninetunnel", "PLAIN LINUX, 9P2000.L.ninetunnels, 9P2000.L",
            "LINUX, 9P2000.L.ninetunnel, 9P2000.L", "PLAIN, 9P2000.L.ninetunnel, 9P2000",
            "UNIX, 9P2000.L.ninetunnel, unknown", "PLAIN LINUX, 9P2000.Lx, 9P2000", "PLAIN, 9P2000.L.Google.7, 9P2000",
            "UNIX, 9P2000.u.x, 9P2000.u",
            "UNIX, 9P2000.L.x, unknown", "LINUX, 9P2000.L.Google.7, 9P2000.L", "PLAIN LINUX, 9P2000.u.x, 9P2000",
            "PLAIN LINUX, 9P20001, unknown", "PLAIN LINUX, 9P2001, unknown",
            "PLAIN LINUX, 9P1999.L, unknown", "PLAIN LINUX, '', unknown", "PLAIN LINUX, .L, unknown",
            "PLAIN, 9P2000.L, 9P2000", "LINUX, 9P2000, unknown", "LINUX, 9P2000.u, unknown",
            "LINUX, 9P2000.L, 9P2000.L", "UNIX, 9P2000.u, 9P2000.u", "UNIX, 9P2000.L, unknown",
            "UNIX, 9P2000, unknown"})
    void m9TheAnswerIsAVersionThatTheFarSideSpeaks(String far, String asked, String answered) {
        try (Bench bench = new Bench()) {
            Dialect[] dialects = Stream.of(far.split(" ", -1)).map(Dialect::valueOf).toArray(Dialect[]::new);
            bench.open(MSIZE, dialects[0], Arrays.copyOfRange(dialects, 1, dialects.length));
            var client = bench.connect();
            assertThat(client.version(MSIZE, asked)).isEqualTo(agreed(MSIZE, answered));
        }
    }

    @Test
    void aFarSideThatDoesNotTakeOurOwnMessagesNeverSeesOne() {
        try (Bench bench = new Bench()) {
            bench.open(MSIZE, Dialect.LINUX);
            var client = bench.attached();
            for (MessageType type : MessageType.values()) {
                if (type.isExtended() && type.isRequest()) {
                    client.send(1, Samples.of(type, 0, 0));
                    assertThat(client.reply(1)).as("%s", type).isEqualTo(new Rlerror(Errno.EOPNOTSUPP.number()));
                }
            }
            assertThat(bench.far.all()).isEmpty();
        }
    }

    @Test
    void m9AfterUnknownTheClientMayAskAgain() {
        try (Bench bench = Bench.open()) {
            var client = bench.connect();
            assertThat(client.version(MSIZE, "9P3000")).isEqualTo(agreed(MSIZE, "unknown"));
            client.send(1, Bench.tattach(0));
            assertThat(client.reply(1)).isInstanceOf(Rerror.class);
            assertThat(client.version(MSIZE, "9P2000.L")).isEqualTo(agreed(MSIZE, "9P2000.L"));
            client.attach(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"4096, 4096", "8192, 8192", "65536, 65536", "65537, 65536", "-1, 65536", "2147483647, 65536"})
    void m10TheMsizeIsTheSmallerOfWhatIsAskedAndWhatTheLinkHas(int asked, int answered) {
        try (Bench bench = Bench.open()) {
            assertThat(bench.connect().version(asked, "9P2000.L")).isEqualTo(agreed(answered, "9P2000.L"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 256, 4095})
    void m10AnMsizeUnder4096IsNeverAgreed(int asked) {
        try (Bench bench = Bench.open()) {
            var client = bench.connect();
            assertThat(client.version(asked, "9P2000.L")).isEqualTo(agreed(asked, "unknown"));
            assertThat(client.version(4096, "9P2000.L")).isEqualTo(agreed(4096, "9P2000.L"));
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 100", "8181, 8181", "8182, 8181", "131072, 8181", "-1, 8181", "0, 0"})
    void m10CountsOfReadsAreCutToTheClientsMsize(int asked, int passedOn) {
        try (Bench bench = Bench.open()) {
            var client = bench.connect();
            client.version(8192, "9P2000.L");
            client.attach(0);
            client.send(1, new Tread(0, 3, asked));
            client.send(2, new Treaddir(0, 4, asked));
            assertThat(bench.far.all()).extracting(Bench.Got::message).containsExactly(new Tread(0, 3, passedOn),
                    new Treaddir(0, 4, passedOn));
        }
    }

    @Test
    void m10AClientThatExceedsItsMsizeIsClosedAlone() {
        try (Bench bench = Bench.open()) {
            var other = bench.attached();
            var client = bench.connect();
            client.version(8192, "9P2000.L");
            client.attach(0);
            client.send(1, new Twrite(0, 0, bytes(8192 - 23)));
            assertThat(bench.far.one().message()).isInstanceOf(Twrite.class);
            client.send(2, new Twrite(0, 0, bytes(8192 - 22)));
            assertThat(client.isOpen()).isFalse();
            assertThat(other.isOpen()).isTrue();
            bench.far.answerCleanups();
            other.walk(0, 1);
        }
    }

    @Test
    void beforeTversionEveryRequestIsAnErrorButAFlush() {
        try (Bench bench = Bench.open()) {
            var client = bench.connect();
            client.send(1, Bench.tattach(0));
            assertThat(client.reply(1)).isInstanceOf(Rerror.class);
            client.send(2, new Tflush(1));
            assertThat(client.reply(2)).isEqualTo(new Rflush());
            bench.far.gotNothing();
        }
    }

    @Test
    void anAttachMustSayWhoItIsTheWayOfItsDialect() {
        try (Bench bench = Bench.open()) {
            Tattach numeric = Bench.tattach(0);
            Tattach plain = new Tattach(0, Frame.NOFID, Text.of("me"), Text.EMPTY, OptionalInt.empty());
            var linuxClient = bench.client(Dialect.LINUX);
            linuxClient.send(1, plain);
            assertThat(linuxClient.reply(1)).isEqualTo(new Rlerror(Errno.EPROTO.number()));
            var plainClient = bench.client(Dialect.PLAIN);
            plainClient.send(1, numeric);
            assertThat(plainClient.reply(1)).isInstanceOf(Rerror.class);
            bench.far.gotNothing();
            plainClient.send(1, plain);
            assertThat(((Tattach) bench.far.one().message()).nuname()).isEmpty();
        }
    }
}
