package dev.ninetunnel.cache;

import static dev.ninetunnel.cache.Stage.A;
import static dev.ninetunnel.cache.Stage.LEASE;
import static dev.ninetunnel.cache.Stage.N;
import static dev.ninetunnel.cache.Stage.attributes;
import static dev.ninetunnel.cache.Stage.file;
import static dev.ninetunnel.cache.Stage.getattr;
import static dev.ninetunnel.cache.Stage.walk;
import static dev.ninetunnel.cache.Stage.walked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.ListedEntry;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlist;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules for holders where a directory comes at once, and far sides that tell nonsense of one. */
class ListedRulesTest {
    private static final Qid FILE = file(5);
    private static final Qid OTHER = file(6);
    private static final int ATTRIBUTES = 4;

    private static ByteBuf entry(Qid qid, long cookie, String name, long lease) {
        ByteBuf out = Unpooled.buffer();
        new ListedEntry(new DirectoryEntry(qid, cookie, qid.isDirectory() ? 4 : 8, Text.of(name)),
                Optional.of(
                        new ListedEntry.Known(A | (qid.isDirectory() ? N : 0), lease, attributes(qid, 3), Text.EMPTY,
                                true, Collections.nCopies(ATTRIBUTES, Errno.ENODATA.number()), Optional.empty())))
                .write(out);
        return out;
    }

    private static ByteBuf entry(Qid qid, long cookie, String name) {
        return entry(qid, cookie, name, LEASE + qid.path());
    }

    private static Rlist list(int more, ByteBuf... entries) {
        return new Rlist(A | N, LEASE + 1, more, Unpooled.wrappedBuffer(entries));
    }

    private static Rlist whole() {
        return list(0, entry(Stage.ROOT, 1, "."), entry(FILE, 2, "f"), entry(OTHER, 3, "g"));
    }

    /** A client with two fids by which the root is open. */
    private static Stage.Client opened(Stage stage) {
        Stage.Client client = stage.attached();
        for (int fid = 1; fid <= 2; fid++) {
            client.here(walk(0, fid), Rwalk.class);
            client.send(1, new Tlopen(fid, 0));
            if (fid == 1) {
                stage.next(Twalk.class).reply(walked());
                stage.one(Tlopen.class).reply(new Rlopen(Stage.ROOT, 0), A | N, LEASE + 1);
            }
            client.got(1, Rlopen.class);
        }
        return client;
    }

    private static void reads(Stage.Client client, int fid, long offset) {
        client.send(10 + fid, new Treaddir(fid, offset, 1000));
    }

    /** Whether the attributes of a name in the root are told from here. */
    private static boolean isKnown(Stage stage, Stage.Client client, String name) {
        int before = stage.asked.size();
        client.send(20, walk(0, 20, name));
        client.send(21, getattr(20));
        return stage.asked.size() == before;
    }

    private static void holds(Rule rule, Predicate<Stage> isWrong) {
        try (Stage stage = new Stage()) {
            assertThat(isWrong.test(stage)).as("wrong with all rules").isFalse();
        }
        try (Stage stage = new Stage(rule)) {
            assertThat(isWrong.test(stage)).as("wrong without " + rule).isTrue();
        }
    }

    @Test
    @DisplayName("rule 7: a break while a directory is on its way takes the file that it is about, and leaves the others")
    void breakOfOneFile() {
        holds(Rule.ASKED_BEFORE_BREAK_NOT_KEPT, stage -> {
            Stage.Client client = opened(stage);
            reads(client, 1, 0);
            assertThat(stage.breaks(5, A)[0]).isTrue();
            stage.one(Tlist.class).reply(whole());
            client.got(11, Rreaddir.class);
            assertThat(isKnown(stage, client, "g")).as("the other one").isTrue();
            client.got(20, Rwalk.class);
            assertThat(client.got(21, Rgetattr.class)).isEqualTo(attributes(OTHER, 3));
            client.here(new Tclunk(20), Rclunk.class);
            return isKnown(stage, client, "f");
        });
    }

    @Test
    @DisplayName("rule 7: a break of the directory itself: who asked is told what came, and nothing is kept")
    void breakOfTheDirectory() {
        holds(Rule.ASKED_BEFORE_BREAK_NOT_KEPT, stage -> {
            Stage.Client client = opened(stage);
            reads(client, 1, 0);
            boolean[] answered = stage.breaks(1, A | N);
            stage.asked.stream().filter(asking -> asking.message instanceof Tlopen).toList()
                    .forEach(asking -> asking.reply(new Rlopen(Stage.ROOT, 0)));
            stage.next(Tlist.class).reply(whole());
            assertThat(client.got(11, Rreaddir.class).data().readableBytes()).isPositive();
            while (!stage.asked.isEmpty()) {
                stage.asked.getFirst().reply(stage.asked.getFirst().message instanceof Tlopen
                        ? new Rlopen(Stage.ROOT, 0)
                        : walked());
            }
            assertThat(answered[0]).isTrue();
            return isKnown(stage, client, "f");
        });
    }

    @Test
    @DisplayName("rule 10: what is told of a file that is changed from here meanwhile is not kept")
    void ownChange() {
        holds(Rule.OWN_CHANGE_OVERLAP_NOT_KEPT, stage -> {
            Stage.Client client = opened(stage);
            client.walk(3, "f", FILE);
            client.open(3, FILE);
            reads(client, 1, 0);
            client.send(4, new Twrite(3, 0, Unpooled.copiedBuffer(new byte[]{1})));
            stage.next(Twrite.class).reply(new Rwrite(1));
            client.got(4, Rwrite.class);
            stage.one(Tlist.class).reply(whole());
            client.got(11, Rreaddir.class);
            return isKnown(stage, client, "f");
        });
    }

    @Test
    @DisplayName("rule 11: who begins to read a directory after a break is not answered by what was asked before it")
    void joinedTooLate() {
        holds(Rule.JOIN_ONLY_KEPT_ASKS, stage -> {
            Stage.Client client = opened(stage);
            client.walk(3, "f", FILE);
            reads(client, 1, 0);
            // Only what was broken matters: the lease of the directory stays held, as after a change that left it.
            stage.holder.ownChanges.open();
            stage.holder.ownChanges.close();
            int before = stage.asked.size();
            reads(client, 2, 0);
            return stage.asked.size() == before;
        });
    }

    @Test
    @DisplayName("a reading that has begun goes on with what it began with, and with the far side's cookies where that ends")
    void goesOn() {
        try (Stage stage = new Stage()) {
            Stage.Client client = opened(stage);
            reads(client, 1, 0);
            stage.one(Tlist.class).reply(list(1, entry(Stage.ROOT, 1, "."), entry(FILE, 2, "f")));
            client.got(11, Rreaddir.class);
            reads(client, 1, 2);
            client.gotNothing();
            Tlist second = (Tlist) stage.one(Tlist.class).message;
            assertThat(second.offset()).isEqualTo(2);
            stage.one(Tlist.class).reply(new Rlerror(Errno.EIO.number()));
            Treaddir plain = (Treaddir) stage.next(Treaddir.class).message;
            assertThat(plain.offset()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("several that read a directory at once ask for it once")
    void joined() {
        try (Stage stage = new Stage()) {
            Stage.Client client = opened(stage);
            reads(client, 1, 0);
            reads(client, 2, 0);
            stage.one(Tlist.class).reply(whole());
            Rreaddir first = client.got(11, Rreaddir.class);
            assertThat(client.got(12, Rreaddir.class)).isEqualTo(first);
            stage.askedNothing();
        }
    }

    @Test
    @DisplayName("a far side that does not tell a directory at once is not asked again")
    void refused() {
        try (Stage stage = new Stage()) {
            Stage.Client client = opened(stage);
            reads(client, 1, 0);
            stage.one(Tlist.class).reply(new Rlerror(Errno.EOPNOTSUPP.number()));
            stage.next(Treaddir.class).reply(new Rreaddir(Unpooled.EMPTY_BUFFER));
            client.got(11, Rreaddir.class);
            stage.asked.clear();
            reads(client, 2, 0);
            assertThat(stage.asked).noneMatch(asking -> asking.message instanceof Tlist);
        }
    }

    /** What a far side tells is not kept, and the plain request goes. */
    private static void isRefused(Rlist nonsense) {
        try (Stage stage = new Stage()) {
            Stage.Client client = opened(stage);
            reads(client, 1, 0);
            stage.one(Tlist.class).reply(nonsense);
            if (client.hasReply()) {
                client.gotAny();
                reads(client, 1, 2);
            }
            stage.next(Treaddir.class).reply(new Rreaddir(Unpooled.EMPTY_BUFFER));
            client.got(11, Rreaddir.class);
            reads(client, 2, 0);
            assertThat(stage.asked).as("the directory is not known").isNotEmpty();
        }
    }

    @Test
    @DisplayName("entries that are cut off, cookies and names that come twice, and pages without an entry are refused")
    void nonsense() {
        isRefused(new Rlist(A | N, LEASE + 1, 0, entry(Stage.ROOT, 1, ".").writerIndex(40)));
        isRefused(list(0, entry(Stage.ROOT, 1, "."), entry(FILE, 2, "f"), entry(OTHER, 2, "g")));
        isRefused(list(0, entry(Stage.ROOT, 1, "."), entry(FILE, 2, "f"), entry(OTHER, 3, "f")));
        isRefused(list(0, entry(Stage.ROOT, 0, ".")));
        isRefused(list(1));
    }

    @Test
    @DisplayName("the lease of the directory does not cover its files, and one of a file not what says that it is another")
    void leasesOfOthers() {
        try (Stage stage = new Stage()) {
            Stage.Client client = opened(stage);
            reads(client, 1, 0);
            ByteBuf lying = entry(FILE, 3, "g");
            lying.setLongLE(Qid.BYTES - Long.BYTES, OTHER.path());
            stage.one(Tlist.class).reply(list(0, entry(Stage.ROOT, 1, "."), entry(FILE, 2, "f", LEASE + 1), lying));
            client.got(11, Rreaddir.class);
            assertThat(isKnown(stage, client, "f")).isFalse();
            stage.asked.clear();
            assertThat(isKnown(stage, client, "g")).isFalse();
        }
    }

    private static void onDisk(long bytes, Consumer<FarDisk> content, Consumer<FarDisk> then) {
        try (Stage stage = new Stage(bytes)) {
            FarDisk disk = new FarDisk(stage);
            content.accept(disk);
            then.accept(disk);
            assertThat(stage.holder.status().bytes()).as("bytes kept").isLessThanOrEqualTo(bytes);
        }
    }

    @Test
    @DisplayName("a directory that is too large to be kept is listed to its end all the same, and asked for in pieces from then on")
    void tooLarge() {
        onDisk(128 << 10, disk -> {
            for (int i = 0; i < 1000; i++) {
                disk.root.file("f" + i, "");
            }
        }, disk -> {
            Program program = disk.program();
            assertThat(program.list(0)).hasSize(1000);
            int asked = disk.lists;
            assertThat(program.list(0)).hasSize(1000);
            assertThat(disk.lists).isEqualTo(asked).isLessThan(5);
        });
    }

    @Test
    @DisplayName("a directory that never ends is given up where it would fill more than an eighth of the cache")
    void endless() {
        try (Stage stage = new Stage(1 << 20)) {
            Stage.Client client = opened(stage);
            reads(client, 1, 0);
            int pages = 0;
            for (long cookie = 1; !stage.asked.isEmpty() && stage.asked.getFirst().message instanceof Tlist; cookie++) {
                ByteBuf more = entry(file(100 + cookie), cookie, "f" + cookie);
                stage.one(Tlist.class)
                        .reply(pages++ == 0 ? list(1, entry(Stage.ROOT, 1L << 40, "."), more) : list(1, more));
            }
            assertThat(pages).isBetween(2, 1000);
            assertThat(stage.holder.status().bytes()).isLessThanOrEqualTo(1 << 20);
        }
    }

    @Test
    @DisplayName("a program that goes to directories here and there has few asked for that it does not come to")
    void notUsed() {
        onDisk(64 << 20, disk -> {
            for (int i = 0; i < 200; i++) {
                disk.root.directory("d%03d".formatted(i)).file("f", "");
            }
        }, disk -> {
            Program program = disk.program();
            program.list(0);
            for (int i = 0; i < 30; i++) {
                program.list(program.lookup(0, "d%03d".formatted(i * 67 % 200)));
            }
            assertThat(disk.lists).isLessThan(30 + 10);
        });
    }
}
