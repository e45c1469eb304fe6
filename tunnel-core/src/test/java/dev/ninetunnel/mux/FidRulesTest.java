package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.QID;
import static dev.ninetunnel.mux.Bench.walk;
import static dev.ninetunnel.mux.Bench.walked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rauth;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rxattrwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Txattrwalk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules M4 to M7, and M13. */
class FidRulesTest {
    private static final Rlerror BAD_FID = new Rlerror(Errno.EBADF.number());
    private static final Rlerror NO_ENTRY = new Rlerror(Errno.ENOENT.number());

    private static void refusesToKnow(Bench bench, Bench.Client client, int fid) {
        client.send(77, new Tread(fid, 0, 10));
        assertThat(client.reply(77)).isEqualTo(BAD_FID);
        bench.far.gotNothing();
    }

    @Test
    void m4AWalkMayFollowTheClunkOfItsNewfidWithoutWaiting() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            int old = client.walk(0, 1, "a");
            client.raw(out -> {
                new Tclunk(1).write(out, 10);
                walk(0, 1, "b").write(out, 11);
                new Tread(1, 0, 10).write(out, 12);
            });
            var asked = bench.far.all();
            assertThat(asked.get(0).message()).isEqualTo(new Tclunk(old));
            int fresh = ((Twalk) asked.get(1).message()).newfid();
            assertThat(fresh).isNotEqualTo(old);
            assertThat(asked.get(2).message()).isEqualTo(new Tread(fresh, 0, 10));
            bench.far.reply(asked.get(1).tag(), walked(1));
            bench.far.reply(asked.get(0).tag(), new Rclunk());
            assertThat(client.got()).containsExactly(new Bench.Got<>(11, walked(1)), new Bench.Got<>(10, new Rclunk()));
            client.send(13, new Tread(1, 0, 10));
            assertThat(bench.far.one().message()).isEqualTo(new Tread(fresh, 0, 10));
        }
    }

    @Test
    void m4RequestsThatNameACommonFidKeepTheirOrder() {
        try (Bench bench = Bench.open(TestLimits.oneRequest())) {
            var client = bench.attached();
            List<Tmessage> sent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sent.add(new Tread(0, i, 10));
                client.send(i, sent.get(i));
            }
            List<Tmessage> came = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                var asked = bench.far.one();
                came.add(asked.message());
                bench.far.reply(asked.tag(), NO_ENTRY);
            }
            assertThat(came).isEqualTo(sent);
            client.got();
        }
    }

    @Test
    void m4ANumberIsNotUsedAgainWhileSomethingInFlightNamesIt() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            int old = client.walk(0, 1, "a");
            client.send(10, new Tread(1, 0, 10));
            client.send(11, new Tclunk(1));
            var asked = bench.far.all();
            bench.far.reply(asked.get(1).tag(), new Rclunk());
            assertThat(client.reply(11)).isEqualTo(new Rclunk());
            assertThat(client.walk(0, 2)).as("the read is still in flight").isNotEqualTo(old);
            bench.far.reply(asked.get(0).tag(), NO_ENTRY);
            client.got();
            assertThat(client.walk(0, 3)).as("last freed, first used").isEqualTo(old);
        }
    }

    @Test
    void m6AWalkOfMoreThanSixteenNamesIsRefusedHereForAFarSideMayHangUpOnIt() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            Text[] names = new Text[17];
            Arrays.fill(names, Text.of("a"));
            client.send(10, new Twalk(0, 1, List.of(names)));
            bench.far.gotNothing();
            assertThat(client.reply(10)).isEqualTo(new Rlerror(Errno.EINVAL.number()));
            refusesToKnow(bench, client, 1);
            client.walk(0, 1, "a");
        }
    }

    static Stream<Tmessage> endings() {
        return Stream.of(new Tclunk(1), new Tremove(1));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void m5AFidIsUnboundAfterClunkAndRemoveAlsoWhenTheReplyIsAnError(Tmessage ending) {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            int old = client.walk(0, 1, "a");
            client.send(5, ending);
            bench.far.reply(bench.far.one().tag(), new Rlerror(Errno.EIO.number()));
            assertThat(client.reply(5)).isEqualTo(new Rlerror(Errno.EIO.number()));
            refusesToKnow(bench, client, 1);
            assertThat(client.walk(0, 1, "b")).isEqualTo(old);
        }
    }

    /** Requests that make fid 1, with the replies by which they do not. */
    static Stream<List<Object>> failures() {
        Tattach attach = Bench.tattach(1);
        Tauth auth = new Tauth(1, Text.EMPTY, Text.EMPTY, OptionalInt.of(0));
        return Stream.of(List.of(walk(0, 1, "a", "b"), NO_ENTRY), List.of(walk(0, 1, "a", "b"), walked(1)),
                List.of(attach, NO_ENTRY), List.of(auth, NO_ENTRY),
                List.of(new Txattrwalk(0, 1, Text.EMPTY), NO_ENTRY));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void m6NewfidIsUnboundAfterAFailedOrPartialRequest(List<Object> failure) {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(5, (Tmessage) failure.get(0));
            bench.far.reply(bench.far.one().tag(), (Rmessage) failure.get(1));
            assertThat(client.reply(5)).isEqualTo(failure.get(1));
            refusesToKnow(bench, client, 1);
            assertThat(bench.role.fids()).isEqualTo(1);
        }
    }

    @Test
    void m6AClunkOfAnUnboundFidIsAnErrorAndNothingElseHappens() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(5, walk(0, 1, "a", "b"));
            bench.far.reply(bench.far.one().tag(), walked(1));
            client.reply(5);
            client.send(6, new Tclunk(1));
            assertThat(client.reply(6)).isEqualTo(BAD_FID);
            bench.far.gotNothing();
            client.walk(0, 1, "c");
        }
    }

    @Test
    void m6AnUnboundFidIsNamedInTheWordsOfPlanNineToAPlainClient() {
        try (Bench bench = Bench.open()) {
            var client = bench.client(Dialect.PLAIN);
            client.send(6, new Tclunk(1));
            assertThat(client.reply(6)).isEqualTo(new Rerror(Text.of("fid unknown or out of range"),
                    OptionalInt.empty()));
        }
    }

    @Test
    void m6AWalkWithNewfidEqualToFidMovesItOrLeavesItAlone() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            int fid = client.walk(0, 1, "a");
            client.send(5, walk(1, 1, "b"));
            var asked = bench.far.one();
            assertThat(asked.message()).isEqualTo(walk(fid, fid, "b"));
            bench.far.reply(asked.tag(), walked(1));
            assertThat(client.reply(5)).isEqualTo(walked(1));
            client.send(5, walk(1, 1, "c", "d"));
            bench.far.reply(bench.far.one().tag(), walked(1));
            client.reply(5);
            client.send(5, new Tread(1, 0, 10));
            assertThat(bench.far.one().message()).isEqualTo(new Tread(fid, 0, 10));
        }
    }

    @Test
    void m6AWalkWithNoNamesMakesAnotherFidForTheSameFile() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            int copy = client.walk(0, 1);
            client.send(5, new Tread(1, 0, 10));
            assertThat(bench.far.one().message()).isEqualTo(new Tread(copy, 0, 10));
        }
    }

    @Test
    void m6ANewfidThatIsInUseIsRefused() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.walk(0, 1);
            client.send(5, walk(0, 1));
            assertThat(client.reply(5)).isEqualTo(BAD_FID);
            client.send(6, Bench.tattach(0));
            assertThat(client.reply(6)).isEqualTo(BAD_FID);
            client.send(7, new Txattrwalk(0, 0, Text.EMPTY));
            assertThat(client.reply(7)).isEqualTo(BAD_FID);
            bench.far.gotNothing();
        }
    }

    @Test
    void m6AFidWhoseWalkIsStillInFlightCanBeUsedAndClunked() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.raw(out -> {
                walk(0, 1, "a").write(out, 1);
                new Tread(1, 0, 10).write(out, 2);
                new Tclunk(1).write(out, 3);
            });
            var asked = bench.far.all();
            assertThat(asked).hasSize(3);
            bench.far.reply(asked.get(0).tag(), NO_ENTRY);
            bench.far.reply(asked.get(1).tag(), BAD_FID);
            bench.far.reply(asked.get(2).tag(), BAD_FID);
            assertThat(client.got()).hasSize(3);
            assertThat(bench.role.fids()).isEqualTo(1);
            bench.far.gotNothing();
        }
    }

    @Test
    void m6AClunkWhoseErrorOvertakesTheSuccessOfTheWalkIsRepeated() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.raw(out -> {
                walk(0, 1, "a").write(out, 1);
                new Tclunk(1).write(out, 2);
            });
            var asked = bench.far.all();
            int number = ((Twalk) asked.get(0).message()).newfid();
            bench.far.reply(asked.get(1).tag(), BAD_FID);
            bench.far.gotNothing();
            bench.far.reply(asked.get(0).tag(), walked(1));
            client.got();
            var again = bench.far.one();
            assertThat(again.message()).as("perhaps it was carried out before the walk").isEqualTo(new Tclunk(number));
            bench.far.reply(again.tag(), new Rclunk());
            assertThat(client.walk(0, 1, "b")).isEqualTo(number);
        }
    }

    static Stream<MessageType> requestsWithFids() {
        return Arrays.stream(MessageType.values())
                .filter(type -> type.isRequest() && !type.isOfLeases() && type.fidCount() > 0);
    }

    @ParameterizedTest
    @MethodSource("requestsWithFids")
    void m7EveryFidFieldOfEveryMessageIsRewritten(MessageType type) {
        try (Bench bench = Bench.open()) {
            bench.attached();
            var client = bench.attached();
            int first = client.walk(0, 40, "a");
            int second = client.walk(0, 50, "b");
            assertThat(List.of(40, 50)).doesNotContain(first, second);
            // The roots of the two clients, and the two walks, have the numbers below it.
            int made = 4;
            Tmessage sent = switch (type) {
                case TAUTH -> Samples.of(type, 60, 0);
                case TATTACH -> Samples.of(type, 60, 50);
                case TWALK, TXATTRWALK -> Samples.of(type, 40, 60);
                default -> Samples.of(type, 40, 50);
            };
            client.send(9, sent);
            Tmessage came = bench.far.one().message();
            Tmessage expected = switch (type) {
                case TAUTH -> Samples.of(type, made, 0);
                case TATTACH -> Samples.of(type, made, second);
                case TWALK, TXATTRWALK -> Samples.of(type, first, made);
                default -> Samples.of(type, first, second);
            };
            assertThat(withoutMark(came)).isEqualTo(expected);
        }
    }

    /** For rule M15, which is tested elsewhere. */
    private static Tmessage withoutMark(Tmessage m) {
        return switch (m) {
            case Tlock t -> new Tlock(t.fid(), t.lockType(), t.flags(), t.start(), t.length(), t.procId(),
                    Samples.NAME);
            case Tgetlock t -> new Tgetlock(t.fid(), t.lockType(), t.start(), t.length(), t.procId(), Samples.NAME);
            default -> m;
        };
    }

    @Test
    void m7TheSecondFidOfTrenameatIsFoundBehindAStringOfAnyLength() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            int first = client.walk(0, 40, "a");
            int second = client.walk(0, 50, "b");
            for (int length : new int[]{0, 1, 255, 60_000}) {
                Text name = Text.of("n".repeat(length));
                client.send(9, new Trenameat(40, name, 50, Text.of("x")));
                var asked = bench.far.one();
                assertThat(asked.message()).isEqualTo(
                        new Trenameat(first, name, second, Text.of("x")));
                bench.far.reply(asked.tag(), NO_ENTRY);
                client.reply(9);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "LINUX"})
    void m13NoClientCanNameAnothersFid(Dialect dialect) {
        try (Bench bench = Bench.open()) {
            var owner = bench.attached();
            int hers = owner.walk(0, 5, "private");
            var other = bench.client(dialect);
            for (int fid : new int[]{0, 5, hers}) {
                other.send(1, new Tread(fid, 0, 10));
                other.send(2, walk(fid, 9));
                other.send(3, new Tclunk(fid));
                assertThat(other.got()).hasSize(3).allMatch(got -> got.message() instanceof Rlerror
                        || got.message() instanceof Rerror);
            }
            bench.far.gotNothing();
        }
    }

    @Test
    void m13NoClientCanAttachWithAnothersAfid() {
        try (Bench bench = Bench.open()) {
            var owner = bench.client(Dialect.LINUX);
            owner.send(1, new Tauth(5, Text.of("me"), Text.EMPTY, OptionalInt.of(0)));
            var asked = bench.far.one();
            int afid = ((Tauth) asked.message()).afid();
            bench.far.reply(asked.tag(), new Rauth(QID));
            owner.reply(1);
            var other = bench.client(Dialect.LINUX);
            for (int fid : new int[]{5, afid}) {
                other.send(2, new Tattach(7, fid, Text.of("me"), Text.EMPTY, OptionalInt.of(0)));
                assertThat(other.reply(2)).isEqualTo(BAD_FID);
            }
            bench.far.gotNothing();
            owner.send(2, new Tattach(7, 5, Text.of("me"), Text.EMPTY, OptionalInt.of(0)));
            assertThat(((Tattach) bench.far.one().message()).afid()).isEqualTo(afid);
        }
    }

    @Test
    void m13NofidIsNoFidOfAnybody() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tread(Frame.NOFID, 0, 10));
            assertThat(client.reply(1)).isEqualTo(BAD_FID);
            client.send(1, walk(0, Frame.NOFID));
            assertThat(client.reply(1)).isEqualTo(BAD_FID);
            bench.far.gotNothing();
        }
    }

    @Test
    void aFidOfAnExtendedAttributeIsLikeAnyOther() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Txattrwalk(0, 1, Text.of("user.x")));
            var asked = bench.far.one();
            bench.far.reply(asked.tag(), new Rxattrwalk(5));
            assertThat(client.reply(1)).isEqualTo(new Rxattrwalk(5));
            client.send(1, new Tread(1, 0, 5));
            assertThat(((Tread) bench.far.one().message()).fid()).isEqualTo(((Txattrwalk) asked.message()).newfid());
        }
    }
}
