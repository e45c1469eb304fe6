package dev.ninetunnel.cache;

import static dev.ninetunnel.cache.Stage.A;
import static dev.ninetunnel.cache.Stage.D;
import static dev.ninetunnel.cache.Stage.LEASE;
import static dev.ninetunnel.cache.Stage.N;
import static dev.ninetunnel.cache.Stage.attributes;
import static dev.ninetunnel.cache.Stage.data;
import static dev.ninetunnel.cache.Stage.file;
import static dev.ninetunnel.cache.Stage.getattr;
import static dev.ninetunnel.cache.Stage.read;
import static dev.ninetunnel.cache.Stage.walk;
import static dev.ninetunnel.cache.Stage.walked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rbehind;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rfsync;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rsetattr;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tbehind;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that a program is told are done before the far side has them (docs/coherence.md): by which rules, and what becomes of errors. */
class WriteBehindTest {
    private static final int W = LeaseKinds.EXCLUSIVE;
    private static final Qid FILE = file(5);
    private static final int READ_WRITE = 2;
    private static final int APPEND = 02000;
    private static final int DATA_SYNC = 010000;
    private static final int DIRECT = 040000;
    private static final int SYNC = 04010000;
    private static final Rlerror NO_SPACE = new Rlerror(Errno.ENOSPC.number());

    /** With all rules it is right; without this one it is not, which {@code isWrong} finds. */
    private static void holds(Rule rule, Predicate<Stage> isWrong) {
        try (Stage stage = stage()) {
            assertThat(isWrong.test(stage)).as("wrong with all rules").isFalse();
        }
        try (Stage stage = stage(rule)) {
            assertThat(isWrong.test(stage)).as("wrong without " + rule).isTrue();
        }
    }

    private static Stage stage(Rule... leftOut) {
        Stage stage = new Stage(64 << 20, leftOut);
        stage.holder.writeBehind(WriteBehind.ALL);
        return stage;
    }

    private static Twrite write(int fid, long offset, String text) {
        return new Twrite(fid, offset, Unpooled.copiedBuffer(text, UTF_8));
    }

    private static Twrite write() {
        return write(1, 0, "x");
    }

    /** Opens a file for writing as fid 1. */
    private static Stage.Client opened(Stage stage, int flags) {
        Stage.Client client = stage.attached();
        client.walk(1, "f", FILE);
        open(stage, client, 1, flags);
        return client;
    }

    private static void open(Stage stage, Stage.Client client, int fid, int flags) {
        client.send(1, new Tlopen(fid, flags));
        stage.next(Tlopen.class).reply(new Rlopen(FILE, 0));
        client.got(1, Rlopen.class);
    }

    /** The same, and has written, by which it got the exclusive lease. */
    private static Stage.Client exclusive(Stage stage) {
        Stage.Client client = opened(stage, READ_WRITE);
        client.send(2, write());
        Stage.Asking asked = stage.one(Twrite.class);
        assertThat(asked.want).as("wanted with a first write").isEqualTo(W);
        asked.reply(new Rwrite(1), W, LEASE + 5);
        client.got(2, Rwrite.class);
        return client;
    }

    /** The same, and has written behind. */
    private static Stage.Client behind(Stage stage) {
        Stage.Client client = exclusive(stage);
        client.send(3, write());
        client.got(3, Rwrite.class);
        assertThat(stage.one(Tbehind.class).message)
                .isEqualTo(new Tbehind(LEASE + 5, ((Tbehind) stage.one(Tbehind.class).message).fid(), 0,
                        Unpooled.copiedBuffer("x", UTF_8)));
        return client;
    }

    /** A write that is answered before the far side has it. */
    private static void behind(Stage.Client client, int tag, Twrite write) {
        client.send(tag, write);
        client.got(tag, Rwrite.class);
    }

    private static boolean isAsked(Stage stage, Class<? extends Tmessage> type) {
        return stage.asked.stream().anyMatch(asking -> type.isInstance(asking.message));
    }

    private static void done(Stage stage) {
        while (isAsked(stage, Tbehind.class)) {
            Stage.Asking asking = stage.next(Tbehind.class);
            asking.reply(new Rbehind(((Tbehind) asking.message).data().readableBytes()));
        }
    }

    /** Whether a write is answered before the far side has answered it. */
    private static boolean isEarly(Stage.Client client) {
        client.send(9, write());
        boolean early = client.hasReply();
        if (early) {
            client.got(9, Rwrite.class);
        }
        return early;
    }

    // ---- the rules

    @Test
    @DisplayName("rule 14: only who holds the exclusive lease writes behind")
    void needsExclusive() {
        holds(Rule.WRITE_BEHIND_NEEDS_W, stage -> isEarly(opened(stage, READ_WRITE)));
    }

    @Test
    @DisplayName("rule 16, case 12: a break is answered when all that was written behind has its reply")
    void ackAfterFlush() {
        holds(Rule.ACK_AFTER_FLUSH, stage -> {
            behind(stage);
            boolean[] answered = stage.breaks(5, W);
            boolean early = answered[0];
            done(stage);
            assertThat(answered[0]).as("answered then").isTrue();
            return early;
        });
    }

    @Test
    @DisplayName("rule 19: what is asked about the file waits for what is written behind")
    void ownAskWaits() {
        holds(Rule.OWN_ASK_WAITS_FOR_FLUSH, stage -> {
            Stage.Client client = behind(stage);
            client.send(4, getattr(1));
            boolean early = isAsked(stage, Tgetattr.class);
            if (!early) {
                done(stage);
                stage.one(Tgetattr.class).grant(attributes(FILE, 1), 5);
                client.got(4, Rgetattr.class);
            }
            return early;
        });
    }

    @Test
    @DisplayName("rule 20, case 15: fsync, by another fid of the file as well, waits for what is written behind")
    void fsyncWaits() {
        holds(Rule.FSYNC_WAITS_FOR_REPLIES, stage -> {
            Stage.Client client = opened(stage, READ_WRITE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.send(2, new Tlopen(2, READ_WRITE));
            stage.next(Twalk.class).reply(Stage.walked(FILE));
            while (isAsked(stage, Twalk.class)) {
                stage.next(Twalk.class).reply(Stage.walked());
            }
            stage.next(Tlopen.class).reply(new Rlopen(FILE, 0));
            client.got(2, Rlopen.class);
            client.send(2, write());
            stage.one(Twrite.class).reply(new Rwrite(1), W, LEASE + 5);
            client.got(2, Rwrite.class);
            behind(client, 3, write());
            client.send(4, new Tfsync(2, 0));
            boolean early = isAsked(stage, Tfsync.class);
            if (!early) {
                done(stage);
                stage.one(Tfsync.class).reply(new Rfsync());
                client.got(4, Rfsync.class);
            }
            return early;
        });
    }

    @Test
    @DisplayName("rule 10: what is asked while writes are behind, or was when one was sent, is not kept")
    void crossed() {
        holds(Rule.OWN_CHANGE_OVERLAP_NOT_KEPT, stage -> {
            Stage.Client client = exclusive(stage);
            client.send(4, read(1));
            behind(client, 3, write());
            done(stage);
            stage.one(Tread.class).reply(data("old"), A | D, LEASE + 5);
            client.got(4, Rread.class);
            client.send(5, read(1));
            return stage.asked.isEmpty();
        });
    }

    @Test
    @DisplayName("rule 22, case 17: from the arrival of a break on, nothing is written behind")
    void stopsAtBreak() {
        holds(Rule.STOP_AT_BREAK, stage -> {
            Stage.Client client = behind(stage);
            assertThat(stage.breaks(5, W)[0]).isFalse();
            return isEarly(client);
        });
    }

    @Test
    @DisplayName("rule 29: nothing is written behind beyond the term")
    void termIsObeyed() {
        holds(Rule.TERM_IS_OBEYED, stage -> {
            Stage.Client client = exclusive(stage);
            stage.pass(Stage.TERM.plusMillis(1));
            return isEarly(client);
        });
    }

    @Test
    @DisplayName("rule 7: an exclusive lease that is broken before its reply comes is not kept")
    void brokenBeforeItCame() {
        try (Stage stage = stage()) {
            Stage.Client client = opened(stage, READ_WRITE);
            client.send(2, write());
            assertThat(stage.breaks(5, W)[0]).isTrue();
            stage.one(Twrite.class).reply(new Rwrite(1), W, LEASE + 5);
            client.got(2, Rwrite.class);
            assertThat(isEarly(client)).isFalse();
        }
    }

    @Test
    @DisplayName("rule 33: what another local client was granted is given up before a write is answered")
    void othersAreTold() {
        try (Stage stage = stage()) {
            Stage.Client client = exclusive(stage);
            Stage.Client other = stage.attached();
            other.wants = A | D;
            other.here(walk(0, 1, "f"), Rwalk.class);
            other.send(4, getattr(1));
            stage.next(Twalk.class).reply(Stage.walked(FILE));
            stage.one(Tgetattr.class).grant(attributes(FILE, 1), 5);
            other.got(4, Rgetattr.class);
            assertThat(other.granted).isNotEmpty();
            client.send(3, write());
            client.gotNothing();
            assertThat(other.recalled).isNotEmpty();
            other.giveUp();
            stage.one(Twrite.class).reply(new Rwrite(1));
            client.got(3, Rwrite.class);
        }
    }

    // ---- what waits for them

    private static void waits(Tmessage request) {
        try (Stage stage = stage()) {
            Stage.Client client = behind(stage);
            client.send(4, request);
            while (isAsked(stage, Twalk.class)) { // what the names stand for, to which it is renamed
                stage.next(Twalk.class).reply(new Rlerror(Errno.ENOENT.number()));
            }
            assertThat(isAsked(stage, request.getClass())).as("asked before the writes are done").isFalse();
            client.gotNothing();
            done(stage);
            assertThat(isAsked(stage, request.getClass())).as("asked then").isTrue();
        }
    }

    @Test
    @DisplayName("reads, locks and other changes of the file wait for what is written behind, and so do changes of its names")
    void othersWait() {
        waits(read(1));
        waits(new Txattrwalk(1, 9, Text.of("user.a")));
        waits(new Tlock(1, 1, 0, 0, 0, 1, Text.of("c")));
        waits(new Tsetattr(1, 8, 0, 0, 0, 0, 0, 0, 0, 0));
        waits(new Tunlinkat(0, Text.of("f"), 0));
        waits(new Trenameat(0, Text.of("f"), 0, Text.of("g")));
    }

    @Test
    @DisplayName("who waits for writes behind gets its turn, however many a program has to write")
    void nobodyStarves() {
        try (Stage stage = stage()) {
            Stage.Client other = stage.attached();
            Stage.Client client = behind(stage);
            other.here(walk(0, 1, "f"), Rwalk.class);
            other.send(4, getattr(1));
            client.send(5, write());
            client.gotNothing();
            stage.next(Tbehind.class).reply(new Rbehind(1));
            stage.next(Tgetattr.class).reply(attributes(FILE, 1));
            other.got(4, Rgetattr.class);
            client.got(5, Rwrite.class);
        }
    }

    @Test
    @DisplayName("a client of another dialect gets its turn as well")
    void othersOfAnotherDialect() {
        try (Stage stage = stage()) {
            Stage.Client other = stage.plain();
            Stage.Client client = behind(stage);
            other.send(4, new Tread(9, 0, 10));
            client.send(5, write());
            client.gotNothing();
            stage.next(Tbehind.class).reply(new Rbehind(1));
            stage.next(Tread.class).reply(data("x"));
            other.got(4, Rread.class);
            client.got(5, Rwrite.class);
        }
    }

    @Test
    @DisplayName("so does a break of what another attach has of the file")
    void breakOfAnotherAttach() {
        try (Stage stage = stage()) {
            Stage.Client other = stage.attached(2 * LEASE);
            Stage.Client client = behind(stage);
            other.send(1, walk(0, 1, "f"));
            stage.next(Twalk.class).reply(walked(FILE), A, 2 * LEASE + 5);
            other.got(1, Rwalk.class);
            boolean[] answered = new boolean[1];
            stage.holder.broken(2 * LEASE + 5, A, () -> answered[0] = true);
            client.send(5, write());
            client.gotNothing();
            stage.next(Tbehind.class).reply(new Rbehind(1));
            assertThat(answered).containsExactly(true);
        }
    }

    @Test
    @DisplayName("what is asked by a fid of which it is not known yet where it leads waits as well")
    void askedBehindTheWalk() {
        try (Stage stage = stage()) {
            Stage.Client other = stage.attached(2 * LEASE);
            Stage.Client client = behind(stage);
            other.send(1, walk(0, 1, "f"));
            other.send(2, getattr(1));
            stage.next(Twalk.class).reply(walked(FILE), 0, 0);
            other.got(1, Rwalk.class);
            assertThat(isAsked(stage, Tgetattr.class)).as("asked before the writes are done").isFalse();
            behind(client, 5, write());
            stage.next(Tbehind.class).reply(new Rbehind(1));
            assertThat(isAsked(stage, Tgetattr.class)).as("asked before all writes are done").isFalse();
            stage.next(Tbehind.class).reply(new Rbehind(1));
            stage.next(Tgetattr.class).reply(attributes(FILE, 1));
            other.got(2, Rgetattr.class);
        }
    }

    @Test
    @DisplayName("and goes on when nothing comes of that fid")
    void askedBehindWhatFails() {
        try (Stage stage = stage()) {
            Stage.Client other = stage.attached(2 * LEASE);
            Stage.Client client = behind(stage);
            other.send(1, new Tattach(5, Frame.NOFID, Text.EMPTY, Text.EMPTY, OptionalInt.of(1000)));
            other.send(2, getattr(5));
            behind(client, 5, write());
            stage.next(Tattach.class).reply(new Rlerror(Errno.EACCES.number()));
            assertThat(other.got(1, Rlerror.class).ecode()).isEqualTo(Errno.EACCES.number());
            stage.next(Tbehind.class).reply(new Rbehind(1));
            assertThat(other.got(2, Rlerror.class).ecode()).isEqualTo(Errno.EBADF.number());
        }
    }

    @Test
    @DisplayName("attributes that come with the walk wait for nothing, unless it leads to the file that is written")
    void askedAlongWithTheWalk() {
        try (Stage stage = stage()) {
            Stage.Client other = stage.attached(2 * LEASE);
            other.send(1, getattr(0));
            stage.one(Tgetattr.class).grant(attributes(Stage.ROOT, 0), LEASE + Stage.ROOT.path());
            other.got(1, Rgetattr.class);
            Stage.Client client = behind(stage);
            for (Qid qid : new Qid[]{file(6), FILE}) {
                int fid = (int) qid.path();
                other.send(1, walk(0, fid, "name" + fid));
                other.send(2, getattr(fid));
                stage.next(Twalk.class).reply(walked(qid), A, 2 * LEASE + qid.path());
                other.got(1, Rwalk.class);
                stage.next(Tgetattr.class).reply(attributes(qid, 0), A, 2 * LEASE + qid.path());
                if (!qid.equals(FILE)) {
                    other.got(2, Rgetattr.class);
                }
            }
            other.gotNothing();
            done(stage);
            stage.next(Tgetattr.class).reply(attributes(FILE, 1));
            assertThat(other.got(2, Rgetattr.class)).isEqualTo(attributes(FILE, 1));
            client.gotNothing();
        }
    }

    @Test
    @DisplayName("other fids do not write behind while the far side has not answered what this one has: order is kept by fid alone")
    void onlyOneFid() {
        try (Stage stage = stage()) {
            Stage.Client client = behind(stage);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.send(2, new Tlopen(2, READ_WRITE));
            done(stage);
            while (isAsked(stage, Twalk.class)) {
                stage.next(Twalk.class).reply(Stage.walked(FILE));
            }
            stage.next(Tlopen.class).reply(new Rlopen(FILE, 0));
            client.got(2, Rlopen.class);
            behind(client, 3, write());
            client.send(4, write(2, 0, "y"));
            client.gotNothing();
            assertThat(stage.asked).hasSize(1);
            done(stage);
            client.got(4, Rwrite.class);
        }
    }

    @Test
    @DisplayName("no more than the line holds is written behind: a program waits for room")
    void window() {
        try (Stage stage = stage()) {
            Stage.Client client = exclusive(stage);
            int sent = 0;
            String piece = "x".repeat(1 << 20);
            for (client.send(3, write(1, 0, piece)); client.hasReply(); client.send(3, write(1, 0, piece))) {
                client.got(3, Rwrite.class);
                sent++;
            }
            assertThat(sent).isBetween(2, 8);
            stage.next(Tbehind.class).reply(new Rbehind(1 << 20));
            client.got(3, Rwrite.class);
        }
    }

    @Test
    @DisplayName("a write for which others leave no room waits for room, and one that waits goes on behind who asks meanwhile")
    void roomForOthers() {
        try (Stage stage = stage()) {
            Stage.Client client = exclusive(stage);
            Qid other = file(6);
            client.walk(2, "g", other);
            client.send(1, new Tlopen(2, READ_WRITE));
            stage.next(Tlopen.class).reply(new Rlopen(other, 0));
            client.got(1, Rlopen.class);
            client.send(2, write(2, 0, "x"));
            stage.one(Twrite.class).reply(new Rwrite(1), W, LEASE + 6);
            client.got(2, Rwrite.class);
            String piece = "x".repeat(1 << 20);
            for (int fid = 1; fid <= 2; fid++) {
                for (client.send(3, write(fid, 0, piece)); client.hasReply(); client.send(3, write(fid, 0, piece))) {
                    client.got(3, Rwrite.class);
                }
            }
            client.send(4, getattr(1));
            client.gotNothing();
            done(stage);
            client.got(3, Rwrite.class);
            client.got(3, Rwrite.class);
            stage.one(Tgetattr.class).reply(attributes(FILE, 1));
            client.got(4, Rgetattr.class);
            stage.askedNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SYNC, DATA_SYNC, DIRECT})
    @DisplayName("files that are open with O_SYNC, O_DSYNC or O_DIRECT are never written behind")
    void atOnce(int flags) {
        try (Stage stage = stage()) {
            Stage.Client client = opened(stage, READ_WRITE | flags);
            client.send(2, write());
            assertThat(stage.one(Twrite.class).want).isZero();
        }
    }

    @Test
    @DisplayName("what is appended is written behind as well")
    void append() {
        try (Stage stage = stage()) {
            Stage.Client client = opened(stage, READ_WRITE | APPEND);
            client.send(2, write());
            stage.one(Twrite.class).reply(new Rwrite(1), W, LEASE + 5);
            client.got(2, Rwrite.class);
            assertThat(isEarly(client)).isTrue();
        }
    }

    // ---- a new file

    private static Stage.Client created(Stage stage) {
        Stage.Client client = stage.attached();
        client.looks();
        client.here(walk(0, 1), Rwalk.class);
        client.send(2, new Tlcreate(1, Text.of("f"), READ_WRITE | 0200, 0644, 0));
        while (isAsked(stage, Twalk.class)) {
            stage.next(Twalk.class).reply(Stage.walked());
        }
        assertThat(stage.next(Tgetattr.class).want).as("wanted behind a create").isEqualTo(A | W);
        return client;
    }

    @Test
    @DisplayName("of a file that is made, attributes and the exclusive lease come in the same round trip")
    void newFile() {
        try (Stage stage = stage()) {
            Stage.Client client = created(stage);
            stage.next(Tlcreate.class).reply(new Rlcreate(FILE, 0), N, LEASE + Stage.ROOT.path());
            client.got(2, Rlcreate.class);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.send(3, getattr(2));
            client.gotNothing();
            stage.next(Tgetattr.class).grant(attributes(FILE, 0), 5);
            client.got(3, Rgetattr.class);
            stage.one(Tgetattr.class).grant(attributes(Stage.ROOT, 20), Stage.ROOT.path());
            assertThat(client.here(getattr(0), Rgetattr.class)).as("the directory, which was asked for ahead")
                    .isEqualTo(attributes(Stage.ROOT, 20));
            client.here(new Txattrwalk(1, 9, Text.of("security.capability")), Rlerror.class);
            assertThat(isEarly(client)).isTrue();
            client.here(new Txattrwalk(1, 9, Text.of("security.capability")), Rlerror.class);
            client.send(4, new Tclunk(1));
            client.got(4, Rclunk.class);
        }
    }

    @Test
    @DisplayName("a write that comes before the lease that is on its way waits for it")
    void writtenAtOnce() {
        try (Stage stage = stage()) {
            Stage.Client client = created(stage);
            stage.next(Tlcreate.class).reply(new Rlcreate(FILE, 0), N, LEASE + Stage.ROOT.path());
            client.got(2, Rlcreate.class);
            client.send(3, write());
            client.gotNothing();
            stage.next(Tgetattr.class).grant(attributes(FILE, 0), 5);
            client.got(3, Rwrite.class);
            assertThat(isAsked(stage, Tbehind.class)).isTrue();
        }
    }

    @Test
    @DisplayName("what was asked behind a create that fails is of no use")
    void failedCreate() {
        try (Stage stage = stage()) {
            Stage.Client client = created(stage);
            stage.next(Tlcreate.class).reply(new Rlerror(Errno.EEXIST.number()));
            client.got(2, Rlerror.class);
            stage.one(Tgetattr.class).reply(attributes(Stage.ROOT, 0), A, LEASE + Stage.ROOT.path());
            client.send(3, getattr(0));
            stage.one(Tgetattr.class);
        }
    }

    // ---- errors

    private static void isTold(Stage.Client client, Tmessage request, Stage stage) {
        client.send(8, request);
        assertThat(client.got(8, Rmessage.class)).as("told to " + request).isEqualTo(NO_SPACE);
        stage.askedNothing();
    }

    @Test
    @DisplayName("an error is told at the next write, fsync and write of no bytes, and to each later one until clunk")
    void errors() {
        try (Stage stage = stage()) {
            Stage.Client client = behind(stage);
            stage.one(Tbehind.class).reply(NO_SPACE);
            for (int i = 0; i < 2; i++) {
                isTold(client, write(), stage);
                isTold(client, new Tfsync(1, 0), stage);
                isTold(client, write(1, 0, ""), stage);
            }
            assertThat(stage.holder.status().writesFailed()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a write of no bytes waits for those before it, and tells what became of them")
    void flush() {
        try (Stage stage = stage()) {
            Stage.Client client = behind(stage);
            client.send(4, write(1, 0, ""));
            client.gotNothing();
            behind(client, 5, write());
            stage.next(Tbehind.class).reply(new Rbehind(1));
            client.got(4, Rwrite.class); // it waits for none that came after it
            done(stage);
            stage.askedNothing();
            assertThat(client.here(write(1, 0, ""), Rwrite.class)).isEqualTo(new Rwrite(0));
        }
    }

    @Test
    @DisplayName("a write that ends early has failed; ESTALE, after the lease was taken, is told like any error (case 13)")
    void shortWrite() {
        try (Stage stage = stage()) {
            Stage.Client client = behind(stage);
            stage.one(Tbehind.class).reply(new Rbehind(0));
            isTold(client, new Tfsync(1, 0), stage);
        }
        try (Stage stage = stage()) {
            Stage.Client client = behind(stage);
            stage.one(Tbehind.class).reply(new Rlerror(Errno.ESTALE.number()));
            client.send(4, write(1, 0, ""));
            assertThat(client.got(4, Rlerror.class).ecode()).isEqualTo(Errno.ESTALE.number());
        }
    }

    @Test
    @DisplayName("an fsync by another fid that waits is told what fails meanwhile, and so is the first that comes after all have closed")
    void errorsToOthers() {
        try (Stage stage = stage()) {
            Stage.Client other = stage.attached();
            Stage.Client client = behind(stage);
            other.here(walk(0, 1, "f"), Rwalk.class);
            other.send(5, new Tfsync(1, 0));
            other.gotNothing();
            client.send(6, new Tclunk(1));
            client.got(6, Rclunk.class);
            stage.next(Tbehind.class).reply(NO_SPACE);
            assertThat(other.gotAny()).isEqualTo(NO_SPACE);
        }
        try (Stage stage = stage()) {
            Stage.Client client = behind(stage);
            client.send(6, new Tclunk(1));
            client.got(6, Rclunk.class);
            stage.next(Tbehind.class).reply(NO_SPACE);
            stage.next(Tclunk.class).reply(new Rclunk());
            client.here(walk(0, 3, "f"), Rwalk.class);
            isTold(client, new Tfsync(3, 0), stage);
        }
    }

    private static void openAnother(Stage stage, Stage.Client client, int fid) {
        client.here(walk(0, fid, "f"), Rwalk.class);
        client.send(1, new Tlopen(fid, READ_WRITE));
        stage.next(Twalk.class).reply(walked(FILE));
        stage.next(Tlopen.class).reply(new Rlopen(FILE, 0));
        client.got(1, Rlopen.class);
    }

    @Test
    @DisplayName("each other open file of what failed is told by its next fsync, once, also of another program")
    void errorsToOpenFiles() {
        try (Stage stage = stage()) {
            Stage.Client other = stage.attached();
            Stage.Client client = exclusive(stage);
            openAnother(stage, client, 2);
            openAnother(stage, other, 1);
            behind(client, 3, write());
            stage.next(Tbehind.class).reply(NO_SPACE);
            client.send(6, new Tfsync(2, 0));
            assertThat(client.gotAny()).isEqualTo(NO_SPACE);
            other.send(6, new Tfsync(1, 0));
            assertThat(other.gotAny()).isEqualTo(NO_SPACE);
            other.send(7, new Tfsync(1, 0));
            stage.next(Tfsync.class).reply(new Rfsync());
            assertThat(other.gotAny()).as("the second time").isEqualTo(new Rfsync());
        }
    }

    @Test
    @DisplayName("what is known of a file is forgotten when a write behind fails")
    void forgottenOnError() {
        try (Stage stage = stage()) {
            Stage.Client client = behind(stage);
            stage.one(Tbehind.class).reply(NO_SPACE);
            client.send(4, getattr(1));
            stage.one(Tgetattr.class).grant(attributes(FILE, 0), 5);
            client.got(4, Rgetattr.class);
        }
    }

    @Test
    @DisplayName("a change of the file while it is held exclusively does not give that up")
    void staysExclusive() {
        try (Stage stage = stage()) {
            Stage.Client client = exclusive(stage);
            client.send(4, new Tsetattr(1, 1, 0600, 0, 0, 0, 0, 0, 0, 0));
            stage.one(Tsetattr.class).reply(new Rsetattr());
            client.got(4, Rsetattr.class);
            assertThat(isEarly(client)).isTrue();
        }
    }

    @Test
    @DisplayName("who writes has the far side asked for a sign of life before the term is over, and each answer is one")
    void term() {
        try (Stage stage = stage()) {
            Stage.Client client = behind(stage);
            stage.pass(Duration.ofSeconds(9));
            done(stage);
            stage.pass(Duration.ofMillis(900));
            assertThat(isEarly(client)).isTrue();
            client.probed.run();
            stage.pass(Duration.ofSeconds(8));
            assertThat(isEarly(client)).isTrue();
        }
    }

    @Test
    @DisplayName("off unless it is on: no exclusive lease is asked for, and mounts are told apart from others")
    void off() {
        for (WriteBehind who : WriteBehind.values()) {
            try (Stage stage = new Stage()) {
                stage.holder.writeBehind(who);
                Stage.Client client = opened(stage, READ_WRITE);
                client.send(2, write());
                assertThat(stage.one(Twrite.class).want != 0).isEqualTo(who != WriteBehind.OFF);
            }
        }
        assertThat(WriteBehind.MOUNTS.isOnFor(false)).isFalse();
        assertThat(WriteBehind.ALL.isOnFor(false)).isTrue();
    }
}
