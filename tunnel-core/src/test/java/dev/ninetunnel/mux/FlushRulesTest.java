package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.bytes;
import static dev.ninetunnel.mux.Bench.walk;
import static dev.ninetunnel.mux.Bench.walked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rfsync;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twalk;
import org.junit.jupiter.api.Test;

/** Rule M11. */
class FlushRulesTest {
    @Test
    void m11AnUnknownOldtagGetsRflushAtOnce() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tflush(9));
            assertThat(client.reply(1)).isEqualTo(new Rflush());
            client.send(1, new Tflush(1));
            assertThat(client.reply(1)).isEqualTo(new Rflush());
            bench.far.gotNothing();
        }
    }

    @Test
    void m11AFlushOfARequestInFlightIsPassedOnUnderTheLinksTag() {
        try (Bench bench = Bench.open()) {
            bench.attached().send(9, new Tfsync(0, 0));
            bench.far.one();
            var client = bench.attached();
            client.send(9, new Tread(0, 0, 10));
            int tag = bench.far.one().tag();
            assertThat(tag).isNotEqualTo(9);
            client.send(10, new Tflush(9));
            client.gotNothing();
            var flush = bench.far.one();
            assertThat(flush.message()).isEqualTo(new Tflush(tag));
            bench.far.reply(flush.tag(), new Rflush());
            assertThat(client.reply(10)).isEqualTo(new Rflush());
        }
    }

    @Test
    void m11NothingForOldtagArrivesAfterItsRflush() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(9, new Tread(0, 0, 10));
            int tag = bench.far.one().tag();
            client.send(10, new Tflush(9));
            bench.far.reply(bench.far.one().tag(), new Rflush());
            client.reply(10);
            bench.far.reply(tag, new Rread(bytes(10)));
            client.gotNothing();
            assertThat(bench.role.unexpectedReplies()).isEqualTo(1);
            client.send(9, new Tfsync(0, 0));
            bench.far.reply(bench.far.one().tag(), new Rfsync());
            assertThat(client.reply(9)).isEqualTo(new Rfsync());
        }
    }

    @Test
    void m11AReplyBeforeTheRflushIsHandedOnAndTheLinkTagStaysReserved() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(9, new Tread(0, 0, 10));
            int tag = bench.far.one().tag();
            client.send(10, new Tflush(9));
            int flush = bench.far.one().tag();
            bench.far.reply(tag, new Rread(bytes(10)));
            assertThat(client.got()).containsExactly(new Bench.Got<>(9, new Rread(bytes(10))),
                    new Bench.Got<>(10, new Rflush()));
            client.send(9, new Tfsync(0, 0));
            assertThat(bench.far.one().tag()).isNotIn(tag, flush);
            bench.far.reply(tag, new Rread(bytes(10)));
            client.gotNothing();
            bench.far.reply(flush, new Rflush());
            client.gotNothing();
            client.send(11, new Tfsync(0, 0));
            assertThat(bench.far.one().tag()).isIn(tag, flush);
        }
    }

    @Test
    void m11EachOfSeveralFlushesOfOneTagIsAnsweredInOrder() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(9, new Tread(0, 0, 10));
            bench.far.one();
            client.send(10, new Tflush(9));
            client.send(11, new Tflush(9));
            client.send(12, new Tflush(11));
            var flush = bench.far.one();
            client.gotNothing();
            bench.far.reply(flush.tag(), new Rflush());
            assertThat(client.got()).extracting(Bench.Got::tag).containsExactly(10, 11, 12);
            assertThat(bench.role.tags()).isZero();
        }
    }

    @Test
    void m11AFlushNeverGetsAnErrorEvenWithATagInUse() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(9, new Tread(0, 0, 10));
            bench.far.one();
            client.send(9, new Tflush(9));
            bench.far.reply(bench.far.one().tag(), new Rlerror(Errno.EOPNOTSUPP.number()));
            assertThat(client.reply(9)).isEqualTo(new Rflush());
            assertThat(bench.role.tags()).isZero();
        }
    }

    @Test
    void m11AFlushPassesTheFullWindowAndDropsWhatWaits() {
        try (Bench bench = Bench.open(TestLimits.oneRequest())) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            client.send(2, new Tread(0, 1, 10));
            client.send(3, new Tread(0, 2, 10));
            int tag = bench.far.one().tag();
            client.send(4, new Tflush(2));
            assertThat(client.reply(4)).isEqualTo(new Rflush());
            bench.far.gotNothing();
            client.send(5, new Tflush(1));
            var flush = bench.far.one();
            assertThat(flush.message()).isEqualTo(new Tflush(tag));
            bench.far.reply(flush.tag(), new Rflush());
            assertThat(client.reply(5)).isEqualTo(new Rflush());
            assertThat(bench.far.one().message()).isEqualTo(new Tread(0, 2, 10));
        }
    }

    @Test
    void m11AFlushPassesAFullByteBudget() {
        try (Bench bench = Bench.open(TestLimits.of(1000, 1 << 20, 8192, 8192))) {
            var client = bench.attached();
            for (int tag = 1; tag < 100; tag++) {
                client.send(tag, new Tread(0, 0, 60_000));
            }
            int tag = bench.far.one().tag();
            client.send(200, new Tflush(1));
            assertThat(bench.far.one().message()).isEqualTo(new Tflush(tag));
        }
    }

    @Test
    void m11AWalkThatIsFlushedLeavesNoFidAndItsNumberIsClunkedBeforeItIsUsedAgain() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, walk(0, 1, "a"));
            int number = ((Twalk) bench.far.one().message()).newfid();
            client.send(2, new Tflush(1));
            bench.far.reply(bench.far.one().tag(), new Rflush());
            client.reply(2);
            var clunk = bench.far.one();
            assertThat(clunk.message()).isEqualTo(new Tclunk(number));
            assertThat(client.walk(0, 1, "b")).isNotEqualTo(number);
            bench.far.reply(clunk.tag(), new Rlerror(Errno.EBADF.number()));
            client.gotNothing();
            assertThat(client.walk(0, 2, "b")).isEqualTo(number);
        }
    }

    @Test
    void m11AClunkThatIsFlushedHasUnboundItsFidAllTheSame() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            int number = client.walk(0, 1, "a");
            client.send(1, new Tclunk(1));
            bench.far.one();
            client.send(2, new Tflush(1));
            bench.far.reply(bench.far.one().tag(), new Rflush());
            client.reply(2);
            var clunk = bench.far.one();
            assertThat(clunk.message()).isEqualTo(new Tclunk(number));
            bench.far.reply(clunk.tag(), new Rclunk());
            assertThat(client.walk(0, 1, "b")).isEqualTo(number);
        }
    }

    @Test
    void m11AWalkThatIsAnsweredBeforeItsRflushHasMadeItsFid() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, walk(0, 1, "a"));
            var asked = bench.far.one();
            client.send(2, new Tflush(1));
            int flush = bench.far.one().tag();
            bench.far.reply(asked.tag(), walked(1));
            bench.far.reply(flush, new Rflush());
            assertThat(client.got()).hasSize(2);
            bench.far.gotNothing();
            client.send(3, new Tread(1, 0, 10));
            assertThat(bench.far.one().message()).isInstanceOf(Tread.class);
        }
    }
}
