package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rcreate;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Rstat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rwstat;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Twstat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainFilesTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int RDWR = 2;
    private static final int DMDIR = 0x8000_0000;
    private static final int DMAPPEND = 0x4000_0000;
    private static final int DMEXCL = 0x2000_0000;

    @TempDir
    Path dir;

    private FarSide far;

    @BeforeEach
    void attach() throws IOException {
        far = FarSide.ours(dir);
        far.attachPlain(0, "files");
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void close() {
        far.close();
    }

    private static ByteBuf bytes(String s) {
        return Unpooled.copiedBuffer(s, UTF_8);
    }

    private void create(int fid, String name, int perm, int mode) {
        far.walk(0, fid);
        far.ask(Rcreate.class, new Tcreate(fid, Text.of(name), perm, mode, Optional.empty()));
    }

    private Stat stat(int fid) {
        return far.ask(Rstat.class, new Tstat(fid)).stat();
    }

    private static Stat untouched() {
        return new Stat(0xFFFF, -1, new Qid(0xFF, -1, -1), -1, -1, -1, -1, Text.EMPTY, Text.EMPTY, Text.EMPTY,
                Text.EMPTY, Optional.empty());
    }

    private static Stat with(int mode, int mtime, long length, String name) {
        Stat u = untouched();
        return new Stat(u.kernelType(), u.kernelDevice(), u.qid(), mode, u.atime(), mtime, length, Text.of(name),
                u.uid(), u.gid(), u.muid(), u.unix());
    }

    private List<Stat> records(ByteBuf data) {
        List<Stat> stats = new ArrayList<>();
        while (data.isReadable()) {
            stats.add(Stat.read(data.readSlice(2 + data.getUnsignedShortLE(data.readerIndex()))));
        }
        return stats;
    }

    @Test
    @DisplayName("a file is made with what its directory permits, written, read and told about")
    void roundTrip() {
        create(1, "f", 0666, RDWR);
        far.ask(Rwrite.class, new Twrite(1, 0, bytes("hello")));
        assertThat(far.ask(Rread.class, new Tread(1, 1, 3)).data().toString(UTF_8)).isEqualTo("ell");
        Stat s = stat(1);
        assertThat(s.name().utf8()).isEqualTo("f");
        assertThat(s.length()).isEqualTo(5);
        assertThat(s.mode()).isEqualTo(0644);
        assertThat(s.qid().type()).isZero();
        assertThat(s.uid().isEmpty()).isFalse();
        create(2, "d", DMDIR | 0777, READ);
        assertThat(stat(2).mode()).isEqualTo(DMDIR | 0755);
        assertThat(stat(2).qid().isDirectory()).isTrue();
        assertThat(stat(0).name().utf8()).isEqualTo("/");
    }

    @Test
    @DisplayName("S5 a directory reads as whole stat records, from 0 or from where the last read ended")
    void directory() throws IOException {
        for (int i = 0; i < 300; i++) {
            Files.createFile(dir.resolve("file-" + i));
        }
        far.walk(0, 1);
        far.ask(Ropen.class, new Topen(1, READ));
        for (int count : new int[]{100, 512, 8192, 1 << 20}) {
            List<String> names = new ArrayList<>();
            long offset = 0;
            for (ByteBuf data = read(offset, count); data.isReadable(); data = read(offset, count)) {
                assertThat(data.readableBytes()).isLessThanOrEqualTo(count);
                offset += data.readableBytes();
                records(data).forEach(s -> names.add(s.name().utf8()));
            }
            assertThat(names).hasSize(300).doesNotHaveDuplicates().contains("file-0", "file-299");
        }
        assertThat(far.words(new Tread(1, 7, 100))).isEqualTo("bad offset in directory read");
        assertThat(read(0, 8192).isReadable()).isTrue();
        assertThat(far.words(new Tread(1, 0, 10))).isEqualTo("Invalid argument");
    }

    @Test
    @DisplayName("S5 a read of a directory that has no room for the next record is empty, and the next one goes on there")
    void directoryInFullBuffers() throws IOException {
        for (int i = 0; i < 300; i++) {
            Files.createFile(dir.resolve("file-" + i));
        }
        far.walk(0, 1);
        far.ask(Ropen.class, new Topen(1, READ));
        List<String> names = new ArrayList<>();
        long offset = 0;
        int before;
        do {
            before = names.size();
            // As Linux fills its buffer: until nothing comes, with what room is left.
            int room = 4096;
            for (ByteBuf data = read(offset, room); data.isReadable(); data = read(offset, room)) {
                offset += data.readableBytes();
                room -= data.readableBytes();
                records(data).forEach(s -> names.add(s.name().utf8()));
            }
        } while (names.size() > before);
        assertThat(names).hasSize(300).doesNotHaveDuplicates();
    }

    private ByteBuf read(long offset, int count) {
        return far.ask(Rread.class, new Tread(1, offset, count)).data();
    }

    @Test
    @DisplayName("Twstat renames, truncates, and sets mode and time")
    void wstat() throws IOException {
        create(1, "f", 0644, RDWR);
        far.ask(Rwrite.class, new Twrite(1, 0, bytes("hello")));
        far.ask(Rwstat.class, new Twstat(1, with(0600, 1_000_000, 2, "g")));
        Path g = dir.resolve("g");
        assertThat(g).hasContent("he");
        assertThat(Files.getPosixFilePermissions(g)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getLastModifiedTime(g)).isEqualTo(FileTime.from(java.time.Instant.ofEpochSecond(1_000_000)));
        assertThat(stat(1).name().utf8()).isEqualTo("g");
        Files.writeString(dir.resolve("h"), "old");
        far.ask(Rwstat.class, new Twstat(1, with(-1, -1, -1, "h")));
        assertThat(dir.resolve("h")).hasContent("he");
    }

    @Test
    @DisplayName("Twstat changes nothing of what cannot be changed, and nothing at all if one field is refused")
    void wstatRefused() {
        create(1, "f", 0644, RDWR);
        assertThat(far.words(new Twstat(1, with(DMDIR | 0755, -1, -1, "g")))).contains("can't convert");
        assertThat(far.words(new Twstat(0, with(-1, -1, 5, "")))).isEqualTo("Is a directory");
        assertThat(far.words(new Twstat(1, with(-1, -1, -2, "")))).isEqualTo("Invalid argument");
        assertThat(far.words(new Twstat(1, with(-1, -1, -1, "a/b")))).isEqualTo("Invalid argument");
        assertThat(far.words(new Twstat(0, with(-1, -1, -1, "root")))).isEqualTo("Operation not permitted");
        assertThat(dir.resolve("f")).exists();
        assertThat(far.ask(Rwstat.class, new Twstat(1, stat(1)))).isNotNull();
    }

    @Test
    @DisplayName("a time before 1970 or after 2106 is told as the nearest there is, and a Twstat that says it changes none")
    void timesOutOfReach() throws IOException {
        create(1, "f", 0644, RDWR);
        Path f = dir.resolve("f");
        for (String time : List.of("1969-12-31T23:59:00Z", "2107-01-01T00:00:00Z")) {
            FileTime set = FileTime.from(java.time.Instant.parse(time));
            Files.setLastModifiedTime(f, set);
            int told = stat(1).mtime();
            assertThat(told).isEqualTo(time.startsWith("1") ? 0 : 0xFFFF_FFFE);
            far.ask(Rwstat.class, new Twstat(1, with(0600, told, -1, "")));
            assertThat(Files.getLastModifiedTime(f)).isEqualTo(set);
        }
    }

    @Test
    @DisplayName("S13 a Twstat that touches nothing is a sync")
    void sync() {
        create(1, "f", 0644, RDWR);
        Stat before = stat(1);
        far.ask(Rwstat.class, new Twstat(1, untouched()));
        far.ask(Rwstat.class, new Twstat(0, untouched()));
        assertThat(stat(1)).isEqualTo(before);
    }

    @Test
    @DisplayName("S18 errors are the words that clients know")
    void words() {
        far.walk(0, 5);
        assertThat(((dev.ninetunnel.wire.message.Rerror) far.walk(0, 1, "nothing")).ename().utf8())
                .isEqualTo("No such file or directory");
        create(1, "f", 0644, RDWR);
        assertThat(far.words(new Tcreate(5, Text.of("f"), 0644, RDWR, Optional.empty()))).isEqualTo("File exists");
        assertThat(far.words(new Topen(1, READ))).isEqualTo("Bad file descriptor");
        assertThat(far.words(new Topen(0, WRITE))).isEqualTo("Is a directory");
        assertThat(far.words(new Topen(0, 0x10))).isEqualTo("Is a directory");
        assertThat(far.words(new Topen(5, 0x08))).isNotEmpty();
    }

    @Test
    @DisplayName("messages of the other dialect are not supported on a fid")
    void otherDialect() {
        assertThat(far.words(new Tgetattr(0, 0x7ff))).isEqualTo("Operation not supported");
        assertThat(far.words(new Tlopen(0, 0))).isEqualTo("Operation not supported");
        far.attach(9, "");
        assertThat(far.errno(new Tstat(9))).isEqualTo(95);
    }

    @Test
    @DisplayName("ORCLOSE removes the file when it is clunked, and when the conversation ends")
    void removeOnClose() {
        create(1, "f", 0644, RDWR | 0x40);
        create(2, "g", 0644, RDWR | 0x40);
        assertThat(dir.resolve("f")).exists();
        assertThat(far.ask(new Tclunk(1))).isInstanceOf(Rclunk.class);
        assertThat(dir.resolve("f")).doesNotExist();
        far.close();
        assertThat(dir.resolve("g")).doesNotExist();
    }

    @Test
    @DisplayName("OTRUNC empties, DMAPPEND writes go to the end, and DMEXCL lets one open it")
    void modes() throws IOException {
        Files.writeString(dir.resolve("t"), "content");
        far.walk(0, 1, "t");
        far.ask(Ropen.class, new Topen(1, WRITE | 0x10));
        assertThat(dir.resolve("t")).isEmptyFile();
        create(2, "a", DMAPPEND | 0644, WRITE);
        far.ask(Rwrite.class, new Twrite(2, 0, bytes("ab")));
        far.ask(Rwrite.class, new Twrite(2, 0, bytes("cd")));
        assertThat(dir.resolve("a")).hasContent("abcd");
        assertThat(stat(2).mode()).isEqualTo(DMAPPEND | 0644);
        assertThat(stat(2).qid().type()).isEqualTo(Qid.APPEND);
        create(3, "x", DMEXCL | 0644, WRITE);
        far.walk(0, 4, "x");
        assertThat(far.words(new Topen(4, READ))).isEqualTo("Device or resource busy");
        far.ask(new Tclunk(3));
        far.ask(Ropen.class, new Topen(4, READ));
    }

    @Test
    @DisplayName("S6 a file that was removed can still be told about, read and written")
    void removed() {
        create(1, "f", 0644, RDWR);
        far.walk(0, 2, "f");
        far.ask(Rremove.class, new Tremove(2));
        far.ask(Rwrite.class, new Twrite(1, 0, bytes("x")));
        assertThat(stat(1).length()).isEqualTo(1);
        assertThat(far.words(new Tstat(2))).isEqualTo("Bad file descriptor");
    }

    @Test
    @DisplayName("M5 Tremove unbinds its fid even when it fails")
    void removeFails() throws IOException {
        Files.createDirectories(dir.resolve("d/e"));
        far.walk(0, 1, "d");
        assertThat(far.words(new Tremove(1))).isEqualTo("Directory not empty");
        assertThat(far.words(new Tstat(1))).isEqualTo("Bad file descriptor");
        assertThat(((Rwalk) far.walk(0, 1, "d")).qids()).hasSize(1);
    }

    @Test
    @DisplayName("9P2000.u tells links, devices and numbers, and makes links by Tcreate")
    void unix() throws IOException {
        try (FarSide u = new FarSide(false, ServerLimits.STANDARD, FarSide.directory("files", dir))) {
            assertThat(u.version("9P2000.u").version().utf8()).isEqualTo("9P2000.u");
            u.attach(0, "");
            Files.writeString(dir.resolve("f"), "f");
            u.walk(0, 1);
            u.ask(Rcreate.class, new Tcreate(1, Text.of("s"), 0x0200_0777, READ, Optional.of(Text.of("f"))));
            assertThat(dir.resolve("s")).isSymbolicLink();
            Stat s = u.ask(Rstat.class, new Tstat(1)).stat();
            assertThat(s.unix().orElseThrow().extension().utf8()).isEqualTo("f");
            assertThat(s.mode() & 0x0200_0000).isNotZero();
            u.walk(0, 2, "f");
            u.walk(0, 3);
            u.ask(Rcreate.class, new Tcreate(3, Text.of("g"), 0x0100_0000, READ, Optional.of(Text.of("2\n"))));
            assertThat(dir.resolve("g")).hasContent("f");
            assertThat(u.ask(dev.ninetunnel.wire.message.Rerror.class, new Tgetattr(0, 0)).errno()).hasValue(95);
        }
    }
}
