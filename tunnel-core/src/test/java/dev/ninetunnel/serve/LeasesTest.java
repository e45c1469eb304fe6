package dev.ninetunnel.serve;

import static dev.ninetunnel.wire.LeaseKinds.ATTRIBUTES;
import static dev.ninetunnel.wire.LeaseKinds.DATA;
import static dev.ninetunnel.wire.LeaseKinds.EXCLUSIVE;
import static dev.ninetunnel.wire.LeaseKinds.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.testing.ManualLoop;
import dev.ninetunnel.testing.Mounts;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rbreaks;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rrenameat;
import dev.ninetunnel.wire.message.Rsetattr;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rxattrcreate;
import dev.ninetunnel.wire.message.Rxattrwalk;
import dev.ninetunnel.wire.message.Tbreak;
import dev.ninetunnel.wire.message.Tbreaks;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twant;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Leases on files of an export: two peers, one of which has leases, and programs of the exporting host. */
@EnabledOnOs(OS.LINUX)
class LeasesTest {
    private static final int ALL = ATTRIBUTES | NAMES | DATA | EXCLUSIVE;
    private static final int ROOT = 0;
    private static final int FILE = 1;
    private static final int MODE = 1;
    private static final Text NEW = Text.of("new");

    @TempDir
    Path folder;
    private final ChangeWatch watch = LocalTrees.watch().orElseThrow();
    private Exports exports;
    private Granter granter;
    private FarSide holder;
    private FarSide other;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(folder.resolve("f"), "old");
        Files.createDirectory(folder.resolve("d"));
        ManualLoop loop = new ManualLoop();
        granter = new Granter(loop, watch, Runnable::run, 100, 100);
        exports = new Exports(
                List.of(FarSide.directory("files", folder), FarSide.directory("proc", Path.of("/proc"))),
                new LocalTrees());
        holder = FarSide.holder(exports, granter, loop);
        other = holder.otherHolder(granter);
        for (FarSide far : List.of(holder, other)) {
            far.attach(ROOT, "files");
            far.walk(ROOT, FILE, "f");
        }
    }

    @AfterEach
    void close() {
        other.role.close();
        holder.close();
        watch.close();
    }

    private static Rgranted want(FarSide far, int want, Tmessage request) {
        return far.ask(Rgranted.class, new Twant(want, request));
    }

    /** A lease on f, and the data with it. */
    private long lease() {
        holder.ask(Rlopen.class, new Tlopen(FILE, 0));
        Rgranted granted = want(holder, ATTRIBUTES | DATA, new Tread(FILE, 0, 100));
        assertThat(text(granted.reply())).isEqualTo("old");
        assertThat(granted.got()).isEqualTo(ATTRIBUTES | DATA);
        return granted.lease();
    }

    private static String text(Rmessage reply) {
        return ((Rread) reply).data().toString(StandardCharsets.UTF_8);
    }

    private String onDisk() throws Exception {
        return Files.readString(folder.resolve("f"));
    }

    private static Twrite write(String text) {
        return new Twrite(FILE, 0, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private void openForWriting() {
        other.ask(Rlopen.class, new Tlopen(FILE, 1));
    }

    @Test
    @DisplayName("a reply brings the leases that were wanted and fit the file, under one number; a plain one brings none")
    void granted() {
        Rgranted attributes = want(holder, ATTRIBUTES, new Tgetattr(FILE, 0x7ff));
        assertThat(attributes.reply()).isInstanceOf(Rgetattr.class);
        assertThat(attributes.got()).isEqualTo(ATTRIBUTES);
        assertThat(want(holder, ALL, new Tgetattr(FILE, 0x7ff)).got()).isEqualTo(ATTRIBUTES | DATA);
        assertThat(want(holder, ALL, new Tgetattr(FILE, 0x7ff)).lease()).isEqualTo(attributes.lease());
        assertThat(want(holder, ALL, new Tgetattr(ROOT, 0x7ff)).got()).isEqualTo(ATTRIBUTES | NAMES);
        holder.ask(Rgetattr.class, new Tgetattr(FILE, 0x7ff));
        assertThat(granter.leases()).isEqualTo(2);
    }

    @Test
    @DisplayName("that a name is absent is leased with the names of its directory; where a walk arrives, nothing is")
    void absence() {
        Rgranted absent = want(holder, ALL, new Twalk(ROOT, 5, List.of(Text.of("x"))));
        assertThat(absent.reply()).isEqualTo(new Rlerror(Errno.ENOENT.number()));
        assertThat(absent.got()).isEqualTo(NAMES);
        Rgranted there = want(holder, ALL, new Twalk(ROOT, 5, List.of(Text.of("f"))));
        assertThat(there.reply()).isInstanceOf(Rwalk.class);
        assertThat(there.got()).isZero();
        other.send(9, new Tmkdir(ROOT, Text.of("x"), 0755, -1));
        assertThat(holder.recalls).hasSize(1);
        assertThat(folder.resolve("x")).doesNotExist();
        holder.recalls.getFirst().giveUp().run();
        assertThat(other.answers.getLast().message()).isInstanceOf(Rmkdir.class);
    }

    @Test
    @DisplayName("that a file has no such extended attribute is leased with its attributes, until another peer sets it")
    void noAttribute() {
        Rgranted absent = want(holder, ALL, new Txattrwalk(FILE, 5, Text.of("user.x")));
        assertThat(absent.reply()).isEqualTo(new Rlerror(Errno.ENODATA.number()));
        assertThat(absent.got()).isEqualTo(ATTRIBUTES);
        Rgranted names = want(holder, ALL, new Txattrwalk(FILE, 5, Text.EMPTY));
        assertThat(names.reply()).isInstanceOf(Rxattrwalk.class);
        assertThat(names.got()).isZero();
        other.ask(Rxattrcreate.class, new Txattrcreate(FILE, Text.of("user.x"), 1, 0));
        other.ask(Rwrite.class, write("1"));
        other.send(9, new Tclunk(FILE));
        assertThat(holder.recalls).hasSize(1);
        holder.recalls.getFirst().giveUp().run();
        assertThat(want(holder, ALL, new Txattrwalk(FILE, 6, Text.of("user.x"))).reply())
                .isInstanceOf(Rxattrwalk.class);
    }

    @Test
    @DisplayName("case 1: a write waits, holding no worker, until the other has given up; then it is carried out")
    void changeWaits() throws Exception {
        long lease = lease();
        openForWriting();
        int before = other.answers.size();
        other.send(9, write("new"));
        assertThat(other.answers).hasSize(before);
        assertThat(onDisk()).isEqualTo("old");
        assertThat(holder.recalls).extracting(FarSide.Recall::lease).containsExactly(lease);
        assertThat(holder.recalls.getFirst().lost()).isEqualTo(ATTRIBUTES | DATA);
        other.ask(Rgetattr.class, new Tgetattr(ROOT, 0x7ff));
        assertThat(want(holder, ALL, new Tgetattr(FILE, 0x7ff)).got()).as("case 3: none while a change waits")
                .isZero();
        holder.recalls.getFirst().giveUp().run();
        assertThat(other.answers.getLast().message()).isEqualTo(new Rwrite(3));
        assertThat(onDisk()).isEqualTo("new");
        Rgranted again = want(holder, DATA, new Tread(FILE, 0, 100));
        assertThat(text(again.reply())).isEqualTo("new");
        assertThat(again.lease()).as("a number is not used again").isNotEqualTo(lease);
    }

    @Test
    @DisplayName("several leases that are asked back together have one answer, when the last has been given up")
    void several() {
        List<Runnable> givenUp = new ArrayList<>();
        holder.role.takeRecalls((lease, lost, answer) -> givenUp.add(answer));
        int before = holder.answers.size();
        holder.send(9, Tbreaks.of(new long[]{7, 8}));
        assertThat(givenUp).hasSize(2);
        givenUp.getFirst().run();
        assertThat(holder.answers).hasSize(before);
        givenUp.getLast().run();
        assertThat(holder.answers.getLast().message()).isEqualTo(new Rbreaks());
        assertThat(holder.ask(Tbreaks.of(new long[0]))).as("none").isEqualTo(new Rbreaks());
    }

    @Test
    @DisplayName("rule L2 several leases that are more than there can be, or the last of which is cut off, close the link")
    void tooMany() {
        List<Long> asked = new ArrayList<>();
        holder.role.takeRecalls((lease, lost, answer) -> asked.add(lease));
        for (int bytes : List.of(Long.BYTES - 1, (Tbreaks.MOST + 1) * Long.BYTES)) {
            ByteBuf frame = Unpooled.buffer();
            new Tbreaks(Unpooled.wrappedBuffer(new byte[bytes])).write(frame, 9);
            assertThatThrownBy(() -> holder.role.accept(frame)).isInstanceOf(MalformedMessageException.class);
            assertThat(frame.refCnt()).isZero();
        }
        assertThat(asked).isEmpty();
    }

    @Test
    @DisplayName("rule L2 leases that are asked back again and again, and cannot be given up, close the link before they fill the memory")
    void withoutEnd() {
        List<Runnable> givenUp = new ArrayList<>();
        holder.role.takeRecalls((lease, lost, answer) -> givenUp.add(answer));
        long[] many = new long[Tbreaks.MOST];
        for (int i = 0; i < 7; i++) {
            holder.send(i, Tbreaks.of(many));
        }
        givenUp.forEach(Runnable::run);
        givenUp.clear();
        for (int i = 0; i < 7; i++) {
            holder.send(i, Tbreaks.of(many));
        }
        for (int i = 7 * many.length; i < Frame.NOTAG; i++) {
            holder.send(9, new Tbreak(7, ALL));
        }
        assertThat(givenUp).hasSize(Frame.NOTAG);
        assertThatThrownBy(() -> holder.send(9, new Tbreak(7, ALL))).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    @DisplayName("case 28: whoever does not give up costs others one term, and gets no more leases until it does")
    void silentHolder() throws Exception {
        lease();
        openForWriting();
        other.send(9, write("new"));
        holder.loop.advance(9, TimeUnit.SECONDS);
        holder.ask(Rgetattr.class, new Tgetattr(ROOT, 0x7ff));
        assertThat(onDisk()).isEqualTo("old");
        holder.loop.advance(1200, TimeUnit.MILLISECONDS);
        assertThat(onDisk()).isEqualTo("new");
        assertThat(want(holder, ALL, new Tgetattr(ROOT, 0x7ff)).got()).isZero();
        holder.recalls.getFirst().giveUp().run();
        assertThat(want(holder, ALL, new Tgetattr(ROOT, 0x7ff)).got()).isEqualTo(ATTRIBUTES | NAMES);
    }

    @Test
    @DisplayName("writes of one fid that wait keep their order")
    void orderOfWrites() throws Exception {
        lease();
        openForWriting();
        other.send(9, write("one"));
        other.send(10, write("two"));
        holder.recalls.getFirst().giveUp().run();
        assertThat(onDisk()).isEqualTo("two");
    }

    @Test
    @DisplayName("a change that is flushed while it waits is not carried out")
    void flushed() throws Exception {
        lease();
        openForWriting();
        other.send(9, write("new"));
        assertThat(other.ask(new Tflush(9))).isEqualTo(new Rflush());
        holder.recalls.getFirst().giveUp().run();
        assertThat(onDisk()).isEqualTo("old");
        assertThat(want(holder, DATA, new Tgetattr(FILE, 0x7ff)).got()).isEqualTo(DATA);
    }

    @Test
    @DisplayName("case 22: what a program of the host changes is recalled before any later reply leaves, an Rflush as well")
    void outsiders() throws Exception {
        lease();
        Files.writeString(folder.resolve("f"), "theirs");
        int before = holder.answers.size();
        holder.ask(new Tflush(Frame.NOTAG));
        assertThat(holder.recalls).hasSize(1);
        assertThat(holder.recalls.getFirst().after()).isEqualTo(before);
    }

    @Test
    @DisplayName("what is changed for the holder itself is not recalled from it")
    void ownChanges() {
        lease();
        want(holder, NAMES, new Tgetattr(ROOT, 0x7ff));
        holder.walk(ROOT, 2, "f");
        holder.ask(Rlopen.class, new Tlopen(2, 1));
        holder.ask(Rwrite.class, new Twrite(2, 0, Unpooled.copiedBuffer("mine", StandardCharsets.UTF_8)));
        holder.ask(Rmkdir.class, new Tmkdir(ROOT, Text.of("made"), 0755, -1));
        holder.ask(new Tflush(Frame.NOTAG));
        assertThat(holder.recalls).isEmpty();
    }

    /** Each change of one name in the directory, in an order in which all of them succeed. */
    private static List<Tmessage> changesOfNames() {
        return List.of(new Tmkdir(ROOT, NEW, 0755, -1), new Tunlinkat(ROOT, NEW, 0x200),
                new Tsymlink(ROOT, NEW, Text.of("f"), -1), new Trenameat(ROOT, NEW, ROOT, Text.of("newer")),
                new Tunlinkat(ROOT, Text.of("newer"), 0), new Tmknod(ROOT, NEW, 0100644, 0, 0, -1),
                new Tunlinkat(ROOT, NEW, 0), new Tlink(ROOT, FILE, NEW),
                new Trenameat(ROOT, NEW, ROOT, Text.of("f")), new Tunlinkat(ROOT, NEW, 0),
                new Tlink(ROOT, FILE, NEW), new Trenameat2(ROOT, NEW, ROOT, Text.of("f"), 2));
    }

    @Test
    @DisplayName("rule 10: who changes names in a directory keeps the others that it knows, if nobody else was at them")
    void namesAreKept() {
        long lease = want(holder, ALL, new Tgetattr(ROOT, 0x7ff)).lease();
        for (Tmessage change : changesOfNames()) {
            assertThat(want(holder, NAMES, change)).as("%s", change)
                    .returns(NAMES, Rgranted::got).returns(lease, Rgranted::lease);
        }
        for (int exists = 0; exists < 2; exists++) {
            holder.walk(ROOT, 30 + exists);
            assertThat(want(holder, NAMES, new Tlcreate(30 + exists, Text.of("made"), 2, 0644, -1)))
                    .returns(NAMES, Rgranted::got).returns(lease, Rgranted::lease);
        }
        assertThat(holder.recalls).isEmpty();
        other.send(9, new Tunlinkat(ROOT, Text.of("made"), 0));
        assertThat(holder.recalls).extracting(FarSide.Recall::lease).containsExactly(lease);
        assertThat(folder.resolve("made")).exists();
    }

    @Test
    @DisplayName("no names are kept without a lease, after an error, where two directories have changed, or by another attach")
    void namesAreNotKept() {
        assertThat(want(holder, NAMES, new Tmkdir(ROOT, NEW, 0755, -1)).got()).as("no lease").isZero();
        want(holder, ATTRIBUTES, new Tgetattr(ROOT, 0x7ff));
        assertThat(want(holder, NAMES, new Tunlinkat(ROOT, NEW, 0x200)).got()).as("of its attributes").isZero();
        want(holder, NAMES, new Tgetattr(ROOT, 0x7ff));
        assertThat(want(holder, ATTRIBUTES, new Tmkdir(ROOT, NEW, 0755, -1)).got()).as("not wanted").isZero();
        assertThat(want(holder, NAMES, new Tmkdir(ROOT, NEW, 0755, -1)).got()).as("EEXIST").isZero();
        holder.walk(ROOT, 3, "d");
        assertThat(want(holder, NAMES, new Trenameat(ROOT, NEW, 3, NEW)).got()).as("two").isZero();
        holder.attach(10, "files");
        assertThat(want(holder, NAMES, new Tmkdir(10, NEW, 0755, -1)).got()).as("another attach").isZero();
    }

    @Test
    @DisplayName("no names are kept if a program of the host has changed one meanwhile, even the same one")
    void namesAreNotKeptBesidePrograms() throws Exception {
        Change another = () -> Files.createFile(folder.resolve("theirs"));
        Change same = () -> Files.delete(Files.createDirectory(folder.resolve("new")));
        Change itself = () -> Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Change change : List.of(another, same, itself)) {
            want(holder, NAMES, new Tgetattr(ROOT, 0x7ff));
            holder.holdWork();
            holder.send(9, new Twant(NAMES, new Tmkdir(ROOT, NEW, 0755, -1)));
            change.make();
            holder.doWork();
            assertThat(((Rgranted) holder.answers.getLast().message()).got()).isZero();
            holder.ask(new Tunlinkat(ROOT, NEW, 0x200));
        }
    }

    @Test
    @DisplayName("no names are kept where case is ignored: others come and go with the one that is changed")
    void namesAreNotKeptWhereCaseIsIgnored() throws Exception {
        Path image = Files.createFile(folder.resolve("image"));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(4 << 20);
        }
        try (Mounts mounts = new Mounts()) {
            assumeTrue(Mounts.run("mkfs.ext4", "-q", "-O", "casefold", image.toString()) == 0, "SKIPPED: no mkfs.ext4");
            Path disk = folder.resolve("d");
            mounts.image(image, disk, "rw");
            Path folded = Files.createDirectory(disk.resolve("folded"));
            assumeTrue(Mounts.run("chattr", "+F", folded.toString()) == 0, "SKIPPED: no casefold here");
            holder.walk(ROOT, 3, "d");
            holder.walk(3, 4, "folded");
            for (int directory = 3; directory < 5; directory++) {
                assertThat(want(holder, NAMES, new Tgetattr(directory, 0x7ff)).got()).isEqualTo(NAMES);
                int kept = directory == 3 ? NAMES : 0;
                assertThat(want(holder, NAMES, new Tmkdir(directory, NEW, 0755, -1)).got()).isEqualTo(kept);
                assertThat(want(holder, NAMES, new Tunlinkat(directory, NEW, 0x200)).got()).isEqualTo(kept);
            }
            holder.role.close();
            other.role.close();
            granter.join("", Duration.ofSeconds(10), (lease, lost, givenUp) -> {});
        }
    }

    private interface Change {
        void make() throws Exception;
    }

    @Test
    @DisplayName("no names are kept by changes of one directory that overlap, nor if another peer's change waits for the lease")
    void namesAreNotKeptBesideChanges() {
        want(holder, NAMES, new Tgetattr(ROOT, 0x7ff));
        holder.walk(ROOT, 4);
        holder.holdWork();
        holder.send(9, new Twant(NAMES, new Tmkdir(ROOT, NEW, 0755, -1)));
        holder.send(10, new Twant(NAMES, new Tmkdir(4, Text.of("newer"), 0755, -1)));
        holder.doWork();
        for (FarSide.Answer answer : holder.answers.subList(holder.answers.size() - 2, holder.answers.size())) {
            assertThat(answer.message()).isEqualTo(new Rgranted(0, 0, ((Rgranted) answer.message()).reply()));
        }
        want(holder, NAMES, new Tgetattr(ROOT, 0x7ff));
        holder.holdWork();
        holder.send(9, new Twant(NAMES, new Tunlinkat(ROOT, NEW, 0x200)));
        other.send(9, new Tmkdir(ROOT, Text.of("theirs"), 0755, -1));
        holder.doWork();
        assertThat(((Rgranted) holder.answers.getLast().message()).got()).isZero();
        assertThat(holder.recalls).hasSize(1);
    }

    @Test
    @DisplayName("unlink and rename are told to whoever knows the files that they are about, whatever their directories")
    void namesOfLeasedFiles() throws Exception {
        Files.createLink(folder.resolve("d/also"), folder.resolve("f"));
        other.walk(ROOT, 3, "d");
        want(holder, ATTRIBUTES, new Tgetattr(FILE, 0x7ff));
        other.send(9, new Tunlinkat(3, Text.of("also"), 0));
        assertThat(folder.resolve("d/also")).exists();
        holder.recalls.removeFirst().giveUp().run();
        assertThat(other.answers.getLast().message()).isInstanceOf(Runlinkat.class);
        want(holder, ATTRIBUTES, new Tgetattr(FILE, 0x7ff));
        other.send(9, new Trenameat(ROOT, Text.of("f"), 3, Text.of("moved")));
        assertThat(folder.resolve("f")).exists();
        holder.recalls.removeFirst().giveUp().run();
        assertThat(other.answers.getLast().message()).isInstanceOf(Rrenameat.class);
        assertThat(folder.resolve("d/moved")).exists();
    }

    @Test
    @DisplayName("case 29: chmod is told to other attaches of the same peer")
    void rights() {
        lease();
        holder.attach(10, "files");
        holder.walk(10, 11, "f");
        int before = holder.answers.size();
        holder.send(9, new Tsetattr(11, MODE, 0600, 0, 0, 0, 0, 0, 0, 0));
        assertThat(holder.answers).hasSize(before);
        holder.recalls.getFirst().giveUp().run();
        assertThat(holder.answers.getLast().message()).isInstanceOf(Rsetattr.class);
    }

    @Test
    @DisplayName("case 29: a right that a reload takes away takes the leases along")
    void reload() throws Exception {
        long lease = lease();
        exports.change(List.of(FarSide.readOnly("files", folder))).apply();
        assertThat(holder.recalls).extracting(FarSide.Recall::lease).containsExactly(lease);
    }

    @Test
    @DisplayName("nothing is leased of what a program makes up; of a directory, a listing is")
    void whereNoneIsGiven() {
        holder.attach(20, "proc");
        assertThat(want(holder, ALL, new Tgetattr(20, 0x7ff)).got()).isZero();
        assertThat(want(holder, ALL, new Twalk(20, 21, List.of(Text.of("no such name")))).got()).isZero();
        holder.walk(ROOT, 22);
        holder.ask(Rlopen.class, new Tlopen(22, 0));
        assertThat(want(holder, NAMES, new Treaddir(22, 0, 4096)).got()).isEqualTo(NAMES);
    }

    @Test
    @DisplayName("without leases, what is of leases is of no known type")
    void notAgreed() throws Exception {
        try (FarSide plain = FarSide.ours(folder)) {
            plain.attach(ROOT, "files");
            assertThat(plain.errno(new Twant(ALL, new Tgetattr(ROOT, 0x7ff)))).isEqualTo(Errno.EOPNOTSUPP.number());
        }
    }
}
