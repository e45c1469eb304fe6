package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.QID;
import static dev.ninetunnel.mux.Bench.bytes;
import static dev.ninetunnel.mux.Bench.walk;
import static dev.ninetunnel.mux.Bench.walked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rfsync;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules L2 to L4 as far as they are the client role's: what is held against what. */
class ReplyRulesTest {
    private static final Rlerror IO_ERROR = new Rlerror(Errno.EIO.number());

    private static void raw(Bench.Far far, int type, int tag, int... body) {
        far.raw(out -> raw(out, type, tag, body));
    }

    private static void raw(ByteBuf out, int type, int tag, int... body) {
        out.writeIntLE(Frame.HEADER + body.length).writeByte(type).writeShortLE(tag);
        for (int b : body) {
            out.writeByte(b);
        }
    }

    @Test
    void l3AReplyWhoseTagIsNotOutstandingIsCountedAndDropped() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            int tag = bench.far.one().tag();
            bench.far.reply(tag + 1, new Rread(bytes(10)));
            bench.far.reply(Frame.NOTAG, new Rversion(8192, Text.of("9P2000")));
            raw(bench.far, 201, tag);
            client.gotNothing();
            assertThat(bench.role.unexpectedReplies()).isEqualTo(3);
            bench.far.reply(tag, new Rread(bytes(10)));
            assertThat(client.reply(1)).isEqualTo(new Rread(bytes(10)));
            bench.far.reply(tag, new Rread(bytes(10)));
            client.gotNothing();
            assertThat(bench.role.unexpectedReplies()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 106, 0, 10, 128, 200, 254})
    void l3AnUnknownRequestIsAnErrorInTheClientsDialectAndGoesNowhere(int type) {
        try (Bench bench = Bench.open()) {
            var linuxClient = bench.attached();
            linuxClient.raw(out -> raw(out, type, 5, 1, 2, 3));
            assertThat(linuxClient.reply(5)).isEqualTo(new Rlerror(Errno.EOPNOTSUPP.number()));
            var plainClient = bench.client(Dialect.PLAIN);
            plainClient.raw(out -> raw(out, type, 5));
            assertThat(plainClient.reply(5)).isEqualTo(
                    new Rerror(Text.of(Errno.EOPNOTSUPP.words()), OptionalInt.empty()));
            bench.far.gotNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 107, 111, 201})
    void aClientThatSendsRepliesIsClosedAlone(int type) {
        try (Bench bench = Bench.open()) {
            var other = bench.attached();
            var client = bench.attached();
            client.raw(out -> raw(out, type, 5, 0, 0, 0, 0));
            assertThat(client.isOpen()).isFalse();
            bench.far.answerCleanups();
            other.walk(0, 1);
        }
    }

    @Test
    void l2AMalformedRequestClosesItsConnectionAlone() {
        try (Bench bench = Bench.open()) {
            var other = bench.attached();
            for (int[] body : new int[][]{{}, {0, 0, 0}, {0, 0, 0, 0, 0}}) {
                var client = bench.attached();
                client.raw(out -> raw(out, 120, 1, body));
                assertThat(client.isOpen()).isFalse();
                bench.far.answerCleanups();
            }
            for (int size : new int[]{0, 3, 6, Integer.MIN_VALUE, Integer.MAX_VALUE, -1}) {
                var client = bench.attached();
                client.raw(out -> out.writeIntLE(size).writeByte(120));
                assertThat(client.isOpen()).isFalse();
                bench.far.answerCleanups();
            }
            other.walk(0, 1);
        }
    }

    @Test
    void l2AMalformedReplyIsReportedSoThatTheLinkCloses() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            int tag = bench.far.one().tag();
            assertThatThrownBy(() -> raw(bench.far, 117, tag, 9, 0, 0, 0, 1)).isInstanceOf(
                    MalformedMessageException.class);
            client.gotNothing();
        }
    }

    @Test
    void aReadThatReturnsMoreThanWasAskedIsAnIoErrorForTheClient() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            bench.far.reply(bench.far.one().tag(), new Rread(bytes(11)));
            assertThat(client.reply(1)).isEqualTo(IO_ERROR);
            client.send(1, new Treaddir(0, 0, 10));
            bench.far.reply(bench.far.one().tag(), new Rreaddir(bytes(11)));
            assertThat(client.reply(1)).isEqualTo(IO_ERROR);
        }
    }

    @Test
    void aReplyOfAnotherTypeIsAnIoErrorForTheClient() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tfsync(0, 0));
            bench.far.reply(bench.far.one().tag(), new Rwrite(5));
            assertThat(client.reply(1)).isEqualTo(IO_ERROR);
        }
    }

    @Test
    void aWalkWithMoreQidsThanNamesIsAnIoErrorAndItsFidIsClunked() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, walk(0, 1, "a"));
            var asked = bench.far.one();
            bench.far.reply(asked.tag(), walked(2));
            assertThat(client.reply(1)).isEqualTo(IO_ERROR);
            assertThat(bench.far.one().message()).isEqualTo(new Tclunk(((Twalk) asked.message()).newfid()));
        }
    }

    @Test
    void m10AReplyBeyondTheClientsMsizeIsAnIoErrorForIt() {
        try (Bench bench = Bench.open()) {
            var client = bench.connect();
            client.version(4096, "9P2000.L");
            client.attach(0);
            client.send(1, new Tstat(0));
            int tag = bench.far.one().tag();
            int[] body = new int[5000];
            body[0] = 4998 & 0xFF;
            body[1] = 4998 >> 8;
            body[2] = 4996 & 0xFF;
            body[3] = 4996 >> 8;
            raw(bench.far, 125, tag, body);
            assertThat(client.reply(1)).isEqualTo(IO_ERROR);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void anErrorInAnotherDialectIsTranslated(Dialect dialect) {
        try (Bench bench = new Bench()) {
            bench.open(Bench.MSIZE, dialect);
            var client = bench.client(dialect);
            OptionalInt user = dialect == Dialect.PLAIN ? OptionalInt.empty() : OptionalInt.of(1000);
            client.send(0, new Tattach(0, Frame.NOFID, Text.of("me"), Text.EMPTY, user));
            bench.far.reply(bench.far.one().tag(), new Rattach(QID));
            client.reply(0);
            Text words = Text.of("No such file or directory");
            Rmessage right = switch (dialect) {
                case LINUX -> new Rlerror(2);
                case UNIX -> new Rerror(words, OptionalInt.of(2));
                case PLAIN -> new Rerror(words, OptionalInt.empty());
            };
            for (Rmessage error : new Rmessage[]{new Rlerror(2), new Rerror(words, OptionalInt.of(2)), new Rerror(
                    words, OptionalInt.empty())}) {
                client.send(1, new Tread(0, 0, 10));
                bench.far.reply(bench.far.one().tag(), error);
                assertThat(client.reply(1)).isEqualTo(right);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4096})
    void anErrorNumberThatLinuxDoesNotKnowBecomesAnIoError(int number) {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tfsync(0, 0));
            bench.far.reply(bench.far.one().tag(), new Rlerror(number));
            assertThat(client.reply(1)).isEqualTo(IO_ERROR);
        }
    }

    @Test
    void anErrorOfWordsOfItsOwnReachesAPlainClientUnchanged() {
        try (Bench bench = Bench.open()) {
            var client = bench.client(Dialect.PLAIN);
            client.send(1, new Tattach(0, Frame.NOFID, Text.of("me"), Text.EMPTY, OptionalInt.empty()));
            Rerror error = new Rerror(Text.of("phase of the moon"), OptionalInt.empty());
            bench.far.reply(bench.far.one().tag(), error);
            assertThat(client.reply(1)).isEqualTo(error);
        }
    }

    @Test
    void repliesOfOneBatchAreSentOffTogether() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            int before = bench.far.batches;
            client.raw(out -> {
                new Tfsync(0, 0).write(out, 1);
                new Tfsync(0, 0).write(out, 2);
            });
            assertThat(bench.far.batches - before).as("ends of batches at the far side").isEqualTo(1);
            for (var asked : bench.far.all()) {
                var frame = bench.alloc.buffer();
                new Rfsync().write(frame, asked.tag());
                bench.role.accept(frame);
            }
            client.gotNothing();
            bench.role.endOfBatch();
            assertThat(client.got()).hasSize(2);
            assertThat(bench.far.batches - before).isEqualTo(1);
            bench.far.reply(99, new Rclunk());
        }
    }
}
