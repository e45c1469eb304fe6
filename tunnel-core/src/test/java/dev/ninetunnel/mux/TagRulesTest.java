package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.QID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rfsync;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tread;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules M1 to M3. */
class TagRulesTest {
    private static final int PLENTY = 1 << 30;
    /** Nothing but the number of tags limits what is in flight. */
    private static final ClientLimits WIDE = new ClientLimits(Duration.ZERO, Duration.ZERO, 8, Frame.NOTAG, 1000,
            PLENTY, PLENTY, PLENTY, 64);

    @Test
    void m1TheSameTagOfTwoClientsIsTwoTagsOnTheLink() {
        try (Bench bench = Bench.open()) {
            var one = bench.attached();
            var two = bench.attached();
            one.send(5, new Tfsync(0, 0));
            two.send(5, new Tfsync(0, 1));
            var asked = bench.far.all();
            assertThat(asked).hasSize(2);
            assertThat(asked.get(0).tag()).isNotEqualTo(asked.get(1).tag());
            bench.far.reply(asked.get(1).tag(), new Rfsync());
            one.gotNothing();
            assertThat(two.reply(5)).isEqualTo(new Rfsync());
            bench.far.reply(asked.get(0).tag(), new Rfsync());
            assertThat(one.reply(5)).isEqualTo(new Rfsync());
        }
    }

    @Test
    void m1WhenNoTagIsFreeTheRequestWaitsAndNothingWraps() {
        try (Bench bench = Bench.open(WIDE)) {
            var client = bench.attached();
            var other = bench.attached();
            client.raw(out -> {
                for (int tag = 0; tag < Frame.NOTAG; tag++) {
                    new Tfsync(0, 0).write(out, tag);
                }
            });
            Set<Integer> tags = new HashSet<>();
            bench.far.all().forEach(asked -> tags.add(asked.tag()));
            assertThat(tags).as("one tag for a flush stays free beside each, and those for recalls")
                    .hasSize((Frame.NOTAG - 64 - TagTable.RECALLS) / 2);
            assertThat(tags).allMatch(tag -> tag >= 0 && tag < Frame.NOTAG);

            other.send(1, new Tfsync(0, 0));
            bench.far.gotNothing();
            int freed = tags.iterator().next();
            bench.far.reply(freed, new Rfsync());
            assertThat(bench.far.one().tag()).isEqualTo(freed);
            bench.far.reply(freed, new Rfsync());
            bench.far.one();
            assertThat(other.got()).as("the second client's turn came with the second tag").isEmpty();
            bench.far.reply(freed, new Rfsync());
            assertThat(other.reply(1)).isEqualTo(new Rfsync());
            client.got();
        }
    }

    @Test
    void m1TagsAreHandedOutLastFreedFirst() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            for (int tag = 0; tag < 4; tag++) {
                client.send(tag, new Tfsync(0, 0));
            }
            assertThat(bench.far.all()).extracting(Bench.Got::tag).containsExactly(0, 1, 2, 3);
            bench.far.reply(2, new Rfsync());
            bench.far.reply(0, new Rfsync());
            client.send(7, new Tfsync(0, 0));
            client.send(8, new Tfsync(0, 0));
            client.send(9, new Tfsync(0, 0));
            assertThat(bench.far.all()).extracting(Bench.Got::tag).containsExactly(0, 2, 4);
        }
    }

    @Test
    void m2TagZeroAndFidZeroAreOrdinaryAndNofidPassesUnmapped() {
        try (Bench bench = Bench.open()) {
            var client = bench.client(Dialect.LINUX);
            client.send(0, Bench.tattach(0));
            var asked = bench.far.one();
            assertThat(((Tattach) asked.message()).afid()).isEqualTo(Frame.NOFID);
            bench.far.reply(asked.tag(), new Rattach(QID));
            assertThat(client.reply(0)).isEqualTo(new Rattach(QID));
            client.send(0, new Tclunk(0));
            bench.far.reply(bench.far.one().tag(), new Rclunk());
            assertThat(client.reply(0)).isEqualTo(new Rclunk());
        }
    }

    @Test
    void m2NotagIsForTversionAlone() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(Frame.NOTAG, new Tfsync(0, 0));
            assertThat(client.reply(Frame.NOTAG)).isEqualTo(new Rlerror(Errno.EINVAL.number()));
            bench.far.gotNothing();
        }
    }

    @Test
    void m3ADuplicateTagGetsAnErrorAndLeavesTheFirstRequestAlone() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(3, new Tread(0, 0, 100));
            var asked = bench.far.one();
            client.send(3, new Tclunk(0));
            assertThat(client.reply(3)).isEqualTo(new Rlerror(Errno.EINVAL.number()));
            bench.far.gotNothing();
            bench.far.reply(asked.tag(), new Rread(Bench.bytes(100)));
            assertThat(client.reply(3)).isEqualTo(new Rread(Bench.bytes(100)));
            client.send(3, new Tfsync(0, 0));
            assertThat(bench.far.one().message().type()).isEqualTo(MessageType.TFSYNC);
        }
    }

    @Test
    void m3ATagOfAQueuedRequestIsTakenToo() {
        try (Bench bench = Bench.open(TestLimits.oneRequest())) {
            var client = bench.attached();
            client.send(1, new Tfsync(0, 0));
            client.send(2, new Tfsync(0, 0));
            client.send(2, new Tclunk(0));
            assertThat(client.reply(2)).isEqualTo(new Rlerror(Errno.EINVAL.number()));
            bench.far.reply(bench.far.one().tag(), new Rfsync());
            assertThat(client.reply(1)).isEqualTo(new Rfsync());
            assertThat(bench.far.one().message().type()).isEqualTo(MessageType.TFSYNC);
        }
    }
}
