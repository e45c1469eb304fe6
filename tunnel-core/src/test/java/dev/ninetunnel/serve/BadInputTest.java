package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.testing.RandomMessages;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rxattrwalk;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tchecksum;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcopyrange;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tfallocate;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tlseek;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tput;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Ttmpfile;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twant;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Twstat;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a far side sends and whatever happens to the disk: an error that Linux users would expect, and it goes on. */
class BadInputTest {
    private static final int RDWR = 2;
    private static final int NEW = 50;
    private static final int UNKNOWN = 40;
    private static final Text NAME = Text.of("name");

    @TempDir
    Path dir;

    private FarSide far;
    private final ChangeWatch watch = LocalTrees.watch().orElse(ChangeWatch.NONE);

    /** Fid 0 is the directory, 1 a file, 2 an open file, 3 an open directory, 4 the value of an extended attribute. */
    @BeforeEach
    void attach() throws IOException {
        Files.writeString(dir.resolve("file"), "content");
        far = FarSide.ours(dir);
        far.hold(new Granter(far.loop, watch, Runnable::run, 10, 10));
        far.attach(0, "");
        far.walk(0, 1, "file");
        far.walk(0, 2, "file");
        far.ask(Rlopen.class, new Tlopen(2, RDWR));
        far.walk(0, 3);
        far.ask(Rlopen.class, new Tlopen(3, 0));
        far.ask(Rxattrwalk.class, new Txattrwalk(1, 4, Text.EMPTY));
    }

    @AfterEach
    void close() {
        far.close();
        watch.close();
    }

    private static ByteBuf bytes(int count) {
        return Unpooled.wrappedBuffer(new byte[count]);
    }

    private void refused(Errno errno, Tmessage request) {
        assertThat(far.ask(request)).as("%s", request).isEqualTo(new Rlerror(errno.number()));
    }

    private void goesOn() {
        assertThat(far.ask(Rread.class, new Tread(2, 0, 4)).data().readableBytes()).isEqualTo(4);
    }

    static List<Class<?>> requests() {
        return RandomMessages.requests().stream()
                .filter(type -> type != Twant.class) // that ends where what is in it may end
                .toList();
    }

    @ParameterizedTest
    @MethodSource("requests")
    @DisplayName("L2 a request of any type that is cut anywhere, or has bytes left over, ends nothing but its connection")
    void malformed(Class<?> type) {
        RandomMessages messages = new RandomMessages(new Random(7));
        for (int i = 0; i < 5; i++) {
            ByteBuf whole = Unpooled.buffer();
            ((Tmessage) messages.of(type)).write(whole, 3);
            int optional = optionalFieldAt(type, whole);
            for (int length = 7; length < whole.readableBytes(); length++) {
                if (length != optional) {
                    thrownBack(whole.copy(0, length).setIntLE(0, length));
                }
            }
            int longer = whole.readableBytes() + 1;
            thrownBack(whole.writeByte(0).setIntLE(0, longer));
        }
        goesOn();
    }

    /** Where a request may end already, since its last field need not be there; -1 if it has no such field. */
    private static int optionalFieldAt(Class<?> type, ByteBuf whole) {
        return switch (type.getSimpleName()) {
            case "Tfsync" -> 11;
            case "Tauth", "Tattach" -> endsWithNumber(whole);
            case "Tcreate" -> endOfPlainCreate(whole);
            default -> -1;
        };
    }

    private static int endsWithNumber(ByteBuf whole) {
        boolean attach = whole.getByte(4) == 104;
        int at = 7 + (attach ? 8 : 4);
        at += 2 + whole.getUnsignedShortLE(at);
        return at + 2 + whole.getUnsignedShortLE(at);
    }

    private static int endOfPlainCreate(ByteBuf whole) {
        return 7 + 4 + 2 + whole.getUnsignedShortLE(11) + 5;
    }

    private void thrownBack(ByteBuf frame) {
        int length = frame.readableBytes();
        assertThatThrownBy(() -> far.role.accept(frame)).as("%d bytes", length)
                .isInstanceOf(MalformedMessageException.class);
        assertThat(frame.refCnt()).isZero();
    }

    /** Each request of 9P2000.L that names a fid, with this one. */
    private static List<Tmessage> onFid(int fid) {
        return List.of(new Tstatfs(fid), new Tlopen(fid, 0), new Tlcreate(fid, NAME, 0, 0644, 0),
                new Tsymlink(fid, NAME, NAME, 0), new Tmknod(fid, NAME, 0100644, 0, 0, 0), new Trename(fid, 0, NAME),
                new Treadlink(fid), new Tgetattr(fid, 0x7ff), new Tsetattr(fid, 1, 0644, 0, 0, 0, 0, 0, 0, 0),
                new Txattrwalk(fid, NEW, Text.EMPTY), new Txattrcreate(fid, NAME, 1, 0), new Treaddir(fid, 0, 512),
                new Tfsync(fid, 0), new Tlock(fid, 0, 0, 0, 0, 1, NAME), new Tgetlock(fid, 0, 0, 0, 1, NAME),
                new Tlink(fid, 1, NAME), new Tmkdir(fid, NAME, 0755, 0), new Trenameat(fid, NAME, 0, NAME),
                new Trenameat2(fid, NAME, 0, NAME, 1), new Tfallocate(fid, 0, 0, 1), new Tlseek(fid, 0, 3),
                new Tlist(fid, Text.EMPTY, 0, 512, 0, List.of()),
                new Tcopyrange(fid, 0, 2, 0, 1), new Ttmpfile(fid, 2, 0600, 0), new Tchecksum(fid, 0, 1),
                put(fid, NAME, NAME),
                new Tunlinkat(fid, NAME, 0), new Twalk(fid, NEW, List.of()), new Tread(fid, 0, 1),
                new Twrite(fid, 0, bytes(1)), new Tclunk(fid), new Tremove(fid));
    }

    @Test
    @DisplayName("a fid that stands for nothing is EBADF in every request")
    void unknownFid() {
        onFid(UNKNOWN).forEach(request -> refused(Errno.EBADF, request));
        for (Tmessage second : List.of(new Trename(1, UNKNOWN, NAME), new Tlink(0, UNKNOWN, NAME),
                new Trenameat(0, NAME, UNKNOWN, NAME), new Trenameat2(0, NAME, UNKNOWN, NAME, 1),
                new Tcopyrange(2, 0, UNKNOWN, 0, 1))) {
            refused(Errno.EBADF, second);
        }
        for (Tmessage plain : List.of(new Topen(UNKNOWN, 0), new Tstat(UNKNOWN),
                new Tcreate(UNKNOWN, NAME, 0644, 0, Optional.empty()), new Twstat(UNKNOWN, untouched()))) {
            assertThat(((Rerror) far.ask(plain)).ename().utf8()).isEqualTo("Bad file descriptor");
        }
        goesOn();
    }

    private static Tput put(int fid, Text name, Text temporary) {
        return new Tput(fid, name, temporary, 0, 0644, -1, 0, 0, bytes(1));
    }

    private static Stat untouched() {
        return new Stat(0xFFFF, -1, new Qid(0xFF, -1, -1), -1, -1, -1, -1, Text.EMPTY, Text.EMPTY, Text.EMPTY,
                Text.EMPTY, Optional.empty());
    }

    @Test
    @DisplayName("a fid that is bound already is no new fid: EBADF, and it stays what it is")
    void boundNewFid() {
        refused(Errno.EBADF, new Twalk(0, 2, List.of()));
        refused(Errno.EBADF, new Txattrwalk(0, 2, Text.EMPTY));
        assertThat(far.attach(2, "")).isEqualTo(new Rlerror(Errno.EBADF.number()));
        goesOn();
    }

    @Test
    @DisplayName("what needs an open fid is EBADF on one that is not, and what needs one that is not is EBADF on an open one")
    void openOrNot() {
        for (Tmessage request : List.of(new Tread(1, 0, 1), new Twrite(1, 0, bytes(1)), new Treaddir(0, 0, 512),
                new Tfsync(1, 0), new Tlock(1, 0, 0, 0, 0, 1, NAME), new Tgetlock(1, 0, 0, 0, 1, NAME),
                new Tfallocate(1, 0, 0, 1), new Tlseek(1, 0, 3), new Tcopyrange(1, 0, 2, 0, 1),
                new Tcopyrange(2, 0, 1, 0, 1), new Tchecksum(1, 0, 1))) {
            refused(Errno.EBADF, request);
        }
        for (Tmessage request : List.of(new Tlopen(2, 0), new Tlcreate(3, NAME, 0, 0644, 0),
                new Ttmpfile(2, 2, 0644, 0), new Txattrcreate(2, NAME, 1, 0))) {
            refused(Errno.EBADF, request);
        }
        goesOn();
    }

    @Test
    @DisplayName("a fid of an extended attribute is read and clunked, and all else is EBADF")
    void attributeFid() {
        for (Tmessage request : onFid(4)) {
            if (!(request instanceof Tread || request instanceof Tclunk || request instanceof Tremove
                    || request instanceof Tstatfs)) {
                refused(Errno.EBADF, request);
            }
        }
        refused(Errno.EBADF, new Tremove(4));
        refused(Errno.EBADF, new Tclunk(4));
        assertThat(dir.resolve("file")).hasContent("content");
        goesOn();
    }

    @Test
    @DisplayName("a file is no directory and no link, and a directory no file")
    void wrongKind() {
        for (Tmessage request : List.of(new Tlcreate(1, NAME, 0, 0644, 0), new Tsymlink(1, NAME, NAME, 0),
                new Tmknod(1, NAME, 0100644, 0, 0, 0), new Tmkdir(1, NAME, 0755, 0), new Tlink(1, 1, NAME),
                new Trename(1, 1, NAME), new Trenameat(1, NAME, 0, NAME), new Trenameat2(1, NAME, 0, NAME, 1),
                new Trenameat2(0, Text.of("file"), 1, NAME, 2), new Ttmpfile(1, 2, 0644, 0), new Tunlinkat(1, NAME, 0),
                put(1, NAME, Text.of("part")),
                new Treaddir(2, 0, 512), new Twalk(1, NEW, List.of(NAME)), new Twalk(1, NEW, List.of(Text.of(".."))),
                new Tlopen(1, 0200000))) {
            refused(Errno.ENOTDIR, request);
        }
        refused(Errno.EINVAL, new Treadlink(1));
        refused(Errno.EINVAL, new Treadlink(0));
        refused(Errno.EISDIR, new Tread(3, 0, 1));
        refused(Errno.EBADF, new Twrite(3, 0, bytes(1)));
        refused(Errno.EISDIR, new Tlopen(0, 1));
        refused(Errno.EISDIR, new Tsetattr(0, 8, 0, 0, 0, 0, 0, 0, 0, 0));
        refused(Errno.EPERM, new Tlink(0, 0, NAME));
        refused(Errno.EPERM, new Tmknod(0, NAME, 0040755, 0, 0, 0));
        goesOn();
    }

    @Test
    @DisplayName("S11 no message makes, moves or removes anything by a name that is none")
    void badNames() {
        far.walk(0, 5, "file");
        for (String bad : List.of("", ".", "..", "a/b", "/", "a\0b")) {
            Text name = Text.of(bad);
            for (Tmessage request : List.of(new Tlcreate(0, name, 0, 0644, 0), new Tsymlink(0, name, NAME, 0),
                    new Tmknod(0, name, 0100644, 0, 0, 0), new Tmkdir(0, name, 0755, 0), new Tlink(0, 1, name),
                    new Trename(5, 0, name), new Trenameat(0, name, 0, NAME),
                    new Trenameat(0, Text.of("file"), 0, name), new Trenameat2(0, name, 0, NAME, 1),
                    new Trenameat2(0, Text.of("file"), 0, name, 2), new Tunlinkat(0, name, 0),
                    new Tunlinkat(0, name, 0x200), put(0, name, NAME), put(0, NAME, name))) {
                refused(Errno.EINVAL, request);
            }
        }
        for (String bad : List.of("", ".", "..", "a/b", "a\0b")) {
            far.attachPlain(6, "");
            assertThat(far.words(new Tcreate(6, Text.of(bad), 0644, 0, Optional.empty())))
                    .isEqualTo("Invalid argument");
            far.ask(new Tclunk(6));
        }
        assertThat(dir.toFile().list()).containsExactly("file");
    }

    @Test
    @DisplayName("S9 what Linux asks of every file that is listed is ENODATA or EOPNOTSUPP, and leaves no fid")
    void probedAttributes() {
        for (String name : List.of("security.selinux", "system.posix_acl_access", "system.posix_acl_default",
                "security.capability", "nothing.known")) {
            assertThat(far.errno(new Txattrwalk(1, NEW, Text.of(name)))).as(name)
                    .isIn(Errno.ENODATA.number(), Errno.EOPNOTSUPP.number());
            refused(Errno.EBADF, new Tclunk(NEW));
        }
    }

    @Test
    @DisplayName("S3 no reply but those with data is larger than Linux has room for: 4096 bytes, 8192 for stat and link")
    void largestReplies() throws IOException {
        String longest = "x".repeat(255);
        Files.createSymbolicLink(dir.resolve(longest), Path.of("y".repeat(4095)));
        far.walk(0, NEW, longest);
        assertThat(size(new Treadlink(NEW))).isBetween(4095, 8192);
        Text client = Text.of("c".repeat(1024));
        far.walk(0, 5, "file");
        far.ask(Rlopen.class, new Tlopen(5, RDWR));
        far.ask(new Tlock(5, 1, 0, 0, 0, 1, client));
        assertThat(size(new Tgetlock(2, 1, 0, 0, 2, NAME))).isBetween(1024, 4096);
        refused(Errno.EINVAL, new Tlock(5, 1, 0, 0, 0, 1, Text.of("c".repeat(1025))));
        try (FarSide unix = new FarSide(false, ServerLimits.STANDARD, FarSide.directory("files", dir))) {
            unix.version(Dialect.UNIX.version());
            unix.attach(0, "");
            unix.walk(0, 1, longest);
            unix.ask(new Tstat(1));
            assertThat(unix.answers.getLast().size()).isBetween(4095, 8192);
        }
    }

    private int size(Tmessage request) {
        far.ask(request);
        return far.answers.getLast().size();
    }

    @Test
    @DisplayName("S3 with the least msize, Rread and Rreaddir carry what fits, and a link that does not is EOVERFLOW")
    void leastMsize() throws IOException {
        Files.write(dir.resolve("file"), new byte[10_000]);
        for (int i = 0; i < 100; i++) {
            Files.createFile(dir.resolve("a rather long name, so that not all of them fit at once " + i));
        }
        Files.createSymbolicLink(dir.resolve("link"), Path.of("y".repeat(4095)));
        try (FarSide small = new FarSide(true, ServerLimits.STANDARD.withMsize(4096), FarSide.directory("x", dir))) {
            small.version("9P2000.L");
            small.attach(0, "");
            small.walk(0, 1, "file");
            small.ask(Rlopen.class, new Tlopen(1, 0));
            small.ask(new Tread(1, 0, 100_000));
            assertThat(small.answers.getLast().size()).isEqualTo(4096);
            small.walk(0, 2);
            small.ask(Rlopen.class, new Tlopen(2, 0));
            small.ask(new Treaddir(2, 0, 100_000));
            assertThat(small.answers.getLast().size()).isBetween(3900, 4096);
            small.walk(0, 3, "link");
            assertThat(small.errno(new Treadlink(3))).isEqualTo(Errno.EOVERFLOW.number());
        }
    }

    @Test
    @DisplayName("S10 the owner of a lock is a process of a client: neither number nor name alone makes it the same")
    void lockOwners() {
        far.walk(0, 5, "file");
        far.ask(Rlopen.class, new Tlopen(5, RDWR));
        assertThat(far.ask(new Tlock(2, 1, 0, 0, 10, 1, Text.of("a")))).hasToString("Rlock[status=0]");
        assertThat(far.ask(new Tlock(5, 1, 0, 0, 10, 1, Text.of("b")))).hasToString("Rlock[status=1]");
        assertThat(far.ask(new Tlock(5, 1, 0, 0, 10, 2, Text.of("a")))).hasToString("Rlock[status=1]");
        assertThat(far.ask(new Tlock(5, 1, 0, 0, 10, 1, Text.of("a")))).hasToString("Rlock[status=0]");
    }

    @Test
    @DisplayName("a file that shrinks while it is read is read to its new end")
    void shrinks() throws IOException {
        try (FileChannel local = FileChannel.open(dir.resolve("file"), StandardOpenOption.WRITE)) {
            assertThat(far.ask(Rread.class, new Tread(2, 0, 4)).data().readableBytes()).isEqualTo(4);
            local.truncate(5);
            assertThat(far.ask(Rread.class, new Tread(2, 4, 100)).data().readableBytes()).isEqualTo(1);
            local.truncate(0);
            assertThat(far.ask(Rread.class, new Tread(2, 4, 100)).data().readableBytes()).isZero();
            assertThat(far.ask(Rgetattr.class, new Tgetattr(2, 0x7ff)).size()).isZero();
        }
    }

    @Test
    @DisplayName("an export whose directory vanishes: what is open goes on, the rest is ENOENT or ESTALE")
    void vanishes() throws IOException {
        Files.createDirectory(dir.resolve("sub"));
        far.walk(0, 5, "sub");
        Files.delete(dir.resolve("file"));
        Files.delete(dir.resolve("sub"));
        Files.delete(dir);
        goesOn();
        assertThat(far.ask(Rwrite.class, new Twrite(2, 0, bytes(3))).count()).isEqualTo(3);
        assertThat(far.ask(Rgetattr.class, new Tgetattr(2, 0x7ff)).nlink()).isZero();
        for (Tmessage request : List.of(new Twalk(0, NEW, List.of(Text.of("file"))), new Tmkdir(0, NAME, 0755, 0),
                new Tlcreate(0, NAME, 0, 0644, 0), new Tunlinkat(0, NAME, 0), new Tremove(5),
                new Treaddir(3, 0, 512))) {
            assertThat(far.errno(request)).as("%s", request).isIn(Errno.ENOENT.number(), Errno.ESTALE.number());
        }
        assertThat(far.ask(new Tgetattr(0, 0x7ff))).isInstanceOf(Rgetattr.class);
        Rmessage attached = far.attach(7, "");
        assertThat(attached).as("an attach to what is gone").isInstanceOf(Rmessage.class);
        Files.createDirectory(dir);
    }

    @Test
    @DisplayName("a disk that is full is ENOSPC, for data and for names, and there is room again after a removal")
    void full() throws Exception {
        Path disk = Files.createDirectory(dir.resolve("disk"));
        boolean mounted = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=256k,nr_inodes=20", "tmpfs",
                disk.toString()).redirectErrorStream(true).start().waitFor() == 0;
        assumeTrue(mounted, "SKIPPED: only root can mount a small disk");
        try (FarSide small = FarSide.ours(disk)) {
            small.attach(0, "");
            small.walk(0, 1);
            small.ask(Rlcreate.class, new Tlcreate(1, NAME, RDWR, 0644, 0));
            long written = fill(small, 1);
            assertThat(written).isBetween(128L << 10, 256L << 10);
            assertThat(small.errno(new Twrite(1, written, bytes(100_000)))).isEqualTo(Errno.ENOSPC.number());
            int names = 0;
            while (!(small.ask(new Tmknod(0, Text.of("n" + names), 0100644, 0, 0, 0)) instanceof Rlerror)) {
                names++;
            }
            assertThat(names).isBetween(10, 20);
            assertThat(small.errno(new Tmkdir(0, Text.of("d"), 0755, 0))).isEqualTo(Errno.ENOSPC.number());
            small.ask(new Tsetattr(1, 8, 0, 0, 0, 0, 0, 0, 0, 0));
            assertThat(small.ask(Rwrite.class, new Twrite(1, 0, bytes(100_000))).count()).isEqualTo(100_000);
        } finally {
            assertThat(new ProcessBuilder("umount", disk.toString()).start().waitFor()).isZero();
        }
    }

    /** Writes until nothing more fits; how many bytes did. A write may be done in part. */
    private static long fill(FarSide small, int fid) {
        long written = 0;
        while (small.ask(new Twrite(fid, written, bytes(100_000))) instanceof Rwrite more) {
            written += more.count();
        }
        return written;
    }
}
