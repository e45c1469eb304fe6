package dev.ninetunnel.cache;

import static dev.ninetunnel.cache.Stage.A;
import static dev.ninetunnel.cache.Stage.LEASE;
import static dev.ninetunnel.cache.Stage.N;
import static dev.ninetunnel.cache.Stage.attributes;
import static dev.ninetunnel.cache.Stage.data;
import static dev.ninetunnel.cache.Stage.file;
import static dev.ninetunnel.cache.Stage.getattr;
import static dev.ninetunnel.cache.Stage.read;
import static dev.ninetunnel.cache.Stage.walk;
import static dev.ninetunnel.cache.Stage.walked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rreadlink;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rxattrcreate;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is answered here, and when the far side is asked. */
class CachingServerTest {
    private static final Qid FILE = file(5);

    private static Rreaddir entries(DirectoryEntry... entries) {
        ByteBuf data = Unpooled.buffer();
        for (DirectoryEntry entry : entries) {
            entry.write(data);
        }
        return new Rreaddir(data);
    }

    @Test
    void aNameThatIsKnownIsWalkedHereAndItsFidCostsNothing() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            assertThat(client.here(walk(0, 2, "f"), Rwalk.class)).isEqualTo(walked(FILE));
            client.here(new Tclunk(2), Rclunk.class);
            stage.askedNothing();
        }
    }

    @Test
    void aFidThatWasMadeFromAnotherStaysWhatItIsWhenThatIsRemovedOrBecomesAnAttribute() {
        for (Tmessage end : List.of(new Tremove(1), new Txattrcreate(1, Text.of("user.a"), 1, 0))) {
            try (Stage stage = new Stage()) {
                Stage.Client client = stage.attached();
                client.walk(1, "f", FILE);
                assertThat(client.here(walk(1, 2), Rwalk.class)).isEqualTo(walked());
                client.send(1, end);
                Stage.Asking clone = stage.next(Twalk.class);
                int other = ((Twalk) clone.message).newfid();
                assertThat(other).isNotEqualTo(((Twalk) clone.message).fid());
                clone.reply(walked());
                Tmessage sent = stage.one(end.getClass()).message;
                assertThat(sent instanceof Tremove remove ? remove.fid() : ((Txattrcreate) sent).fid())
                        .as("what ends at the far side").isEqualTo(other);
                stage.one(end.getClass()).reply(end instanceof Tremove ? new Rremove() : new Rxattrcreate());
                client.got(1, Rmessage.class);
                client.send(2, new Tstatfs(2));
                assertThat(((Twalk) stage.next(Twalk.class).message).fid()).isEqualTo(((Twalk) clone.message).fid());
            }
        }
    }

    @Test
    void aWalkOfNoNameOntoItselfLeavesAFidOpen() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.open(1, FILE);
            assertThat(client.here(walk(1, 1), Rwalk.class)).isEqualTo(walked());
            client.send(1, new Tlopen(1, 1));
            assertThat(stage.one(Tlopen.class).message).as("refused where it is known that it is open").isNotNull();
        }
    }

    @Test
    void whatIsWrongIsRefusedAsTheFarSideWould() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            assertThat(client.here(new Txattrwalk(7, 8, Text.of("user.a")), Rlerror.class))
                    .isEqualTo(new Rlerror(Errno.EBADF.number()));
            String[] names = new String[17];
            Arrays.fill(names, "..");
            assertThat(client.here(walk(7, 8, names), Rlerror.class)).isEqualTo(new Rlerror(Errno.EINVAL.number()));
        }
    }

    @Test
    void aReadBeyondWhatAFileCanHoldIsForTheFarSide() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.open(1, FILE);
            client.read(1, FILE, "all");
            client.send(2, new Tread(1, Long.MAX_VALUE, 1));
            stage.one(Tread.class).reply(data(""));
            client.got(2, Rread.class);
            client.send(3, new Tread(1, 0, -1));
            stage.one(Tread.class);
        }
    }

    @Test
    void anAbsentNameIsKnownToBeAbsent() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.send(1, walk(0, 1, "none"));
            stage.one(Twalk.class).reply(new Rlerror(Errno.ENOENT.number()), N, LEASE + 1);
            client.got(1, Rlerror.class);
            assertThat(client.here(walk(0, 1, "none"), Rlerror.class)).isEqualTo(
                    new Rlerror(Errno.ENOENT.number()));
        }
    }

    @Test
    void attributesAreKnownForWhatWasAskedAndNoMore() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.send(1, new Tgetattr(1, 0x7ff));
            stage.one(Tgetattr.class).grant(attributes(FILE, 3), 5);
            client.got(1, Rgetattr.class);
            assertThat(client.here(new Tgetattr(1, 0x1ff), Rgetattr.class)).isEqualTo(attributes(FILE, 3));
            client.send(1, getattr(1));
            stage.one(Tgetattr.class);
        }
    }

    @Test
    void attributesAreAskedForWithTheWalkOfAClientThatLooksAtThem() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.looks();
            client.send(1, walk(0, 1, "f"));
            Twalk walk = (Twalk) stage.next(Twalk.class).message;
            assertThat(((Tgetattr) stage.next(Tgetattr.class).message).fid()).isEqualTo(walk.newfid());
            client.send(2, getattr(1));
            assertThat(stage.asked).as("questions, the client's own among them").hasSize(2);
            stage.next(Twalk.class).grant(walked(FILE), 5);
            client.got(1, Rwalk.class);
            stage.one(Tgetattr.class).grant(attributes(FILE, 3), 5);
            assertThat(client.got(2, Rgetattr.class)).isEqualTo(attributes(FILE, 3));
            assertThat(client.here(getattr(1), Rgetattr.class)).isEqualTo(attributes(FILE, 3));
        }
    }

    @Test
    void whoWaitsForAttributesThatComeToNothingAsksForItself() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.looks();
            client.send(1, walk(0, 1, "f"));
            client.send(2, getattr(1));
            stage.next(Twalk.class).grant(walked(FILE), 5);
            client.got(1, Rwalk.class);
            stage.one(Tgetattr.class).reply(new Rlerror(Errno.EIO.number()));
            client.gotNothing();
            stage.one(Tgetattr.class).reply(attributes(FILE, 3));
            assertThat(client.got(2, Rgetattr.class)).isEqualTo(attributes(FILE, 3));
        }
    }

    @Test
    void theFidOfAWalkThatFailedIsNotMadeAgainBeforeAllThatNamesItIsAnswered() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.looks();
            client.send(1, walk(0, 1, "none"));
            int fid = ((Twalk) stage.next(Twalk.class).message).newfid();
            stage.next(Twalk.class).reply(new Rlerror(Errno.EACCES.number()));
            client.got(1, Rlerror.class);
            client.send(2, walk(0, 1, "f"));
            assertThat(((Twalk) stage.next(Twalk.class).message).newfid()).isNotEqualTo(fid);
            stage.next(Tgetattr.class).reply(new Rlerror(Errno.EBADF.number()));
            client.send(3, walk(0, 2, "g"));
            assertThat(stage.asked).extracting(asking -> asking.message).anySatisfy(
                    message -> assertThat(message).isInstanceOfSatisfying(Twalk.class,
                            walk -> assertThat(walk.newfid()).isEqualTo(fid)));
        }
    }

    @Test
    void aFidThatWasWalkedHereIsMadeAtTheFarSideWhenItIsNeeded() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.send(1, getattr(2));
            Twalk late = (Twalk) stage.next(Twalk.class).message;
            assertThat(late.names()).containsExactly(Text.of("f"));
            assertThat(((Tgetattr) stage.next(Tgetattr.class).message).fid()).isEqualTo(late.newfid());
            stage.next(Twalk.class).grant(walked(FILE), 5);
            stage.next(Tgetattr.class).grant(attributes(FILE, 3), 5);
            client.got(1, Rgetattr.class);
        }
    }

    @Test
    @DisplayName("case 11: a fid that is made late, and is another file since a program of the host renamed one, is stale")
    void aFidThatIsMadeLateAndIsAnotherFileIsStale() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.send(1, getattr(2));
            stage.next(Twalk.class).grant(walked(file(6)), 6);
            stage.next(Tgetattr.class).grant(attributes(file(6), 3), 6);
            assertThat(client.got(1, Rlerror.class)).isEqualTo(new Rlerror(Errno.ESTALE.number()));
            stage.one(Tclunk.class).reply(new Rclunk());
            client.here(getattr(2), Rlerror.class);
            client.here(new Tclunk(2), Rclunk.class);
        }
    }

    @Test
    @DisplayName("a fid that is made late where the far side is full is told to be that, and not stale")
    void aFidThatIsMadeLateWhereThereIsNoRoom() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.send(1, getattr(2));
            stage.next(Twalk.class).reply(new Rlerror(Errno.ENFILE.number()));
            stage.next(Tgetattr.class).reply(new Rlerror(Errno.EBADF.number()));
            assertThat(client.got(1, Rlerror.class)).isEqualTo(new Rlerror(Errno.ENFILE.number()));
            assertThat(client.here(getattr(2), Rlerror.class)).isEqualTo(new Rlerror(Errno.ENFILE.number()));
            client.here(new Tclunk(2), Rclunk.class);
        }
    }

    @Test
    @DisplayName("a fid that is made late and cannot be opened there is ended there with the local client's")
    void aFidThatCannotBeOpenedLate() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "abc");
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.here(new Tlopen(2, 0), Rlopen.class);
            client.send(1, new Tfsync(2, 0));
            int late = ((Twalk) stage.next(Twalk.class).message).newfid();
            stage.next(Twalk.class).grant(walked(FILE), 5);
            stage.next(Tlopen.class).reply(new Rlerror(Errno.EACCES.number()));
            stage.next(Tfsync.class).reply(new Rlerror(Errno.EBADF.number()));
            client.got(1, Rlerror.class);
            client.send(2, new Tclunk(2));
            assertThat(((Tclunk) stage.next(Tclunk.class).message).fid()).isEqualTo(late);
        }
    }

    @Test
    void aFileThatWasReadIsOpenedAndReadHere() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "abc");
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.here(new Tlopen(2, 0), Rlopen.class);
            assertThat(client.here(read(2), Rread.class)).isEqualTo(data("abc"));
            assertThat(client.here(new Tread(2, 1, 1), Rread.class)).isEqualTo(data("b"));
            assertThat(client.here(new Tread(2, 3, 9), Rread.class)).isEqualTo(data(""));
            client.here(new Tclunk(2), Rclunk.class);
        }
    }

    @Test
    void whatOneAttachMaySeeIsNotShownToAnother() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "abc");
            Stage.Client other = stage.attached(2 * LEASE);
            other.send(1, walk(0, 1, "f"));
            stage.one(Twalk.class).reply(new Rlerror(Errno.EACCES.number()));
            other.got(1, Rlerror.class);
        }
    }

    @Test
    void aDirectoryThatWasReadToItsEndIsToldHere() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.here(walk(0, 1), Rwalk.class);
            client.send(1, new Tlopen(1, 0));
            stage.next(Twalk.class).reply(walked());
            stage.one(Tlopen.class).reply(new Rlopen(Stage.ROOT, 0), A | N, LEASE + 1);
            client.got(1, Rlopen.class);
            Rreaddir entries = entries(new DirectoryEntry(FILE, 17, 8, Text.of("f")),
                    new DirectoryEntry(file(6), 35, 8, Text.of("g")));
            client.send(2, new Treaddir(1, 0, 1000));
            stage.one(Tlist.class).reply(new Rlerror(Errno.EOPNOTSUPP.number()));
            stage.one(Treaddir.class).grant(entries, 1);
            client.got(2, Rreaddir.class);
            client.send(2, new Treaddir(1, 35, 1000));
            stage.one(Treaddir.class).grant(entries(), 1);
            client.got(2, Rreaddir.class);

            assertThat(client.here(new Treaddir(1, 0, 1000), Rreaddir.class)).isEqualTo(
                    entries);
            assertThat(client.here(walk(0, 9, "h"), Rlerror.class)).as("absent").isEqualTo(
                    new Rlerror(Errno.ENOENT.number()));
            int tag = 10;
            for (String other : new String[]{"G", "g\u200D", "", "a/b", "h".repeat(256)}) {
                client.send(tag, walk(0, tag, other));
                stage.next(Twalk.class).reply(new Rlerror(Errno.EIO.number()));
                assertThat(client.got(tag, Rlerror.class)).as("'%s', of which the far side has to tell", other)
                        .isEqualTo(new Rlerror(Errno.EIO.number()));
                tag++;
            }
        }
    }

    @Test
    void whereALinkLeadsAndWhichAttributesAFileLacksIsKnown() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.send(1, new Treadlink(1));
            stage.one(Treadlink.class).grant(new Rreadlink(Text.of("g")), 5);
            client.got(1, Rreadlink.class);
            assertThat(client.here(new Treadlink(1), Rreadlink.class)).isEqualTo(new Rreadlink(Text.of("g")));
            client.send(1, new Txattrwalk(1, 2, Text.of("user.x")));
            stage.one(Txattrwalk.class).grant(new Rlerror(Errno.ENODATA.number()), 5);
            client.got(1, Rlerror.class);
            assertThat(client.here(new Txattrwalk(1, 2, Text.of("user.x")), Rlerror.class)).isEqualTo(
                    new Rlerror(Errno.ENODATA.number()));
        }
    }

    @Test
    void whatIsKeptIsBounded() {
        try (Stage stage = new Stage(64 << 10)) {
            Stage.Client client = stage.attached();
            for (int i = 0; i < 100; i++) {
                Qid qid = file(100 + i);
                client.walk(1, "f" + i, qid);
                client.open(1, qid);
                client.read(1, qid, "x".repeat(99));
                client.send(1, new Tclunk(1));
                client.got(1, Rclunk.class);
                stage.one(Tclunk.class).reply(new Rclunk());
            }
            assertThat(stage.holder.status().bytes()).isLessThanOrEqualTo(64 << 10);
        }
    }

    @Test
    void ofAFileThatProvesTooLongToBeKeptNothingIsAndNoLeaseOnItsDataIsAskedForAgain() {
        int most = (1 << 20) / 8;
        try (Stage stage = new Stage(1 << 20)) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.open(1, FILE);
            client.send(1, new Tread(1, 0, 6));
            stage.one(Tread.class).grant(data("begins"), 5);
            client.got(1, Rread.class);
            client.send(1, new Tread(1, most, 10));
            stage.one(Tread.class).reply(data(""));
            client.got(1, Rread.class);
            assertThat(client.here(new Tread(1, 0, 6), Rread.class)).as("it may end before that")
                    .isEqualTo(data("begins"));
            client.send(1, new Tread(1, most, 10));
            stage.one(Tread.class).reply(data("goes on"));
            client.got(1, Rread.class);
            client.send(1, new Tread(1, 0, 6));
            assertThat(stage.one(Tread.class).want).isZero();
        }
    }

    @Test
    void aClientThatDoesNotReadIsNotAnsweredFromHere() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "abc");
            client.writable = false;
            client.send(1, read(1));
            stage.one(Tread.class).grant(data("abc"), 5);
        }
    }

    @Test
    void aReplyWithoutALeaseIsNotKept() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.send(1, getattr(1));
            stage.one(Tgetattr.class).reply(attributes(FILE, 3));
            client.got(1, Rgetattr.class);
            client.send(1, getattr(1));
            stage.one(Tgetattr.class);
        }
    }

    @Test
    void unknownFidsAndFidsInUseAreRefused() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            Rlerror bad = new Rlerror(Errno.EBADF.number());
            assertThat(client.here(getattr(9), Rlerror.class)).isEqualTo(bad);
            assertThat(client.here(walk(0, 9), Rwalk.class)).isEqualTo(walked());
            assertThat(client.here(walk(0, 9), Rlerror.class)).isEqualTo(bad);
            assertThat(client.here(walk(0, Frame.NOFID), Rlerror.class)).isEqualTo(bad);
            assertThat(client.here(new Tclunk(8), Rlerror.class)).isEqualTo(bad);
        }
    }
}
