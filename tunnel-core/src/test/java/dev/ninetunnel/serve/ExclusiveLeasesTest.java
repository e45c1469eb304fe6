package dev.ninetunnel.serve;

import static dev.ninetunnel.wire.LeaseKinds.ATTRIBUTES;
import static dev.ninetunnel.wire.LeaseKinds.DATA;
import static dev.ninetunnel.wire.LeaseKinds.EXCLUSIVE;
import static dev.ninetunnel.wire.LeaseKinds.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.testing.ManualLoop;
import dev.ninetunnel.testing.Mounts;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rbehind;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlist;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tbehind;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tlseek;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twant;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Exclusive leases, and writes that were told as done before they came, on a real export: two peers, and programs of the host. */
@EnabledOnOs(OS.LINUX)
class ExclusiveLeasesTest {
    private static final int ROOT = 0;
    private static final int FILE = 1;
    private static final int SIZE = 8;
    private static final int READ_WRITE = 2;
    private static final long BASIC = 0x7ff;

    @TempDir
    Path folder;
    private final ChangeWatch watch = LocalTrees.watch().orElseThrow();
    private final ManualLoop loop = new ManualLoop();
    private Exports exports;
    private Granter granter;
    private FarSide holder;
    private FarSide other;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(folder.resolve("f"), "old");
        Files.writeString(folder.resolve("g"), "old");
        Files.createDirectory(folder.resolve("d"));
        granter = new Granter(loop, watch, Runnable::run, 100, 100);
        exports = new Exports(List.of(FarSide.directory("files", folder)), new LocalTrees());
        holder = FarSide.holder(exports, granter, loop);
        other = holder.otherHolder(granter);
        for (FarSide far : List.of(holder, other)) {
            far.attach(ROOT, "files");
            opened(far, FILE, "f");
        }
    }

    @AfterEach
    void close() {
        other.role.close();
        holder.close();
        watch.close();
    }

    private static void opened(FarSide far, int fid, String name) {
        far.walk(ROOT, fid, name);
        far.ask(Rlopen.class, new Tlopen(fid, READ_WRITE));
    }

    private static Rgranted want(FarSide far, int want, Tmessage request) {
        return far.ask(Rgranted.class, new Twant(want, request));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    /** W on f, or another file, with the attributes. */
    private long alone(FarSide far, int fid) {
        Rgranted granted = want(far, ATTRIBUTES | EXCLUSIVE, new Tgetattr(fid, BASIC));
        assertThat(granted.got()).isEqualTo(ATTRIBUTES | EXCLUSIVE);
        return granted.lease();
    }

    private static Tbehind behind(long lease, int fid, String text) {
        return new Tbehind(lease, fid, 0, bytes(text));
    }

    private String onDisk(String file) throws Exception {
        return Files.readString(folder.resolve(file));
    }

    private static Tsetattr cut(int fid) {
        return new Tsetattr(fid, SIZE, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static Rmessage last(FarSide far) {
        return far.answers.getLast().message();
    }

    // ---- who gets it

    @Test
    @DisplayName("W comes with a write, alone, and with a look at the file, with its attributes, by a fid that is open for writing")
    void granted() {
        long lease = alone(holder, FILE);
        Rgranted written = want(holder, ATTRIBUTES | DATA | EXCLUSIVE, new Twrite(FILE, 0, bytes("one")));
        assertThat(written).isEqualTo(new Rgranted(EXCLUSIVE, lease, new Rwrite(3)));
        assertThat(want(holder, DATA | EXCLUSIVE, new Tread(FILE, 0, 9)).got()).isEqualTo(DATA | EXCLUSIVE);
        assertThat(holder.recalls).isEmpty();
    }

    @Test
    @DisplayName("W comes with the look at a file just made, asked for behind the create; one lease, without another question")
    void made() throws Exception {
        holder.walk(ROOT, 5);
        holder.ask(Rlcreate.class, new Tlcreate(5, Text.of("new"), 1, 0644, -1));
        long lease = alone(holder, 5);
        assertThat(holder.ask(behind(lease, 5, "content"))).isEqualTo(new Rbehind(7));
        assertThat(onDisk("new")).isEqualTo("content");
    }

    @Test
    @DisplayName("no W by a fid that is not open for writing, on directories, in 9P2000, or with other requests")
    void notGranted() {
        holder.walk(ROOT, 5, "g");
        assertThat(want(holder, EXCLUSIVE, new Tgetattr(5, BASIC)).got()).isZero();
        assertThat(want(holder, EXCLUSIVE, new Tlopen(5, 0)).got()).isZero();
        assertThat(want(holder, EXCLUSIVE, new Tgetattr(5, BASIC)).got()).as("open for reading").isZero();
        assertThat(want(holder, EXCLUSIVE | NAMES, new Tgetattr(ROOT, BASIC)).got()).isEqualTo(NAMES);
        holder.attachPlain(10, "files");
        holder.walk(10, 11, "f");
        holder.ask(Ropen.class, new Topen(11, 2));
        assertThat(want(holder, EXCLUSIVE, new Twrite(11, 0, bytes("1"))).got()).isZero();
        assertThat(holder.errno(behind(7, FILE, "x"))).isEqualTo(Errno.ESTALE.number());
    }

    @Test
    @DisplayName("who wants W waits until others have given up what they know of the file, as for a change; none while another changes it")
    void asForAChange() {
        long known = want(other, ATTRIBUTES, new Tgetattr(FILE, BASIC)).lease();
        int before = holder.answers.size();
        holder.send(9, new Twant(ATTRIBUTES | EXCLUSIVE, new Tgetattr(FILE, BASIC)));
        assertThat(holder.answers).hasSize(before);
        assertThat(other.recalls).extracting(FarSide.Recall::lease).containsExactly(known);
        assertThat(want(other, ATTRIBUTES, new Tgetattr(FILE, BASIC)).got()).as("while one waits").isZero();
        other.recalls.getFirst().giveUp().run();
        assertThat(((Rgranted) last(holder)).got()).isEqualTo(ATTRIBUTES | EXCLUSIVE);
    }

    @Test
    @DisplayName("rule 5: no W where another's change is in progress, though it has not been answered")
    void besideAChange() {
        other.holdWork();
        other.send(9, new Twrite(FILE, 0, bytes("theirs")));
        assertThat(want(holder, EXCLUSIVE, new Tgetattr(FILE, BASIC)).got()).isZero();
        other.doWork();
        alone(holder, FILE);
    }

    // ---- what others see

    /** Everything that tells of a file, or changes it. */
    private static List<Tmessage> requests() {
        return List.of(new Tread(FILE, 0, 9), new Tgetattr(FILE, BASIC), new Tfsync(FILE, 0), new Tlseek(FILE, 0, 4),
                new Twrite(FILE, 0, bytes("theirs")), cut(FILE), new Txattrwalk(FILE, 6, Text.of("user.x")));
    }

    @Test
    @DisplayName("case 12: what another asks that tells of the file, or changes it, waits until W is given up")
    void othersWait() {
        for (Tmessage request : requests()) {
            holder.recalls.clear();
            holder.loop.advance(3, TimeUnit.SECONDS); // or the file would be used in turn, and nobody's alone
            long lease = alone(holder, FILE);
            int before = other.answers.size();
            other.send(9, request);
            assertThat(other.answers).as("%s", request).hasSize(before);
            assertThat(holder.recalls).hasSize(1);
            assertThat(holder.recalls.getFirst()).returns(lease, FarSide.Recall::lease)
                    .returns(ATTRIBUTES | EXCLUSIVE, FarSide.Recall::lost);
            assertThat(holder.ask(behind(lease, FILE, "mine"))).isEqualTo(new Rbehind(4));
            holder.recalls.getFirst().giveUp().run();
            assertThat(other.answers).as("%s", request).hasSize(before + 1);
            assertThat(holder.errno(behind(lease, FILE, "late"))).isEqualTo(Errno.ESTALE.number());
        }
    }

    @Test
    @DisplayName("case 12: another reads what was written behind, and its change comes after it; so does a peer without leases")
    void othersSee() throws Exception {
        FarSide peer = holder.otherPeer();
        peer.role.grantBy(granter);
        peer.version("9P2000.L");
        peer.attach(ROOT, "files");
        opened(peer, FILE, "f");
        for (FarSide far : List.of(other, peer)) {
            holder.recalls.clear();
            long lease = alone(holder, FILE);
            far.send(9, new Tread(FILE, 0, 9));
            holder.ask(behind(lease, FILE, "mine, before"));
            holder.recalls.getFirst().giveUp().run();
            assertThat(((Rread) last(far)).data().toString(StandardCharsets.UTF_8)).isEqualTo("mine, bef");
            lease = alone(holder, FILE);
            far.send(9, new Twrite(FILE, 0, bytes("theirs")));
            holder.ask(behind(lease, FILE, "mine"));
            holder.recalls.getLast().giveUp().run();
            assertThat(last(far)).isEqualTo(new Rwrite(6));
            assertThat(onDisk("f")).isEqualTo("theirsbefore");
        }
        peer.role.close();
    }

    @Test
    @DisplayName("in 9P2000, a directory that is read tells of all files, and Tstat of one; walks and openings do as in 9P2000.L")
    void plainPeer() {
        other.attachPlain(20, "files");
        other.walk(20, 21);
        other.ask(Ropen.class, new Topen(21, 0));
        other.walk(20, 22, "f");
        for (Tmessage request : List.of(new Tread(21, 0, 4096), new Tstat(22), new Topen(22, 0))) {
            holder.recalls.clear();
            alone(holder, FILE);
            assertThat(other.ask(new Twalk(20, 23, List.of(Text.of("f"))))).isInstanceOf(Rwalk.class);
            other.ask(new Tclunk(23));
            int before = other.answers.size();
            other.send(9, request);
            assertThat(other.answers).as("%s", request).hasSize(before);
            holder.recalls.getFirst().giveUp().run();
            assertThat(other.answers).as("%s", request).hasSize(before + 1);
        }
    }

    @Test
    @DisplayName("a directory at once leaves out what another has for itself alone, and asks nothing back; its holder is told")
    void listing() {
        alone(holder, FILE);
        Rlist listed = other.ask(Rlist.class, new Tlist(ROOT, Text.EMPTY, 0, 8192, 0, List.of()));
        assertThat(holder.recalls).isEmpty();
        Rlist own = holder.ask(Rlist.class, new Tlist(ROOT, Text.EMPTY, 0, 8192, 0, List.of()));
        assertThat(own.entries().readableBytes()).isGreaterThan(listed.entries().readableBytes());
    }

    // ---- how it is carried out

    @Test
    @DisplayName("case 14: two that write behind on one file and change the other go on, with one worker and without the end of a term")
    void crosswise() throws Exception {
        opened(holder, 2, "g");
        opened(other, 2, "g");
        long mine = alone(holder, FILE);
        long theirs = alone(other, 2);
        holder.send(9, cut(2));
        other.send(9, cut(FILE));
        assertThat(holder.ask(behind(mine, FILE, "mine"))).isEqualTo(new Rbehind(4));
        assertThat(other.ask(behind(theirs, 2, "theirs"))).isEqualTo(new Rbehind(6));
        holder.recalls.getFirst().giveUp().run();
        other.recalls.getFirst().giveUp().run();
        assertThat(onDisk("f")).isEmpty();
        assertThat(onDisk("g")).isEmpty();
    }

    @Test
    @DisplayName("what waits for W takes nothing of what its peer may have under way, so that the writes behind come through")
    void holdsNothing() throws Exception {
        opened(holder, 2, "g");
        opened(other, 2, "g");
        alone(other, 2);
        long mine = alone(holder, FILE);
        holder.quota.change(new Rights.Limits(10, 1000, 6000, 1000));
        holder.send(8, cut(2));
        holder.send(9, new Twrite(2, 0, bytes("x".repeat(5000))));
        assertThat(holder.ask(behind(mine, FILE, "y".repeat(1000)))).isEqualTo(new Rbehind(1000));
        other.recalls.getFirst().giveUp().run();
        assertThat(onDisk("g")).hasSize(5000);
    }

    @Test
    @DisplayName("writes behind by one fid are carried out in their order, and before what comes later by that fid")
    void order() throws Exception {
        long lease = alone(holder, FILE);
        holder.holdWork();
        for (int i = 0; i < 20; i++) {
            holder.send(100 + i, behind(lease, FILE, "%03d".formatted(i)));
        }
        holder.send(200, new Tread(FILE, 0, 9));
        holder.doWork();
        assertThat(((Rread) last(holder)).data().toString(StandardCharsets.UTF_8)).isEqualTo("019");
    }

    @Test
    @DisplayName("case 13: a holder that is silent for a term has lost W, and what it has written behind is refused when it comes")
    void silent() throws Exception {
        long lease = alone(holder, FILE);
        other.send(9, new Twrite(FILE, 0, bytes("theirs")));
        loop.advance(9, TimeUnit.SECONDS);
        assertThat(onDisk("f")).isEqualTo("old");
        loop.advance(1200, TimeUnit.MILLISECONDS);
        assertThat(onDisk("f")).isEqualTo("theirs");
        assertThat(holder.errno(behind(lease, FILE, "late"))).isEqualTo(Errno.ESTALE.number());
        holder.recalls.getFirst().giveUp().run();
        assertThat(holder.errno(behind(lease, FILE, "late"))).isEqualTo(Errno.ESTALE.number());
        assertThat(onDisk("f")).isEqualTo("theirs");
        alone(holder, FILE);
    }

    @Test
    @DisplayName("a write behind that has begun is waited for when the term is over")
    void begun() throws Exception {
        long lease = alone(holder, FILE);
        holder.holdWork();
        holder.send(8, behind(lease, FILE, "mine"));
        other.send(9, new Tread(FILE, 0, 9));
        loop.advance(11, TimeUnit.SECONDS);
        other.send(10, new Tgetattr(ROOT, BASIC));
        assertThat(last(other)).isInstanceOf(Rgetattr.class);
        holder.doWork();
        assertThat(other.answers.getLast().tag()).isEqualTo(9);
        assertThat(((Rread) last(other)).data().toString(StandardCharsets.UTF_8)).isEqualTo("mine");
    }

    @Test
    @DisplayName("who gives up W while a write behind has not been carried out does not have it again before who waits for that")
    void notAgain() {
        long lease = alone(holder, FILE);
        opened(holder, 2, "f");
        holder.holdWork();
        holder.send(8, behind(lease, FILE, "mine"));
        other.send(9, new Tread(FILE, 0, 9));
        holder.recalls.getFirst().giveUp().run();
        holder.send(10, new Twant(EXCLUSIVE, new Tgetattr(2, BASIC)));
        int before = other.answers.size();
        holder.doWork();
        assertThat(other.answers).hasSize(before + 1);
        assertThat(((Rread) last(other)).data().toString(StandardCharsets.UTF_8)).isEqualTo("mine");
    }

    @Test
    @DisplayName("case 20: the end of a session is not that of W: others wait for the term, or until the peer has begun anew")
    void sessionEnds() {
        alone(holder, FILE);
        holder.role.close();
        other.send(9, new Tread(FILE, 0, 9));
        int before = other.answers.size();
        holder.forget();
        assertThat(other.answers).hasSize(before + 1);
    }

    @Test
    @DisplayName("a read that waits for W is over when it is flushed, and the file stays the holder's while others ask for nothing")
    void flushed() {
        alone(holder, FILE);
        other.send(9, new Tread(FILE, 0, 9));
        assertThat(other.ask(new Tflush(9))).isEqualTo(new Rflush());
        int before = other.answers.size();
        holder.recalls.getFirst().giveUp().run();
        assertThat(other.answers).hasSize(before);
        alone(other, FILE);
    }

    @Test
    @DisplayName("a full disk is told in the reply to the write behind that met it")
    void fullDisk() throws Exception {
        Path image = Files.createFile(folder.resolve("image"));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        try (Mounts mounts = new Mounts()) {
            assumeTrue(Mounts.run("mkfs.ext4", "-q", image.toString()) == 0, "SKIPPED: no mkfs.ext4");
            mounts.image(image, folder.resolve("d"), "rw");
            Files.createFile(folder.resolve("d/full"));
            holder.walk(ROOT, 5, "d", "full");
            holder.ask(Rlopen.class, new Tlopen(5, 1));
            long lease = alone(holder, 5);
            String piece = "x".repeat(100_000);
            Rmessage reply = new Rbehind(piece.length());
            for (int i = 0; i < 20 && reply.equals(new Rbehind(piece.length())); i++) {
                reply = holder.ask(new Tbehind(lease, 5, (long) i * piece.length(), bytes(piece)));
            }
            assertThat(reply).isEqualTo(new Rlerror(Errno.ENOSPC.number()));
            holder.role.close();
            other.role.close();
            holder.forget();
        }
    }

    @Test
    @DisplayName("an export that a reload makes read-only, or takes away, has W asked back, and what comes then is refused as a write is")
    void reloaded() throws Exception {
        long lease = alone(holder, FILE);
        exports.change(List.of(FarSide.readOnly("files", folder))).apply();
        assertThat(holder.recalls).extracting(FarSide.Recall::lease).containsExactly(lease);
        assertThat(holder.errno(behind(lease, FILE, "x"))).isEqualTo(Errno.EROFS.number());
        exports.change(List.of()).apply();
        assertThat(holder.errno(behind(lease, FILE, "x"))).isEqualTo(Errno.ESTALE.number());
        assertThat(onDisk("f")).isEqualTo("old");
    }

    @Test
    @DisplayName("a write behind names a fid that is open for writing and a lease of its own file and attach")
    void wrongNames() {
        opened(holder, 2, "g");
        long lease = alone(holder, FILE);
        assertThat(holder.errno(behind(lease, 2, "x"))).as("another file").isEqualTo(Errno.ESTALE.number());
        assertThat(holder.errno(behind(0, FILE, "x"))).isEqualTo(Errno.ESTALE.number());
        assertThat(holder.errno(behind(lease, ROOT, "x"))).isEqualTo(Errno.EBADF.number());
        assertThat(holder.errno(behind(lease, 99, "x"))).isEqualTo(Errno.EBADF.number());
        holder.attach(10, "files");
        holder.walk(10, 11, "f");
        holder.ask(Rlopen.class, new Tlopen(11, READ_WRITE));
        assertThat(holder.errno(behind(lease, 11, "x"))).as("another attach").isEqualTo(Errno.ESTALE.number());
        long read = want(other, ATTRIBUTES, new Tgetattr(ROOT, BASIC)).lease();
        assertThat(other.errno(behind(read, FILE, "x"))).as("no W").isEqualTo(Errno.ESTALE.number());
    }

    // ---- programs of the host

    @Test
    @DisplayName("what is written behind is no other program's change; what a program of the host changes before, between or after is")
    void outsiders() throws Exception {
        long lease = alone(holder, FILE);
        for (int i = 0; i < 20; i++) {
            holder.ask(behind(lease, FILE, "%03d".formatted(i)));
        }
        holder.ask(new Tflush(Frame.NOTAG));
        assertThat(holder.recalls).isEmpty();
        Files.writeString(folder.resolve("f"), "020");
        holder.ask(new Tflush(Frame.NOTAG));
        assertThat(holder.recalls).extracting(FarSide.Recall::lease).containsExactly(lease);
    }

    @Test
    @DisplayName("a program of the host that writes while a write behind waits for its worker, or for the loop, is told of")
    void outsidersMeanwhile() throws Exception {
        for (boolean before : List.of(true, false)) {
            holder.recalls.clear();
            long lease = alone(holder, FILE);
            holder.holdWork();
            holder.send(8, behind(lease, FILE, "two"));
            if (before) {
                Files.writeString(folder.resolve("f"), "one");
            } else {
                holder.work.removeFirst().run();
                Files.writeString(folder.resolve("f"), "tri");
            }
            holder.doWork();
            holder.ask(new Tflush(Frame.NOTAG));
            assertThat(holder.recalls).as(before ? "before" : "after").hasSize(1);
            holder.recalls.getFirst().giveUp().run();
        }
    }
}
