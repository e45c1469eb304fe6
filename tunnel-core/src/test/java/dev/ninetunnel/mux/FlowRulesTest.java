package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.queue.FairScheduler;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rfsync;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule L5: how much of whose waits where. {@link LocalSocketTest} has the client that does not read. */
class FlowRulesTest {
    private static final int KIB = 1024;

    @Test
    void l5ExpectedRepliesOfOneClientStayWithinItsBudget() {
        try (Bench bench = Bench.open(TestLimits.of(1000, 1 << 20, 100 * KIB, 1 << 30))) {
            var client = bench.attached();
            for (int tag = 0; tag < 20; tag++) {
                client.send(tag, new Tread(0, 0, 32 * KIB));
            }
            var asked = bench.far.all();
            assertThat(asked).hasSize(3);
            bench.far.reply(asked.getFirst().tag(), new Rread(bytes(KIB)));
            bench.far.one();
            client.got();
        }
    }

    @Test
    void l5OneRequestPassesEvenIfItsReplyAloneIsBeyondTheBudget() {
        try (Bench bench = Bench.open(TestLimits.of(1000, 1 << 20, 8 * KIB, 8 * KIB))) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 60 * KIB));
            client.send(2, new Tread(0, 0, 60 * KIB));
            bench.far.reply(bench.far.one().tag(), new Rread(bytes(60 * KIB)));
            assertThat(client.reply(1)).isEqualTo(new Rread(bytes(60 * KIB)));
            assertThat(bench.far.one().message()).isInstanceOf(Tread.class);
        }
    }

    @Test
    void l5AllClientsTogetherStayWithinTheConversationsBudgetAndNoneStarves() {
        try (Bench bench = Bench.open(TestLimits.of(1000, 1 << 20, 4 << 20, 200 * KIB))) {
            var greedy = bench.attached();
            for (int tag = 0; tag < 100; tag++) {
                greedy.send(tag, new Twrite(0, 0, bytes(16 * KIB)));
            }
            assertThat(bench.far.all()).as("of 16 KiB, with a reply of up to 4 KiB").hasSize(9);
            var late = bench.client(Dialect.LINUX);
            late.send(0, Bench.tattach(0));
            bench.far.reply(bench.far.one().tag(), new Rattach(Bench.QID));
            late.got();
            for (int tag = 0; tag < 100; tag++) {
                late.send(tag, new Twrite(0, 1, bytes(16 * KIB)));
            }
            assertThat(bench.far.all()).as("its equal part, whatever others have").hasSize(4);
        }
    }

    @Test
    void l5HoweverManyClientsComeAndGoTheirRequestsStayWithinTwoWindows() {
        int window = 1 << 20;
        try (Bench bench = Bench.open(TestLimits.of(1000, 1 << 20, window / 2, window))) {
            long outstanding = 0;
            for (int i = 0; i < 40; i++) {
                var client = bench.client(Dialect.LINUX);
                client.send(0, Bench.tattach(0));
                for (int tag = 1; tag <= 64; tag++) {
                    client.send(tag, new Tread(0, 0, 32 * KIB));
                }
                for (var asked : bench.far.all()) {
                    outstanding += asked.message() instanceof Tread ? 32 * KIB : 4 * KIB;
                }
                if (i % 2 == 0) {
                    client.hangUp();
                    bench.far.all();
                }
            }
            assertThat(outstanding).isBetween((long) window, 2L * window + ClientBudget.SMALL_OF_ALL);
        }
    }

    @Test
    void clientsTakeTurnsWhenRoomIsScarce() {
        try (Bench bench = Bench.open(TestLimits.of(1000, 1 << 20, 4 << 20, 30 * KIB))) {
            var one = bench.attached();
            var two = bench.attached();
            for (int tag = 0; tag < 10; tag++) {
                one.send(tag, new Tread(0, 1, 8 * KIB));
            }
            for (int tag = 0; tag < 10; tag++) {
                two.send(tag, new Tread(0, 2, 8 * KIB));
            }
            List<Integer> whose = answerAll(bench);
            assertThat(whose).hasSize(20);
            assertThat(whose.subList(0, 12)).filteredOn(i -> i == 2).hasSizeGreaterThanOrEqualTo(5);
            one.got();
            two.got();
        }
    }

    @Test
    void aSmallRequestOvertakesTheBulkOfItsOwnClientThatWaits() {
        try (Bench bench = Bench.open(TestLimits.of(1000, 1 << 20, 100 * KIB, 1 << 30))) {
            var client = bench.attached();
            client.walk(0, 1);
            for (int tag = 0; tag < 20; tag++) {
                client.send(tag, new Tread(0, 0, 32 * KIB));
            }
            bench.far.all();
            client.send(20, new Tfsync(1, 0));
            assertThat(bench.far.one().message()).isInstanceOf(Tfsync.class);
            client.got();
        }
    }

    @Test
    void aSmallRequestThatNamesTheFidOfBulkThatWaitsStaysBehindIt() {
        try (Bench bench = Bench.open(TestLimits.of(1000, 1 << 20, 100 * KIB, 1 << 30))) {
            var client = bench.attached();
            for (int tag = 0; tag < 4; tag++) {
                client.send(tag, new Tread(0, 0, 32 * KIB));
            }
            client.send(4, new Tfsync(0, 0));
            var asked = bench.far.all();
            assertThat(asked).hasSize(3);
            bench.far.reply(asked.getFirst().tag(), new Rread(bytes(KIB)));
            assertThat(bench.far.all()).extracting(request -> (Object) request.message().getClass())
                    .containsExactly(Tread.class, Tfsync.class);
            client.got();
        }
    }

    @Test
    void bulkOfOneClientTakesTurnsByBytesOverItsFids() {
        try (Bench bench = Bench.open(TestLimits.of(1000, 1 << 20, 100 * KIB, 1 << 30))) {
            var client = bench.attached();
            client.walk(0, 1);
            for (int tag = 0; tag < 12; tag++) {
                client.send(tag, new Tread(0, 1, 64 * KIB));
            }
            for (int tag = 12; tag < 36; tag++) {
                client.send(tag, new Tread(1, 2, 16 * KIB));
            }
            List<Integer> whose = answerAll(bench);
            assertThat(whose).hasSize(36);
            assertThat(whose.subList(0, 25)).as("of the second, four for each of the first")
                    .filteredOn(i -> i == 2).hasSizeBetween(16, 20);
            client.got();
        }
    }

    @Test
    void bulkHasItsTurnHoweverManySmallRequestsTheClientSends() {
        try (Bench bench = Bench.open(TestLimits.of(4, 1 << 20, 4 << 20, 1 << 30))) {
            var client = bench.attached();
            client.walk(0, 1);
            for (int tag = 0; tag < 5; tag++) {
                client.send(tag, new Tfsync(1, 0));
            }
            client.send(5, new Tread(0, 0, 32 * KIB));
            for (int tag = 6; tag < 1000; tag++) {
                client.send(tag, new Tfsync(1, 0));
            }
            int before = 0;
            for (var asked = bench.far.all(); asked.stream().noneMatch(
                    request -> request.message() instanceof Tread); asked = bench.far.all()) {
                asked.forEach(request -> bench.far.reply(request.tag(), new Rfsync()));
                before += asked.size();
            }
            assertThat(before).isLessThanOrEqualTo(FairScheduler.MOST_BEFORE_BULK / (4 * KIB) + 8);
            client.got();
        }
    }

    @Test
    void m4BulkNeverOvertakesASmallRequestOnItsFidThatCameBeforeIt() {
        try (Bench bench = Bench.open(TestLimits.of(4, 1 << 20, 4 << 20, 1 << 30))) {
            var client = bench.attached();
            client.walk(0, 1);
            client.send(0, new Tread(0, 0, 32 * KIB));
            for (int tag = 1; tag < 200; tag++) {
                client.send(tag, new Tfsync(1, 0));
            }
            client.send(200, new Tread(1, 1, 32 * KIB));
            int before = 0;
            for (var asked = bench.far.all(); !asked.isEmpty(); asked = bench.far.all()) {
                for (var request : asked) {
                    if (request.message() instanceof Tfsync) {
                        before++;
                        bench.far.reply(request.tag(), new Rfsync());
                    } else if (((Tread) request.message()).offset() == 0) {
                        bench.far.reply(request.tag(), new Rread(bytes(10)));
                    } else {
                        assertThat(before).as("requests on the fid before the read").isEqualTo(199);
                        bench.far.reply(request.tag(), new Rread(bytes(10)));
                    }
                }
            }
            client.got();
        }
    }

    /** Answers whatever is asked until nothing is, and says with which offset each was asked. */
    private static List<Integer> answerAll(Bench bench) {
        List<Integer> offsets = new ArrayList<>();
        for (var asked = bench.far.all(); !asked.isEmpty(); asked = bench.far.all()) {
            for (var request : asked) {
                offsets.add((int) ((Tread) request.message()).offset());
                bench.far.reply(request.tag(), new Rread(bytes(10)));
            }
        }
        return offsets;
    }

    @Test
    void l5ASocketIsNotReadWhileTooManyBytesWaitAndIsReadAgainLater() {
        try (Bench bench = Bench.open(TestLimits.of(1, 64 * KIB, 4 << 20, 16 << 20))) {
            var client = bench.attached();
            client.send(0, new Tfsync(0, 0));
            assertThat(client.channel.config().isAutoRead()).isTrue();
            for (int tag = 1; tag < 4; tag++) {
                client.send(tag, new Twrite(0, 0, bytes(32 * KIB)));
            }
            assertThat(client.channel.config().isAutoRead()).isFalse();
            for (int i = 0; i < 3; i++) {
                bench.far.reply(bench.far.one().tag(), i == 0 ? new Rfsync() : new Rwrite(0));
            }
            assertThat(client.channel.config().isAutoRead()).isTrue();
            client.got();
        }
    }

    @Test
    void l5SmallRepliesToAClientThatLagsDoNotHoldOnToTheBuffersOfTheLink() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            for (int tag = 0; tag < 4; tag++) {
                client.send(tag, new Tread(0, 0, 60 * KIB));
            }
            List<ByteBuf> frames = new ArrayList<>();
            for (var asked : bench.far.all()) {
                ByteBuf frame = bench.alloc.buffer();
                new Rread(bytes(frames.size() % 2 == 0 ? 60 * KIB : 10)).write(frame, asked.tag());
                frames.add(frame);
                bench.role.accept(frame);
            }
            assertThat(frames).as("60 KiB and 10 bytes wait; then 60 KiB more, and 10 bytes copied").extracting(
                    ByteBuf::refCnt).containsExactly(1, 1, 1, 0);
            bench.role.endOfBatch();
            assertThat(client.got()).hasSize(4);
        }
    }
}
