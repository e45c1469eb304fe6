package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.fs.portable.PortableTree;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rchecksum;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rcopyrange;
import dev.ninetunnel.wire.message.Rfallocate;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlink;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rlseek;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rput;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rrename;
import dev.ninetunnel.wire.message.Rtmpfile;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rxattrcreate;
import dev.ninetunnel.wire.message.Tchecksum;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcopyrange;
import dev.ninetunnel.wire.message.Tfallocate;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tlseek;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tput;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Ttmpfile;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrcreate;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The messages of our own, for what 9P2000.L lacks, on a directory of this machine. */
class ExtendedFilesTest {
    private static final int RDWR = 2;
    private static final int NO_REPLACE = 1;
    private static final int EXCHANGE = 2;
    private static final int DATA = 3;
    private static final int HOLE = 4;
    private static final int PAGE = 4096;

    @TempDir
    Path dir;

    private FarSide far;

    @BeforeEach
    void attach() throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "SKIPPED: other systems have but the portable tree");
        far = FarSide.ours(dir);
        far.version("9P2000.L;extended=1");
        far.attach(0, "");
    }

    @AfterEach
    void close() {
        if (far != null) {
            far.close();
        }
    }

    private void create(int fid, String name, String content) {
        far.walk(0, fid);
        far.ask(Rlcreate.class, new Tlcreate(fid, Text.of(name), RDWR, 0644, -1));
        write(fid, content);
    }

    private void write(int fid, String content) {
        far.ask(Rwrite.class, new Twrite(fid, 0, Unpooled.wrappedBuffer(content.getBytes(UTF_8))));
    }

    private String read(int fid) {
        return far.ask(Rread.class, new Tread(fid, 0, 1000)).data().toString(UTF_8);
    }

    private int rename(String from, String to, int flags) {
        return far.ask(new Trenameat2(0, Text.of(from), 0, Text.of(to), flags)) instanceof Rlerror error
                ? error.ecode()
                : 0;
    }

    @Test
    @DisplayName("a rename that replaces nothing fails where there is something, and moves where there is not")
    void renameWithoutReplacing() {
        create(1, "f", "f");
        create(2, "g", "g");
        assertThat(rename("f", "g", NO_REPLACE)).isEqualTo(Errno.EEXIST.number());
        assertThat(dir.resolve("g")).hasContent("g");
        assertThat(rename("f", "h", NO_REPLACE)).isZero();
        assertThat(rename("f", "h", NO_REPLACE)).isEqualTo(Errno.ENOENT.number());
        assertThat(rename("h", "g", 0)).isZero();
        assertThat(dir.resolve("g")).hasContent("f");
    }

    @Test
    @DisplayName("S7 an exchange is seen by the fids of both, and by those below")
    void exchange() {
        far.ask(Rmkdir.class, new Tmkdir(0, Text.of("d"), 0755, -1));
        far.ask(Rmkdir.class, new Tmkdir(0, Text.of("e"), 0755, -1));
        far.walk(0, 1, "d");
        far.walk(0, 2, "e");
        far.walk(1, 3);
        far.ask(Rlcreate.class, new Tlcreate(3, Text.of("in-d"), RDWR, 0644, -1));
        create(4, "f", "f");
        assertThat(rename("d", "e", EXCHANGE)).isZero();
        assertThat(dir.resolve("e/in-d")).exists();
        assertThat(rename("d", "f", EXCHANGE)).as("of a directory and a file").isZero();
        far.ask(Rrename.class, new Trename(4, 1, Text.of("moved")));
        assertThat(dir.resolve("e/moved")).hasContent("f");
        assertThat(((Rwalk) far.walk(1, 5, "in-d")).qids()).hasSize(1);
        assertThat(((Rwalk) far.walk(2, 6, "..", "f")).qids()).hasSize(2);
        assertThat(rename("e", "nothing", EXCHANGE)).isEqualTo(Errno.ENOENT.number());
    }

    @Test
    @DisplayName("flags of a rename that nobody knows are EINVAL")
    void renameFlags() {
        create(1, "f", "f");
        for (int flags : List.of(3, 4, 8, -1, Integer.MIN_VALUE)) {
            assertThat(rename("f", "g", flags)).as("%d", flags).isEqualTo(Errno.EINVAL.number());
        }
        assertThat(dir.resolve("f")).exists();
    }

    @Test
    @DisplayName("space is allocated with and without the size, freed and zeroed")
    void allocate() {
        create(1, "f", "content");
        far.ask(Rfallocate.class, new Tfallocate(1, 1, 0, 10 * PAGE));
        assertThat(attributes(1).size()).isEqualTo(7);
        assertThat(attributes(1).blocks()).isGreaterThanOrEqualTo(10 * PAGE / 512);
        far.ask(Rfallocate.class, new Tfallocate(1, 0, 0, 10 * PAGE));
        assertThat(attributes(1).size()).isEqualTo(10 * PAGE);
        far.ask(Rfallocate.class, new Tfallocate(1, 3, 1, 2));
        assertThat(read(1)).startsWith("c\0\0tent");
        far.ask(Rfallocate.class, new Tfallocate(1, 3, 0, 10 * PAGE));
        assertThat(attributes(1).blocks()).isZero();
        assertThat(attributes(1).size()).isEqualTo(10 * PAGE);
    }

    private Rgetattr attributes(int fid) {
        return far.ask(Rgetattr.class, new Tgetattr(fid, 0x7ff));
    }

    @Test
    @DisplayName("S16 what cannot be allocated is refused: no length, a negative or endless range, a mode that is not known")
    void badAllocations() {
        create(1, "f", "content");
        assertThat(far.errno(new Tfallocate(1, 0, 0, 0))).isEqualTo(Errno.EINVAL.number());
        assertThat(far.errno(new Tfallocate(1, 0, -1, 1))).isEqualTo(Errno.EINVAL.number());
        assertThat(far.errno(new Tfallocate(1, 0, 0, -1))).isEqualTo(Errno.EINVAL.number());
        assertThat(far.errno(new Tfallocate(1, 0, Long.MAX_VALUE, 1))).isEqualTo(Errno.EFBIG.number());
        for (int mode : List.of(2, 4, 8, 0x20, 0x40, 0x80, -1)) {
            assertThat(far.errno(new Tfallocate(1, mode, 0, PAGE))).as("%d", mode)
                    .isEqualTo(Errno.EOPNOTSUPP.number());
        }
        far.walk(0, 2, "f");
        far.ask(Rlopen.class, new Tlopen(2, 0));
        assertThat(far.errno(new Tfallocate(2, 0, 0, 1))).isEqualTo(Errno.EBADF.number());
        assertThat(read(1)).isEqualTo("content");
    }

    @Test
    @DisplayName("data and holes are told as the disk tells them, and there is nothing behind the end")
    void seek() {
        create(1, "f", "");
        far.ask(Rwrite.class, new Twrite(1, 1 << 20, Unpooled.wrappedBuffer(new byte[]{1})));
        assertThat(far.ask(Rlseek.class, new Tlseek(1, 0, DATA)).offset()).isEqualTo(1 << 20);
        assertThat(far.ask(Rlseek.class, new Tlseek(1, 0, HOLE)).offset()).isZero();
        assertThat(far.ask(Rlseek.class, new Tlseek(1, 1 << 20, HOLE)).offset()).isEqualTo((1 << 20) + 1);
        assertThat(far.errno(new Tlseek(1, (1 << 20) + 1, DATA))).isEqualTo(Errno.ENXIO.number());
        assertThat(far.errno(new Tlseek(1, -1, DATA))).isEqualTo(Errno.ENXIO.number());
        for (int whence : List.of(0, 1, 2, 5, -1)) {
            assertThat(far.errno(new Tlseek(1, 0, whence))).isEqualTo(Errno.EINVAL.number());
        }
        far.walk(0, 2);
        far.ask(Rlopen.class, new Tlopen(2, 0));
        assertThat(far.errno(new Tlseek(2, 0, DATA))).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    @DisplayName("a copy takes from one open file to another, as far as the first goes")
    void copy() {
        create(1, "from", "0123456789");
        create(2, "to", "abcdefghij");
        assertThat(far.ask(Rcopyrange.class, new Tcopyrange(2, 2, 1, 4, 3)).count()).isEqualTo(3);
        assertThat(read(2)).isEqualTo("ab456fghij");
        assertThat(far.ask(Rcopyrange.class, new Tcopyrange(2, 10, 1, 5, -1)).count()).isEqualTo(5);
        assertThat(read(2)).isEqualTo("ab456fghij56789");
        assertThat(far.ask(Rcopyrange.class, new Tcopyrange(2, 0, 1, 10, 5)).count()).isZero();
        assertThat(far.errno(new Tcopyrange(2, -1, 1, 0, 1))).isEqualTo(Errno.EINVAL.number());
        assertThat(far.errno(new Tcopyrange(2, 0, 1, Long.MAX_VALUE, 1))).isEqualTo(Errno.EINVAL.number());
        assertThat(far.errno(new Tcopyrange(1, 0, 1, 1, 5))).as("onto itself").isEqualTo(Errno.EINVAL.number());
        far.walk(0, 3, "from");
        far.ask(Rlopen.class, new Tlopen(3, 0));
        assertThat(far.errno(new Tcopyrange(3, 0, 2, 0, 1))).as("into what is open for reading")
                .isEqualTo(Errno.EBADF.number());
        far.walk(0, 4, "from");
        far.ask(Rlopen.class, new Tlopen(4, 1));
        assertThat(far.errno(new Tcopyrange(2, 0, 4, 0, 1))).as("out of what is open for writing")
                .isEqualTo(Errno.EBADF.number());
    }

    @Test
    @DisplayName("a checksum is the SHA-256 of what was asked for, as far as the file goes and a request may take")
    void checksum() throws Exception {
        create(1, "f", "0123456789");
        assertThat(far.ask(Rchecksum.class, new Tchecksum(1, 2, 5))).isEqualTo(sum("23456"));
        assertThat(far.ask(Rchecksum.class, new Tchecksum(1, 2, -1))).isEqualTo(sum("23456789"));
        assertThat(far.ask(Rchecksum.class, new Tchecksum(1, 10, 5))).isEqualTo(sum(""));
        assertThat(far.ask(Rchecksum.class, new Tchecksum(1, 3, 0))).isEqualTo(sum(""));
        Files.write(dir.resolve("large"), new byte[(16 << 20) + 1]);
        far.walk(0, 2, "large");
        far.ask(Rlopen.class, new Tlopen(2, 0));
        assertThat(far.ask(Rchecksum.class, new Tchecksum(2, 0, -1))).isEqualTo(sum("\0".repeat(16 << 20)));
    }

    private static Rchecksum sum(String of) throws NoSuchAlgorithmException {
        byte[] bytes = of.getBytes(UTF_8);
        return new Rchecksum(bytes.length, Text.of(MessageDigest.getInstance("SHA-256").digest(bytes)));
    }

    @Test
    @DisplayName("S16 a checksum of a directory, of what may not be read, and of places that no file has is refused")
    void badChecksums() {
        create(1, "f", "content");
        assertThat(far.errno(new Tchecksum(1, -1, 1))).isEqualTo(Errno.EINVAL.number());
        assertThat(far.errno(new Tchecksum(1, Long.MAX_VALUE, 1))).isEqualTo(Errno.EINVAL.number());
        far.walk(0, 2);
        far.ask(Rlopen.class, new Tlopen(2, 0));
        assertThat(far.errno(new Tchecksum(2, 0, 1))).isEqualTo(Errno.EBADF.number());
        far.walk(0, 3, "f");
        far.ask(Rlopen.class, new Tlopen(3, 1));
        assertThat(far.errno(new Tchecksum(3, 0, 1))).as("open for writing").isEqualTo(Errno.EBADF.number());
    }

    private Tput put(String name, int flags, String content) {
        return new Tput(0, Text.of(name), Text.of("part"), flags, 0640, -1, 1_000_000_000, 7,
                Unpooled.wrappedBuffer(content.getBytes(UTF_8)));
    }

    @Test
    @DisplayName("a file that is put whole has its content, mode and time, and replaces another only where that is asked for")
    void put() throws IOException {
        Qid made = far.ask(Rput.class, put("f", NO_REPLACE, "content")).qid();
        far.walk(0, 1, "f");
        Rgetattr attributes = attributes(1);
        assertThat(attributes.qid()).isEqualTo(made);
        assertThat(attributes.mode() & 07777).isEqualTo(0640);
        assertThat(attributes.mtimeSec()).isEqualTo(1_000_000_000);
        assertThat(attributes.mtimeNsec()).isEqualTo(7);
        assertThat(dir.resolve("f")).hasContent("content");
        assertThat(far.errno(put("f", NO_REPLACE, "new"))).isEqualTo(Errno.EEXIST.number());
        assertThat(dir.resolve("f")).hasContent("content");
        far.ask(Rput.class, put("f", 0, "new"));
        assertThat(dir.resolve("f")).hasContent("new");
        far.ask(Rput.class, put("empty", 0, ""));
        assertThat(dir.resolve("empty")).isEmptyFile();
        assertThat(dir).isDirectoryNotContaining("glob:**part");
    }

    @Test
    @DisplayName("a file that is put whole has its mode where a default ACL would have made it another, as after Tsetattr")
    void putBesideAcl() {
        byte[] acl = {2, 0, 0, 0, 1, 0, 7, 0, -1, -1, -1, -1, 4, 0, 0, 0, -1, -1, -1, -1, 32, 0, 0, 0, -1, -1, -1, -1};
        far.walk(0, 1);
        far.ask(Rxattrcreate.class, new Txattrcreate(1, Text.of("system.posix_acl_default"), acl.length, 0));
        far.ask(Rwrite.class, new Twrite(1, 0, Unpooled.wrappedBuffer(acl)));
        assumeTrue(far.ask(new Tclunk(1)) instanceof Rclunk, "no ACLs on this file system");
        far.ask(Rput.class, put("f", 0, "content"));
        far.walk(0, 2, "f");
        assertThat(attributes(2).mode() & 07777).isEqualTo(0640);
    }

    @Test
    @DisplayName("a file that cannot be put leaves nothing: in the place of a directory, under a name that is taken, with no time")
    void badPuts() throws IOException {
        far.ask(Rmkdir.class, new Tmkdir(0, Text.of("d"), 0755, -1));
        assertThat(far.errno(put("d", 0, "x"))).isEqualTo(Errno.EISDIR.number());
        assertThat(far.errno(put("f", 2, "x"))).isEqualTo(Errno.EINVAL.number());
        assertThat(far.errno(put("part", 0, "x"))).as("seen before it is whole").isEqualTo(Errno.EINVAL.number());
        assertThat(far.errno(new Tput(0, Text.of("f"), Text.of("part"), 0, 0640, -1, 0, 1_000_000_000,
                Unpooled.EMPTY_BUFFER))).isEqualTo(Errno.EINVAL.number());
        assertThat(dir).isDirectoryNotContaining("glob:**part");
        Files.writeString(dir.resolve("part"), "somebody's");
        assertThat(far.errno(put("f", 0, "x"))).isEqualTo(Errno.EEXIST.number());
        assertThat(dir.resolve("part")).hasContent("somebody's");
        assertThat(dir.resolve("f")).doesNotExist();
    }

    @Test
    @DisplayName("a file without a name is written, read and forgotten, or gets a name by which it is found and moved")
    void unnamed() throws IOException {
        far.walk(0, 1);
        assertThat(far.errno(new Ttmpfile(1, 0, 0600, -1))).as("for reading only").isEqualTo(Errno.EINVAL.number());
        Rtmpfile made = far.ask(Rtmpfile.class, new Ttmpfile(1, RDWR, 0640, -1));
        write(1, "content");
        assertThat(dir).isEmptyDirectory();
        assertThat(attributes(1).nlink()).isZero();
        assertThat(attributes(1).mode() & 07777).isEqualTo(0640);
        far.walk(1, 2);
        assertThat(far.ask(Rgetattr.class, new Tgetattr(2, 0x7ff)).qid().path()).isEqualTo(made.qid().path());
        far.ask(Rlink.class, new Tlink(0, 2, Text.of("named")));
        assertThat(dir.resolve("named")).hasContent("content");
        assertThat(((Rwalk) far.walk(0, 3, "named")).qids().getLast().path()).isEqualTo(made.qid().path());
        far.ask(Rlopen.class, new Tlopen(2, 0));
        assertThat(read(2)).isEqualTo("content");
        far.ask(Rrename.class, new Trename(1, 0, Text.of("moved")));
        assertThat(dir.resolve("moved")).exists();
        far.walk(0, 4);
        far.ask(Rtmpfile.class, new Ttmpfile(4, RDWR, 0600, -1));
        far.ask(new Tclunk(4));
        try (var files = Files.list(dir)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    @DisplayName("a tree that can do none of it says so")
    void portable() throws Exception {
        Files.writeString(dir.resolve("f"), "content");
        try (FileTree tree = PortableTree.open(dir);
                Node top = tree.root(Caller.SELF);
                Node f = top.walk("f".getBytes(UTF_8));
                OpenFile file = f.open(OpenHow.READ_WRITE)) {
            byte[] from = "f".getBytes(UTF_8);
            byte[] to = "g".getBytes(UTF_8);
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> top.rename(from, top, to, Node.Occupied.KEPT),
                    () -> top.rename(from, top, to, Node.Occupied.EXCHANGED),
                    () -> top.createUnnamed(OpenHow.READ_WRITE, 0600, -1),
                    () -> file.allocate(OpenFile.Space.ALLOCATED, 0, 1), () -> file.seek(true, 0),
                    () -> file.copyFrom(file, 0, 7, 1))) {
                assertThatThrownBy(call).isInstanceOfSatisfying(FsException.class,
                        e -> assertThat(e.number()).isEqualTo(Errno.EOPNOTSUPP.number()));
            }
            top.rename(from, top, to, Node.Occupied.REPLACED);
        }
        assertThat(dir.resolve("g")).hasContent("content");
    }
}
