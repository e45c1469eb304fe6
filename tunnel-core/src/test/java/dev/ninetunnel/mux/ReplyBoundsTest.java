package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.QID;
import static dev.ninetunnel.mux.Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rauth;
import dev.ninetunnel.wire.message.Rchecksum;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rcopyrange;
import dev.ninetunnel.wire.message.Rcreate;
import dev.ninetunnel.wire.message.Rfallocate;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rfsync;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rgetlock;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlink;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rlseek;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rmknod;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rput;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rreadlink;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Rrename;
import dev.ninetunnel.wire.message.Rrenameat;
import dev.ninetunnel.wire.message.Rrenameat2;
import dev.ninetunnel.wire.message.Rsetattr;
import dev.ninetunnel.wire.message.Rstat;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Rsymlink;
import dev.ninetunnel.wire.message.Rtmpfile;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rwstat;
import dev.ninetunnel.wire.message.Rxattrcreate;
import dev.ninetunnel.wire.message.Rxattrwalk;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tmessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each reply against its request: the largest that passes, and what is a little more. The table of docs/protocol.md. */
class ReplyBoundsTest {
    private static final int SMALL = 4096;
    private static final int MIDDLE = 8192;
    /** size[4] type[1] tag[2], and the length of a string. */
    private static final int TO_TEXT = Frame.HEADER + 2;

    /** What is asked, by {@link Samples}; what passes; and what does not, or null where its size leaves no choice. */
    record Row(MessageType asked, Rmessage most, Rmessage more) {}

    private static Row row(MessageType asked, Rmessage most, Rmessage more) {
        return new Row(asked, most, more);
    }

    private static Row row(MessageType asked, Rmessage fixed) {
        return new Row(asked, fixed, null);
    }

    private static Text text(int length) {
        return Text.of("x".repeat(length));
    }

    private static Rwalk walked(int steps) {
        return new Rwalk(Collections.nCopies(steps, QID));
    }

    private static Rgetlock getlock(int type, int frame) {
        return new Rgetlock(type, 0, 0, 0, text(frame - Frame.HEADER - 23));
    }

    private static Rstat stat(int frame) {
        Text none = Text.EMPTY;
        int rest = Frame.HEADER + 2 + 2 + 2 + 4 + 13 + 4 + 4 + 4 + 8 + 4 * 2;
        return new Rstat(new Stat(0, 0, QID, 0, 0, 0, 0, text(frame - rest), none, none, none, Optional.empty()));
    }

    /** The requests of {@link Samples} write 9 bytes, read 9 and walk two names. */
    static Stream<Row> rows() {
        return Stream.of(
                row(MessageType.TSTATFS, new Rstatfs(1, 2, 3, 4, 5, 6, 7, 8, 9)),
                row(MessageType.TLOPEN, new Rlopen(QID, -1)),
                row(MessageType.TLCREATE, new Rlcreate(QID, -1)),
                row(MessageType.TSYMLINK, new Rsymlink(QID)),
                row(MessageType.TMKNOD, new Rmknod(QID)),
                row(MessageType.TRENAME, new Rrename()),
                row(MessageType.TREADLINK, new Rreadlink(text(MIDDLE - TO_TEXT)),
                        new Rreadlink(text(MIDDLE - TO_TEXT + 1))),
                row(MessageType.TREADLINK, new Rreadlink(text(0)), new Rreadlink(text(40_002))),
                row(MessageType.TGETATTR,
                        new Rgetattr(1, QID, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)),
                row(MessageType.TSETATTR, new Rsetattr()),
                row(MessageType.TXATTRWALK, new Rxattrwalk(Integer.MAX_VALUE), new Rxattrwalk(1L << 31)),
                row(MessageType.TXATTRWALK, new Rxattrwalk(0), new Rxattrwalk(1L << 32)),
                row(MessageType.TXATTRWALK, new Rxattrwalk(1), new Rxattrwalk(-1)),
                row(MessageType.TXATTRCREATE, new Rxattrcreate()),
                row(MessageType.TREADDIR, new Rreaddir(bytes(9)), new Rreaddir(bytes(10))),
                row(MessageType.TFSYNC, new Rfsync()),
                row(MessageType.TLOCK, new Rlock(3), new Rlock(4)),
                row(MessageType.TLOCK, new Rlock(0), new Rlock(255)),
                row(MessageType.TGETLOCK, getlock(2, SMALL), getlock(2, SMALL + 1)),
                row(MessageType.TGETLOCK, getlock(0, 100), getlock(3, 100)),
                row(MessageType.TLINK, new Rlink()),
                row(MessageType.TMKDIR, new Rmkdir(QID)),
                row(MessageType.TRENAMEAT, new Rrenameat()),
                row(MessageType.TRENAMEAT2, new Rrenameat2()),
                row(MessageType.TFALLOCATE, new Rfallocate()),
                row(MessageType.TLSEEK, new Rlseek(Long.MAX_VALUE)),
                row(MessageType.TCOPYRANGE, new Rcopyrange(9), new Rcopyrange(10)),
                row(MessageType.TCOPYRANGE, new Rcopyrange(0), new Rcopyrange(-1)),
                row(MessageType.TTMPFILE, new Rtmpfile(QID, -1)),
                row(MessageType.TCHECKSUM, new Rchecksum(9, text(32)), new Rchecksum(10, text(32))),
                row(MessageType.TCHECKSUM, new Rchecksum(0, text(32)), new Rchecksum(9, text(SMALL))),
                row(MessageType.TPUT, new Rput(QID)),
                row(MessageType.TUNLINKAT, new Runlinkat()),
                row(MessageType.TAUTH, new Rauth(QID)),
                row(MessageType.TATTACH, new Rattach(QID)),
                row(MessageType.TWALK, walked(2), walked(3)),
                row(MessageType.TOPEN, new Ropen(QID, -1)),
                row(MessageType.TCREATE, new Rcreate(QID, -1)),
                row(MessageType.TREAD, new Rread(bytes(9)), new Rread(bytes(10))),
                row(MessageType.TWRITE, new Rwrite(9), new Rwrite(10)),
                row(MessageType.TWRITE, new Rwrite(0), new Rwrite(-1)),
                row(MessageType.TCLUNK, new Rclunk()),
                row(MessageType.TREMOVE, new Rremove()),
                row(MessageType.TSTAT, stat(MIDDLE), stat(MIDDLE + 1)),
                row(MessageType.TWSTAT, new Rwstat()));
    }

    @Test
    void theTableHasEveryRequestThatIsPassedOn() {
        Set<MessageType> all = EnumSet.allOf(MessageType.class);
        all.removeIf(type -> !type.isRequest() || type.isOfLeases() || type == MessageType.TVERSION
                || type == MessageType.TFLUSH);
        assertThat(rows().map(Row::asked).collect(Collectors.toSet())).isEqualTo(all);
    }

    private static void ask(Bench.Client client, MessageType type, Dialect dialect) {
        OptionalInt user = dialect == Dialect.LINUX ? OptionalInt.of(1) : OptionalInt.empty();
        Tmessage request = switch (type) {
            case TAUTH -> new Tauth(60, Text.EMPTY, Text.EMPTY, user);
            case TATTACH -> new Tattach(60, Frame.NOFID, Text.EMPTY, Text.EMPTY, user);
            case TWALK, TXATTRWALK -> Samples.of(type, 0, 60);
            default -> Samples.of(type, 0, 0);
        };
        client.send(9, request);
    }

    private static Bench.Client attached(Bench bench, Dialect dialect) {
        if (dialect == Dialect.LINUX) {
            return bench.attached();
        }
        Bench.Client client = bench.client(dialect);
        client.send(0, new Tattach(0, Frame.NOFID, Text.EMPTY, Text.EMPTY, OptionalInt.empty()));
        bench.far.reply(bench.far.one().tag(), new Rattach(QID));
        client.got();
        return client;
    }

    private static byte[] body(Rmessage reply) {
        ByteBuf out = Unpooled.buffer();
        reply.write(out, 9);
        byte[] all = new byte[out.readableBytes()];
        out.readBytes(all);
        return all;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void m16TheMostThatARequestAllowsPassesAndMoreIsAnIoErrorInBothDialects(Row row) {
        for (Dialect dialect : List.of(Dialect.LINUX, Dialect.PLAIN)) {
            try (Bench bench = Bench.open()) {
                Bench.Client client = attached(bench, dialect);
                ask(client, row.asked(), dialect);
                bench.far.reply(bench.far.one().tag(), row.most());
                assertThat(body(client.reply(9))).as("%s", dialect).isEqualTo(body(row.most()));
            }
            if (row.more() != null) {
                try (Bench bench = Bench.open()) {
                    Bench.Client client = attached(bench, dialect);
                    ask(client, row.asked(), dialect);
                    bench.far.reply(bench.far.one().tag(), row.more());
                    assertThat(client.reply(9)).isEqualTo(dialect == Dialect.LINUX
                            ? new Rlerror(Errno.EIO.number())
                            : new Rerror(Text.of(Errno.EIO.words()), OptionalInt.empty()));
                }
            }
        }
    }

    @Test
    void m16AnErrorOfUpTo4096BytesPassesWhateverWasAskedAndALongerOneIsAnIoError() {
        try (Bench bench = Bench.open()) {
            Bench.Client client = attached(bench, Dialect.PLAIN);
            for (int over : new int[]{0, 1}) {
                ask(client, MessageType.TREAD, Dialect.PLAIN);
                Rerror error = new Rerror(text(SMALL - TO_TEXT + over), OptionalInt.empty());
                bench.far.reply(bench.far.one().tag(), error);
                assertThat(client.reply(9)).isEqualTo(
                        over == 0 ? error : new Rerror(Text.of(Errno.EIO.words()), OptionalInt.empty()));
            }
        }
    }
}
