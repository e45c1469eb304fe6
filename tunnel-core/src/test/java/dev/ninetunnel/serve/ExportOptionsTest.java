package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.fs.filter.NamePattern;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rcreate;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rmknod;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tput;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Twstat;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that are hidden, and what else an export keeps back. */
class ExportOptionsTest {
    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int ENXIO = 6;
    private static final int ENOLCK = 37;
    private static final int ENOTEMPTY = 39;
    private static final int EOPNOTSUPP = 95;
    private static final int ESTALE = 116;

    @TempDir
    Path dir;

    private FarSide far(boolean ours, String version, ExportOptions options) throws IOException {
        FarSide far = new FarSide(ours, ServerLimits.STANDARD,
                new Export("files", new Export.Target.Directory(dir, options)));
        far.version(version);
        return far;
    }

    private static ExportOptions hiding(String... patterns) {
        return ExportOptions.ALL.withHidden(List.of(patterns).stream().map(NamePattern::parse).toList());
    }

    private void keys() throws IOException {
        Files.writeString(dir.resolve("a.key"), "secret");
        Files.writeString(dir.resolve("f"), "f");
        Files.createDirectories(dir.resolve("sub/.git"));
    }

    @Test
    @DisplayName("in 9P2000.L a hidden name is as if it did not exist, and cannot be made")
    void hidden() throws IOException {
        keys();
        try (FarSide far = far(true, "9P2000.L", hiding("*.key", ".*"))) {
            far.attach(0, "");
            far.walk(0, 1, "f");
            far.walk(0, 2, "sub");
            assertThat(far.walk(0, 9, "a.key")).isEqualTo(new Rlerror(ENOENT));
            assertThat(((Rwalk) far.walk(0, 9, "sub", ".git")).qids()).hasSize(1);
            assertThat(((Rwalk) far.walk(0, 9, "sub", "..", ".", "f")).qids()).as("dots are no names").hasSize(4);
            assertThat(far.attach(8, "files/sub/.git")).isEqualTo(new Rlerror(ENOENT));
            assertThat(far.attach(8, dir + "/a.key")).isEqualTo(new Rlerror(ENOENT));
            assertThat(far.errno(new Tunlinkat(0, Text.of("a.key"), 0))).isEqualTo(ENOENT);
            assertThat(far.errno(new Trenameat(0, Text.of("a.key"), 0, Text.of("b")))).isEqualTo(ENOENT);
            assertThat(far.errno(new Trenameat2(0, Text.of("a.key"), 0, Text.of("b"), 1))).isEqualTo(ENOENT);
            assertThat(far.errno(new Trenameat2(0, Text.of("a.key"), 0, Text.of("f"), 2))).isEqualTo(ENOENT);
            assertThat(far.errno(new Trenameat2(0, Text.of("f"), 0, Text.of("a.key"), 2))).isEqualTo(ENOENT);
            assertThat(far.errno(new Trenameat2(0, Text.of("f"), 0, Text.of("new.key"), 1))).isEqualTo(EPERM);
            assertThat(far.errno(new Tunlinkat(0, Text.of("sub"), 0x200))).isEqualTo(ENOTEMPTY);
            for (String name : List.of("a.key", "new.key", ".new")) {
                far.walk(0, 7);
                assertThat(far.errno(new Tlcreate(7, Text.of(name), 1, 0644, 0))).as(name).isEqualTo(EPERM);
                far.ask(Rclunk.class, new Tclunk(7));
                assertThat(far.errno(new Tmkdir(0, Text.of(name), 0755, 0))).isEqualTo(EPERM);
                assertThat(far.errno(new Tsymlink(0, Text.of(name), Text.of("x"), 0))).isEqualTo(EPERM);
                assertThat(far.errno(new Tmknod(0, Text.of(name), 0010644, 0, 0, 0))).isEqualTo(EPERM);
                assertThat(far
                        .errno(new Tput(0, Text.of(name), Text.of("part"), 0, 0644, -1, 0, 0, Unpooled.EMPTY_BUFFER)))
                        .isEqualTo(EPERM);
                assertThat(far.errno(new Tlink(0, 1, Text.of(name)))).isEqualTo(EPERM);
                assertThat(far.errno(new Trename(1, 0, Text.of(name)))).isEqualTo(EPERM);
                assertThat(far.errno(new Trenameat(0, Text.of("f"), 2, Text.of(name)))).isEqualTo(EPERM);
            }
            assertThat(listed(far, 0)).containsExactlyInAnyOrder(".", "..", "f", "sub");
            assertThat(listed(far, 2)).containsExactlyInAnyOrder(".", "..");
            assertThat(dir.resolve("a.key")).hasContent("secret");
        }
    }

    private static List<String> listed(FarSide far, int directory) {
        far.walk(directory, 6);
        far.ask(Rlopen.class, new Tlopen(6, 0));
        ByteBuf data = far.ask(Rreaddir.class, new Treaddir(6, 0, 4096)).data();
        List<String> names = new ArrayList<>();
        while (data.isReadable()) {
            data.skipBytes(Qid.BYTES + 8 + 1);
            names.add(Text.read(data).utf8());
        }
        far.ask(Rclunk.class, new Tclunk(6));
        return names;
    }

    private void change(FarSide far, ExportOptions now) throws IOException {
        far.exports.change(List.of(new Export("files", new Export.Target.Directory(dir, now)))).apply();
    }

    @Test
    @DisplayName("when other names are hidden, fids of what is hidden now are stale, at whatever is asked of them, and no others")
    void hiddenLater() throws IOException {
        keys();
        Files.writeString(dir.resolve("sub/.git/config"), "c");
        try (FarSide far = far(true, "9P2000.L", ExportOptions.ALL)) {
            far.attach(0, "");
            far.walk(0, 1, "f");
            far.walk(0, 2, "a.key");
            far.walk(0, 3, "sub", ".git", "config");
            for (int fid = 1; fid <= 3; fid++) {
                far.ask(Rlopen.class, new Tlopen(fid, 2));
                far.ask(Rread.class, new Tread(fid, 0, 10));
            }
            far.walk(0, 4, "a.key");
            change(far, hiding("*.key", ".*"));
            for (int fid = 1; fid <= 3; fid++) {
                for (Tmessage asked : List.of(new Tread(fid, 0, 10), new Tgetattr(fid, 1), new Tstatfs(fid),
                        new Twrite(fid, 0, Unpooled.copiedBuffer(new byte[1])))) {
                    Rmessage got = far.ask(asked);
                    if (fid == 1) {
                        assertThat(got).as("%s", asked).isNotInstanceOf(Rlerror.class);
                    } else {
                        assertThat(got).as("%s", asked).isEqualTo(new Rlerror(ESTALE));
                    }
                }
            }
            assertThat(far.walk(4, 9)).isEqualTo(new Rlerror(ESTALE));
            assertThat(listed(far, 0)).containsExactlyInAnyOrder(".", "..", "f", "sub");
            assertThat(dir.resolve("a.key")).hasContent("secret");
            change(far, ExportOptions.ALL);
            far.ask(Rread.class, new Tread(2, 0, 10));
            far.ask(Rread.class, new Tread(3, 0, 10));
            change(far, hiding("f"));
            far.ask(Rread.class, new Tread(2, 0, 10));
            assertThat(far.ask(new Tread(1, 0, 10))).isEqualTo(new Rlerror(ESTALE));
            far.ask(Rclunk.class, new Tclunk(1));
        }
    }

    @Test
    @DisplayName("in 9P2000 a hidden name is as if it did not exist, and cannot be made")
    void hiddenPlain() throws IOException {
        keys();
        try (FarSide far = far(true, "9P2000.L", hiding("*.key", ".*"))) {
            far.attachPlain(0, "");
            far.walk(0, 1);
            far.ask(Ropen.class, new Topen(1, 0));
            ByteBuf data = far.ask(Rread.class, new Tread(1, 0, 8192)).data();
            List<String> names = new ArrayList<>();
            while (data.isReadable()) {
                names.add(Stat.read(data.readSlice(2 + data.getUnsignedShortLE(data.readerIndex()))).name().utf8());
            }
            assertThat(names).containsExactlyInAnyOrder("f", "sub");
            far.walk(0, 2);
            assertThat(far.words(new Tcreate(2, Text.of("new.key"), 0644, 1, Optional.empty())))
                    .isEqualTo("Operation not permitted");
            far.walk(0, 3, "f");
            Stat renaming = new Stat(0xFFFF, -1, new Qid(0xFF, -1, -1), -1, -1, -1, -1, Text.of("f.key"), Text.EMPTY,
                    Text.EMPTY, Text.EMPTY, Optional.empty());
            assertThat(far.words(new Twstat(3, renaming))).isEqualTo("Operation not permitted");
        }
    }

    @Test
    @DisplayName("what is hidden in an export stays so below the root of several")
    void hiddenAmongSeveral() throws IOException {
        keys();
        try (FarSide far = new FarSide(true, ServerLimits.STANDARD,
                new Export("one", new Export.Target.Directory(dir, hiding("*.key"))), FarSide.directory("two", dir))) {
            far.version("9P2000.L");
            far.attach(0, "");
            assertThat(((Rwalk) far.walk(0, 1, "one", "a.key")).qids()).hasSize(1);
            assertThat(((Rwalk) far.walk(0, 1, "two", "a.key")).qids()).hasSize(2);
            assertThat(far.attach(2, "one/a.key")).isEqualTo(new Rlerror(ENOENT));
        }
    }

    @Test
    @DisplayName("S9 where there are to be no extended attributes, they are said not to be supported")
    void noAttributes() throws IOException {
        Files.createFile(dir.resolve("f"));
        try (FarSide far = far(true, "9P2000.L", ExportOptions.ALL.withoutAttributes())) {
            far.attach(0, "");
            far.walk(0, 1, "f");
            for (String name : List.of("", "user.x", "security.selinux", "system.posix_acl_access")) {
                assertThat(far.errno(new Txattrwalk(1, 2, Text.of(name)))).isEqualTo(EOPNOTSUPP);
                assertThat(far.errno(new Txattrcreate(1, Text.of(name), 1, 0))).isEqualTo(EOPNOTSUPP);
            }
            assertThat(far.errno(new Tclunk(2))).as("newfid is not bound").isEqualTo(9);
            far.ask(Rlopen.class, new Tlopen(1, 0));
        }
    }

    @Test
    @DisplayName("where no device nodes are to be made, fifos and sockets still are")
    void noDevices() throws IOException {
        try (FarSide far = far(true, "9P2000.L", ExportOptions.ALL.withoutDevices())) {
            far.attach(0, "");
            assertThat(far.errno(new Tmknod(0, Text.of("c"), 0020666, 1, 3, 0))).isEqualTo(EPERM);
            assertThat(far.errno(new Tmknod(0, Text.of("w"), 0020000, 0, 0, 0))).as("a whiteout").isEqualTo(EPERM);
            assertThat(far.errno(new Tmknod(0, Text.of("b"), 0060666, 8, 0, 0))).isEqualTo(EPERM);
            far.ask(Rmknod.class, new Tmknod(0, Text.of("p"), 0010666, 0, 0, 0));
            far.ask(Rmknod.class, new Tmknod(0, Text.of("s"), 0140666, 0, 0, 0));
            far.ask(Rmknod.class, new Tmknod(0, Text.of("f"), 0100666, 0, 0, 0));
        }
        try (FarSide far = far(false, "9P2000.u", ExportOptions.ALL.withoutDevices())) {
            far.attach(0, "");
            far.walk(0, 1);
            assertThat(far.words(new Tcreate(1, Text.of("c"), 0x0080_0000 | 0666, 0, Optional.of(Text.of("c 1 3")))))
                    .isEqualTo("Operation not permitted");
            far.ask(Rcreate.class, new Tcreate(1, Text.of("q"), 0x0020_0000 | 0666, 0, Optional.of(Text.EMPTY)));
        }
    }

    @Test
    @DisplayName("a device node that is there is shown, and never opened")
    void devicesAreNotOpened() throws Exception {
        Process mknod = new ProcessBuilder("mknod", dir.resolve("null").toString(), "c", "1", "3").start();
        assumeTrue(mknod.waitFor() == 0, "making a device node needs root");
        for (ExportOptions options : List.of(ExportOptions.ALL, ExportOptions.ALL.withoutDevices())) {
            try (FarSide far = far(true, "9P2000.L", options)) {
                far.attach(0, "");
                far.walk(0, 1, "null");
                assertThat(far.ask(Rgetattr.class, new Tgetattr(1, 0)).rdev()).isEqualTo(0x103);
                for (int flags : new int[]{0, 1, 2, 04000, 010000000}) {
                    assertThat(far.errno(new Tlopen(1, flags))).isEqualTo(ENXIO);
                }
                far.walk(0, 2);
                assertThat(far.errno(new Tlcreate(2, Text.of("null"), 1, 0666, 0))).isEqualTo(ENXIO);
                far.attachPlain(10, "");
                far.walk(10, 11, "null");
                assertThat(far.words(new Topen(11, 0))).isEqualTo("No such device or address");
            }
        }
    }

    @Test
    @DisplayName("S10 a conversation that locks too many ranges is told ENOLCK, others go on")
    void locks() throws IOException {
        Files.createFile(dir.resolve("f"));
        ServerLimits few = ServerLimits.STANDARD.withLocks(3);
        try (FarSide far = new FarSide(true, few, FarSide.directory("files", dir)); FarSide other = FarSide.ours(dir)) {
            far.version("9P2000.L");
            for (FarSide f : List.of(far, other)) {
                f.attach(0, "");
                f.walk(0, 1, "f");
                f.ask(Rlopen.class, new Tlopen(1, 2));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(far.ask(Rlock.class, lock(1, 10L * i, i)).status()).isZero();
            }
            assertThat(far.errno(lock(1, 100, 1))).isEqualTo(ENOLCK);
            assertThat(far.errno(lock(1, 100, 7))).isEqualTo(ENOLCK);
            assertThat(other.ask(Rlock.class, lock(1, 100, 1)).status()).isZero();
            assertThat(far.ask(Rlock.class, new Tlock(1, 2, 0, 0, 10, 0, Text.of("h"))).status()).isZero();
            assertThat(far.ask(Rlock.class, lock(1, 200, 7)).status()).isZero();
            far.ask(Rclunk.class, new Tclunk(1));
            far.walk(0, 1, "f");
            far.ask(Rlopen.class, new Tlopen(1, 2));
            for (int i = 0; i < 3; i++) {
                assertThat(far.ask(Rlock.class, lock(1, 10L * i, i)).status()).isZero();
            }
        }
    }

    private static Tlock lock(int fid, long start, int process) {
        return new Tlock(fid, 1, 0, start, 5, process, Text.of("h"));
    }
}
