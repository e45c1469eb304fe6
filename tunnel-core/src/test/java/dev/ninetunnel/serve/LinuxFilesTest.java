package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rfsync;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlink;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rreadlink;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Rrename;
import dev.ninetunnel.wire.message.Rrenameat;
import dev.ninetunnel.wire.message.Rsetattr;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Rsymlink;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxFilesTest {
    private static final int RDWR = 2;

    @TempDir
    Path dir;

    private FarSide far;

    @BeforeEach
    void attach() throws IOException {
        far = FarSide.ours(dir);
        assertThat(far.attach(0, "")).isInstanceOf(Rattach.class);
    }

    @AfterEach
    void close() {
        far.close();
    }

    private static ByteBuf bytes(String s) {
        return Unpooled.copiedBuffer(s, UTF_8);
    }

    private String read(int fid, long offset, int count) {
        return far.ask(Rread.class, new Tread(fid, offset, count)).data().toString(UTF_8);
    }

    private void create(int fid, String name, int mode) {
        far.walk(0, fid);
        far.ask(Rlcreate.class, new Tlcreate(fid, Text.of(name), RDWR, mode, 0));
    }

    private static Tsetattr size(int fid, long size) {
        return new Tsetattr(fid, 8, 0, 0, 0, size, 0, 0, 0, 0);
    }

    @Test
    @DisplayName("a file is made, written, read back and seen on the disk")
    void roundTrip() throws IOException {
        create(1, "hello", 0640);
        assertThat(far.ask(Rwrite.class, new Twrite(1, 0, bytes("hello, world"))).count()).isEqualTo(12);
        assertThat(read(1, 0, 100)).isEqualTo("hello, world");
        assertThat(read(1, 7, 3)).isEqualTo("wor");
        assertThat(read(1, 12, 3)).isEmpty();
        assertThat(far.ask(new Tclunk(1))).isInstanceOf(Rclunk.class);
        assertThat(dir.resolve("hello")).hasContent("hello, world");
        Rgetattr a = attributes("hello");
        assertThat(a.mode()).isEqualTo(0100640);
        assertThat(a.size()).isEqualTo(12);
        assertThat(a.valid() & 0x7ff).isEqualTo(0x7ff);
    }

    private Rgetattr attributes(String name) {
        far.walk(0, 99, name);
        Rgetattr a = far.ask(Rgetattr.class, new Tgetattr(99, 0x7ff));
        far.ask(new Tclunk(99));
        return a;
    }

    @Test
    @DisplayName("directories, links, renames and removals do what they say")
    void names() throws IOException {
        far.ask(Rmkdir.class, new Tmkdir(0, Text.of("d"), 0755, 0));
        far.ask(Rsymlink.class, new Tsymlink(0, Text.of("s"), Text.of("d/../x"), 0));
        Files.writeString(dir.resolve("f"), "f");
        far.walk(0, 1, "f");
        far.walk(0, 2, "d");
        far.ask(Rlink.class, new Tlink(2, 1, Text.of("g")));
        far.ask(Rrenameat.class, new Trenameat(2, Text.of("g"), 0, Text.of("h")));
        assertThat(dir.resolve("h")).hasContent("f");
        far.walk(0, 3, "s");
        assertThat(far.ask(Rreadlink.class, new Treadlink(3)).target().utf8()).isEqualTo("d/../x");
        far.ask(Runlinkat.class, new Tunlinkat(0, Text.of("h"), 0));
        assertThat(far.errno(new Tunlinkat(0, Text.of("d"), 0))).isEqualTo(21);
        far.ask(Runlinkat.class, new Tunlinkat(0, Text.of("d"), 0x200));
        far.ask(Rremove.class, new Tremove(1));
        assertThat(dir).isDirectoryContaining(p -> p.endsWith("s"));
        assertThat(dir.toFile().list()).hasSize(1);
        assertThat(far.ask(Rstatfs.class, new Tstatfs(0)).namelen()).isEqualTo(255);
    }

    @Test
    @DisplayName("S2 what is not supported is EOPNOTSUPP, and Tauth is ENOENT where none is needed")
    void unsupported() {
        assertThat(far.errno(new Topen(0, 0))).isEqualTo(95);
        assertThat(far.errno(new Tauth(5, Text.of("u"), Text.of(""), OptionalInt.of(0)))).isEqualTo(2);
        assertThat(far.errno(new Tgetattr(77, 0))).isEqualTo(9);
    }

    @Test
    @DisplayName("S3 a reply carries at most the count, and fits the msize")
    void counts() throws IOException {
        Files.write(dir.resolve("big"), new byte[1 << 20]);
        far.walk(0, 1, "big");
        far.ask(Rlopen.class, new Tlopen(1, 0));
        assertThat(far.ask(Rread.class, new Tread(1, 0, 1000)).data().readableBytes()).isEqualTo(1000);
        far.ask(Rread.class, new Tread(1, 0, Integer.MAX_VALUE));
        assertThat(far.answers.getLast().size()).isEqualTo(ServerLimits.STANDARD.msize());
    }

    private record Entry(String name, long cookie, Qid qid) {}

    private List<Entry> entries(int fid, long offset, int count) {
        ByteBuf data = far.ask(Rreaddir.class, new Treaddir(fid, offset, count)).data();
        assertThat(data.readableBytes()).isLessThanOrEqualTo(count);
        List<Entry> entries = new ArrayList<>();
        while (data.isReadable()) {
            Qid qid = Qid.read(data);
            long cookie = data.readLongLE();
            data.readByte();
            entries.add(new Entry(Text.read(data).utf8(), cookie, qid));
        }
        return entries;
    }

    private List<String> list(int fid, int count) {
        List<String> names = new ArrayList<>();
        List<Entry> some = entries(fid, 0, count);
        while (!some.isEmpty()) {
            some.forEach(e -> names.add(e.name));
            some = entries(fid, some.getLast().cookie, count);
        }
        return names;
    }

    @Test
    @DisplayName("S4 Rreaddir lists every entry once, whatever the count, and each cookie resumes behind its entry")
    void listing() throws IOException {
        List<String> expected = new ArrayList<>(List.of(".", ".."));
        for (int i = 0; i < 1500; i++) {
            Files.createFile(dir.resolve("file-" + i));
            expected.add("file-" + i);
        }
        far.walk(0, 1);
        far.ask(Rlopen.class, new Tlopen(1, 0));
        for (int count : new int[]{128, 256, 512, 65536}) {
            assertThat(list(1, count)).containsExactlyInAnyOrderElementsOf(expected);
        }
        List<Entry> all = entries(1, 0, 1 << 17);
        for (int i = 0; i < 40; i++) {
            assertThat(entries(1, all.get(i).cookie, 128).getFirst().name).isEqualTo(all.get(i + 1).name);
        }
        assertThat(far.errno(new Treaddir(1, 0, 10))).isEqualTo(22);
    }

    @Test
    @DisplayName("S4 what stays is listed once while others are removed")
    void listingWhileRemoving() throws IOException {
        for (int i = 0; i < 1200; i++) {
            Files.createFile(dir.resolve("file-" + i));
        }
        far.walk(0, 1);
        far.ask(Rlopen.class, new Tlopen(1, 0));
        List<String> seen = new ArrayList<>();
        List<Entry> some = entries(1, 0, 512);
        int next = 0;
        while (!some.isEmpty()) {
            some.forEach(e -> seen.add(e.name));
            for (int i = 0; i < 10 && next < 1200; i++, next += 2) {
                Files.deleteIfExists(dir.resolve("file-" + next));
            }
            some = entries(1, some.getLast().cookie, 512);
        }
        assertThat(new HashSet<>(seen)).hasSameSizeAs(seen);
        for (int i = 1; i < 1200; i += 2) {
            assertThat(seen).contains("file-" + i);
        }
    }

    @Test
    @DisplayName("S6 an open fid survives unlink and rename, and a new file of its name is another")
    void openUnlinked() {
        create(1, "f", 0600);
        far.ask(Rwrite.class, new Twrite(1, 0, bytes("old")));
        far.ask(Runlinkat.class, new Tunlinkat(0, Text.of("f"), 0));
        create(2, "f", 0600);
        far.ask(Rwrite.class, new Twrite(2, 0, bytes("new")));
        assertThat(read(1, 0, 10)).isEqualTo("old");
        far.ask(Rsetattr.class, size(1, 2));
        assertThat(far.ask(Rgetattr.class, new Tgetattr(1, 0x7ff)).size()).isEqualTo(2);
        assertThat(read(1, 0, 10)).isEqualTo("ol");
        far.ask(Rrenameat.class, new Trenameat(0, Text.of("f"), 0, Text.of("g")));
        assertThat(read(2, 0, 10)).isEqualTo("new");
    }

    @Test
    @DisplayName("S7 a rename is seen by the fids at and below it, and Trename works on a fid from Tlcreate")
    void renames() {
        far.ask(Rmkdir.class, new Tmkdir(0, Text.of("d"), 0755, 0));
        far.walk(0, 1, "d");
        far.walk(1, 2);
        far.ask(Rlcreate.class, new Tlcreate(2, Text.of("f"), RDWR, 0644, 0));
        far.ask(Rrenameat.class, new Trenameat(0, Text.of("d"), 0, Text.of("e")));
        far.ask(Rrename.class, new Trename(2, 1, Text.of("g")));
        assertThat(dir.resolve("e/g")).exists();
        assertThat(((Rwalk) far.walk(1, 3, "g")).qids()).hasSize(1);
        assertThat(((Rwalk) far.walk(1, 4, "..", "e")).qids()).hasSize(2);
    }

    @Test
    @DisplayName("S8 a walk from an open fid works, and Tunlinkat takes an open directory fid and clunks nothing")
    void openDirectory() {
        far.ask(Rmkdir.class, new Tmkdir(0, Text.of("d"), 0755, 0));
        far.walk(0, 1);
        far.ask(Rlopen.class, new Tlopen(1, 0));
        assertThat(((Rwalk) far.walk(1, 2, "d")).qids()).hasSize(1);
        far.ask(Runlinkat.class, new Tunlinkat(1, Text.of("d"), 0x200));
        assertThat(list(1, 512)).containsExactlyInAnyOrder(".", "..");
        assertThat(far.ask(new Tgetattr(2, 0x7ff))).isInstanceOf(Rgetattr.class);
    }

    @Test
    @DisplayName("S11 bad new names are refused, and so is a walk through a slash, above the root, or too long")
    void badNames() {
        for (String name : new String[]{"", ".", "..", "a/b", "a\0b"}) {
            assertThat(far.errno(new Tmkdir(0, Text.of(name), 0755, 0))).as("\"%s\"", name).isEqualTo(22);
            assertThat(far.errno(new Tsymlink(0, Text.of(name), Text.of("x"), 0))).isEqualTo(22);
            assertThat(far.errno(new Tunlinkat(0, Text.of(name), 0))).isEqualTo(22);
        }
        assertThat(far.errno(new Tmkdir(0, Text.of("x".repeat(256)), 0755, 0))).isEqualTo(36);
        for (String name : new String[]{"", "a/b", "/etc", "a\0b"}) {
            assertThat(((Rlerror) far.walk(0, 1, name)).ecode()).isEqualTo(2);
        }
        Qid root = ((Rwalk) far.walk(0, 1, "..", "..")).qids().getLast();
        assertThat(root.path()).isEqualTo(far.ask(Rgetattr.class, new Tgetattr(0, 0)).qid().path());
        assertThat(far.errno(new Twalk(0, 2, Collections.nCopies(17, Text.of(".."))))).isEqualTo(22);
        assertThat(((Rwalk) far.walk(0, 2, Collections.nCopies(16, "..").toArray(String[]::new))).qids())
                .hasSize(16);
    }

    @Test
    @DisplayName("S12 a symbolic link is neither walked through nor opened")
    void symlinks(@TempDir Path outside) throws IOException {
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(dir.resolve("out"), outside);
        Files.createSymbolicLink(dir.resolve("file"), outside.resolve("secret"));
        Rwalk walked = (Rwalk) far.walk(0, 1, "out", "secret");
        assertThat(walked.qids()).hasSize(1);
        assertThat(far.errno(new Tgetattr(1, 0))).isEqualTo(9);
        far.walk(0, 2, "file");
        assertThat(far.errno(new Tlopen(2, 0))).isEqualTo(40);
    }

    @Test
    @DisplayName("S13 Tfsync takes datasync")
    void fsync() {
        create(1, "f", 0600);
        far.ask(Rfsync.class, new Tfsync(1, 0));
        far.ask(Rfsync.class, new Tfsync(1, 1));
        assertThat(far.errno(new Tfsync(0, 0))).isEqualTo(9);
    }

    @Test
    @DisplayName("S14 O_APPEND holds, truncation comes as Tsetattr, unknown flags are ignored, Tlcreate opens what is there")
    void flags() throws IOException {
        Files.writeString(dir.resolve("f"), "abc");
        far.walk(0, 1);
        far.ask(Rlcreate.class, new Tlcreate(1, Text.of("f"), 1 | 02000 | 0x4000_0000, 0644, 0));
        far.ask(Rwrite.class, new Twrite(1, 0, bytes("def")));
        assertThat(dir.resolve("f")).hasContent("abcdef");
        far.ask(Rsetattr.class, size(1, 0));
        assertThat(dir.resolve("f")).isEmptyFile();
        far.walk(0, 2);
        assertThat(far.errno(new Tlcreate(2, Text.of("f"), 1 | 0200, 0644, 0))).isEqualTo(17);
        assertThat(far.errno(new Tlopen(2, 3))).isEqualTo(22);
        assertThat(far.errno(new Tlcreate(2, Text.of("g"), 0200000, 0644, 0))).isEqualTo(22);
    }

    @Test
    @DisplayName("S15 qid.path is of the inode, and qid.version changes with each change of the content")
    void qids() throws IOException {
        create(1, "f", 0600);
        Files.createLink(dir.resolve("g"), dir.resolve("f"));
        assertThat(attributes("f").qid()).isEqualTo(attributes("g").qid());
        HashSet<Integer> versions = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            far.ask(Rwrite.class, new Twrite(1, 0, bytes("x")));
            versions.add(attributes("f").qid().version());
        }
        assertThat(versions).hasSize(100);
        assertThat(attributes("f").qid()).isEqualTo(attributes("f").qid());
    }

    @Test
    @DisplayName("S16 counts, sizes and offsets that cannot be are errors")
    void edges() {
        create(1, "f", 0600);
        assertThat(far.errno(new Tread(1, 0, -1))).isEqualTo(22);
        assertThat(far.errno(new Tread(1, -1, 1))).isEqualTo(22);
        assertThat(far.errno(new Tread(1, Long.MAX_VALUE, 100))).isEqualTo(22);
        assertThat(far.errno(new Twrite(1, -5, bytes("x")))).isEqualTo(22);
        assertThat(far.errno(new Twrite(1, Long.MAX_VALUE, bytes("xx")))).isIn(22, 27);
        assertThat(far.errno(size(1, -1))).isEqualTo(22);
        assertThat(far.errno(size(1, Long.MAX_VALUE))).isIn(22, 27);
        assertThat(far.errno(new Tsetattr(1, 0x90, 0, 0, 0, 0, 0, 1_000_000_000L, 0, 0))).isEqualTo(22);
        far.walk(0, 2);
        far.ask(Rlopen.class, new Tlopen(2, 0));
        assertThat(far.errno(new Treaddir(2, 0, -1))).isEqualTo(22);
        assertThat(far.errno(new Tread(2, 0, 10))).isEqualTo(21);
    }

    @Test
    @DisplayName("S19 names of 255 bytes, names that are not UTF-8, and a tree deeper than PATH_MAX work")
    void deepAndOdd() {
        byte[] odd = new byte[255];
        java.util.Arrays.fill(odd, (byte) 0xE9);
        Text name = Text.of(odd);
        int depth = 30;
        far.walk(0, 1);
        for (int i = 0; i < depth; i++) {
            far.ask(Rmkdir.class, new Tmkdir(1, name, 0755, 0));
            assertThat(far.ask(Rwalk.class, new Twalk(1, 1, List.of(name))).qids()).hasSize(1);
        }
        far.walk(1, 2);
        far.ask(Rlcreate.class, new Tlcreate(2, name, RDWR, 0644, 0));
        far.ask(Rwrite.class, new Twrite(2, 0, bytes("deep")));
        assertThat(read(2, 0, 10)).isEqualTo("deep");
        far.walk(1, 3);
        far.ask(Rlopen.class, new Tlopen(3, 0));
        assertThat(entries(3, 0, 4096)).hasSize(3);
        far.ask(Runlinkat.class, new Tunlinkat(1, name, 0));
        for (int i = 0; i < depth; i++) {
            far.ask(Rwalk.class, new Twalk(1, 1, List.of(Text.of(".."))));
            far.ask(Runlinkat.class, new Tunlinkat(1, name, 0x200));
        }
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    @DisplayName("the root of an export can be neither removed nor renamed")
    void rootStays() {
        far.ask(Rmkdir.class, new Tmkdir(0, Text.of("d"), 0755, 0));
        far.walk(0, 1);
        far.walk(0, 2, "d");
        assertThat(far.ask(new Trename(1, 2, Text.of("x")))).isInstanceOf(Rlerror.class);
        assertThat(far.ask(new Tremove(1))).isInstanceOf(Rlerror.class);
        assertThat(dir.resolve("d")).exists();
    }

    @Test
    @DisplayName("bad states of a fid are EBADF, and the fid stays usable")
    void badStates() {
        create(1, "f", 0600);
        assertThat(far.errno(new Tlopen(1, 0))).isEqualTo(9);
        assertThat(far.errno(new Tread(0, 0, 1))).isEqualTo(9);
        assertThat(far.errno(new Twrite(0, 0, bytes("x")))).isEqualTo(9);
        assertThat(far.errno(new Treaddir(1, 0, 100))).isEqualTo(20);
        assertThat(far.errno(new Twalk(0, 1, List.of()))).isEqualTo(9);
        assertThat(far.errno(new Twalk(1, 2, List.of(Text.of("x"))))).isEqualTo(20);
        assertThat(read(1, 0, 1)).isEmpty();
    }
}
