package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Rstat;
import dev.ninetunnel.wire.message.Rsymlink;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwstat;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twstat;
import dev.ninetunnel.wire.message.Txattrcreate;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an attach leads, the root of several exports, and read-only ones. */
class AttachTest {
    private static final int EROFS = 30;
    private static final int EBUSY = 16;
    private static final int ESTALE = 116;
    private static final int AT_REMOVEDIR = 0x200;

    @TempDir
    Path one;
    @TempDir
    Path two;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(one.resolve("sub/deep"));
        Files.writeString(one.resolve("sub/f"), "one");
        Files.writeString(two.resolve("f"), "two");
    }

    private FarSide both() throws IOException {
        FarSide far = new FarSide(true, ServerLimits.STANDARD, FarSide.directory("one", one),
                FarSide.readOnly("two", two));
        far.version("9P2000.L");
        return far;
    }

    private static Qid qid(FarSide far, int fid) {
        return far.ask(Rgetattr.class, new Tgetattr(fid, 0)).qid();
    }

    @Test
    @DisplayName("S21 a peer that puts a link in the place of an export within another reads nothing through it")
    void linkInThePlaceOfANestedExport() throws IOException {
        Files.createDirectory(one.resolve("inner"));
        try (FarSide far = new FarSide(true, ServerLimits.STANDARD, FarSide.directory("outer", one),
                FarSide.directory("inner", one.resolve("inner")))) {
            far.version("9P2000.L");
            far.attach(0, "outer");
            far.attach(1, "inner");
            far.ask(Runlinkat.class, new Tunlinkat(0, Text.of("inner"), AT_REMOVEDIR));
            far.ask(Rsymlink.class, new Tsymlink(0, Text.of("inner"), Text.of(two.toString()), 0));
            assertThat(far.attach(2, "inner")).isEqualTo(new Rlerror(ESTALE));
            assertThat(far.attach(2, "inner/f")).isEqualTo(new Rlerror(ESTALE));
            far.exports
                    .change(List.of(FarSide.directory("outer", one), FarSide.directory("inner", one.resolve("inner"))))
                    .apply();
            assertThat(far.attach(2, "inner")).as("after a reload, too").isEqualTo(new Rlerror(ESTALE));
            far.attach(3, "");
            assertThat(far.walk(3, 4, "inner")).isEqualTo(new Rlerror(ESTALE));
            assertThat(far.walk(3, 4, "outer")).isInstanceOf(Rwalk.class);
            far.ask(Runlinkat.class, new Tunlinkat(0, Text.of("inner"), 0));
            far.ask(Rmkdir.class, new Tmkdir(0, Text.of("inner"), 0755, 0));
            assertThat(far.attach(2, "inner")).isInstanceOf(Rattach.class);
        }
    }

    @Test
    @DisplayName("of one export the empty name, its name, what is below, and its path lead in")
    void single() throws IOException {
        try (FarSide far = FarSide.ours(one)) {
            Qid top = ((Rattach) far.attach(0, "")).qid();
            assertThat(((Rattach) far.attach(1, "files")).qid()).isEqualTo(top);
            assertThat(((Rattach) far.attach(2, one.toString())).qid()).isEqualTo(top);
            Qid sub = ((Rattach) far.attach(3, "files/sub")).qid();
            assertThat(((Rattach) far.attach(4, one + "/sub")).qid()).isEqualTo(sub);
            assertThat(((Rattach) far.attach(5, "/files/sub/")).qid()).isEqualTo(sub);
            assertThat(far.attach(6, "other")).isEqualTo(new Rlerror(2));
            assertThat(far.attach(6, "files/none")).isEqualTo(new Rlerror(2));
            assertThat(far.attach(6, "files/../..")).isEqualTo(new Rlerror(2));
            assertThat(far.attach(0, "")).isEqualTo(new Rlerror(9));
            assertThat(((Rwalk) far.walk(3, 7, "..", "deep", "..", "..")).qids()).last().isEqualTo(sub);
        }
    }

    @Test
    @DisplayName("S11 the directory that was attached to can be neither removed nor renamed by who attached there")
    void attachedDirectoryStays() throws IOException {
        try (FarSide far = FarSide.ours(one)) {
            Path deep = one.resolve("sub/deep");
            far.attach(0, "files/sub/deep");
            far.walk(0, 1);
            assertThat(far.errno(new Tremove(1))).isEqualTo(EBUSY);
            far.attach(2, "files");
            assertThat(far.errno(new Trename(0, 2, Text.of("moved")))).isEqualTo(EBUSY);
            far.attachPlain(3, "files/sub/deep");
            far.walk(3, 4);
            assertThat(far.words(new Tremove(4))).isEqualTo("Device or resource busy");
            far.walk(3, 5);
            far.ask(new Topen(5, 0x40));
            far.ask(new Tclunk(5));
            assertThat(deep).isEmptyDirectory();
            far.walk(2, 6, "sub", "deep");
            far.ask(Rremove.class, new Tremove(6));
            assertThat(deep).doesNotExist();
        }
    }

    @Test
    @DisplayName("several exports are listed by a root that is walked into and out of, and cannot be changed")
    void several() throws IOException {
        try (FarSide far = both()) {
            far.attach(0, "");
            far.walk(0, 1);
            far.ask(Rlopen.class, new Tlopen(1, 0));
            ByteBuf data = far.ask(Rreaddir.class, new Treaddir(1, 0, 4096)).data();
            List<String> names = new ArrayList<>();
            while (data.isReadable()) {
                data.skipBytes(Qid.BYTES + 8 + 1);
                names.add(Text.read(data).utf8());
            }
            assertThat(names).containsExactly(".", "..", "one", "two");
            far.walk(0, 2, "one", "sub", "f");
            far.ask(Rlopen.class, new Tlopen(2, 0));
            assertThat(far.ask(Rread.class, new Tread(2, 0, 10)).data().toString(UTF_8)).isEqualTo("one");
            far.walk(0, 3, "one", "sub", "..", "..", "two");
            assertThat(qid(far, 3)).isEqualTo(((Rattach) far.attach(4, "two")).qid());
            assertThat(((Rwalk) far.walk(4, 5, "..")).qids()).containsExactly(qid(far, 4));
            assertThat(far.walk(0, 6, "three")).isEqualTo(new Rlerror(2));
            assertThat(far.errno(new Tmkdir(0, Text.of("three"), 0755, 0))).isEqualTo(EROFS);
            far.walk(0, 6, "one");
            assertThat(far.errno(new Trenameat(6, Text.of("sub"), 3, Text.of("sub")))).isEqualTo(18);
            assertThat(far.errno(new Tlink(6, 3, Text.of("x")))).isEqualTo(18);
        }
    }

    @Test
    @DisplayName("9P2000 sees the root of several exports by their names")
    void severalPlain() throws IOException {
        try (FarSide far = both()) {
            far.attachPlain(0, "");
            far.walk(0, 1);
            far.ask(Ropen.class, new Topen(1, 0));
            ByteBuf data = far.ask(Rread.class, new Tread(1, 0, 8192)).data();
            Stat first = Stat.read(data.readSlice(2 + data.getUnsignedShortLE(data.readerIndex())));
            assertThat(first.name().utf8()).isEqualTo("one");
            far.walk(0, 2, "one");
            assertThat(far.ask(Rstat.class, new Tstat(2)).stat().name().utf8()).isEqualTo("one");
            far.walk(0, 3, "one", "sub", "..");
            assertThat(far.ask(Rstat.class, new Tstat(3)).stat().name().utf8()).isEqualTo("one");
        }
    }

    @Test
    @DisplayName("L6 where nothing is exported, an attach says so, and the rest goes on")
    void nothing() throws IOException {
        try (FarSide far = new FarSide(true, ServerLimits.STANDARD)) {
            far.version("9P2000.L");
            assertThat(far.attach(0, "")).isEqualTo(new Rlerror(2));
            Rmessage answer = far.attachPlain(0, "x");
            assertThat(((Rerror) answer).ename().utf8()).isEqualTo("nothing is exported to you here");
            assertThat(far.errno(new Tgetattr(0, 0))).isEqualTo(9);
        }
    }

    @Test
    @DisplayName("two exports of one name are refused, and so is a directory that is not there")
    void badExports() {
        assertThatThrownBy(() -> new Exports(List.of(FarSide.directory("x", one), FarSide.directory("x", two)),
                new LocalTrees())).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("\"x\"");
        assertThatThrownBy(() -> new Exports(List.of(FarSide.directory("x", one.resolve("none"))), new LocalTrees()))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> FarSide.directory("a/b", one)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("S20 a read-only export takes nothing that changes it")
    void readOnly() throws IOException {
        try (FarSide far = both()) {
            far.attach(0, "two");
            far.walk(0, 1, "f");
            far.walk(0, 2, "f");
            for (int flags : new int[]{1, 2, 3, 01000, 02001}) {
                assertThat(far.errno(new Tlopen(1, flags))).as("flags %o", flags).isEqualTo(EROFS);
            }
            assertThat(far.errno(new Tlcreate(2, Text.of("n"), 0, 0644, 0))).isEqualTo(EROFS);
            assertThat(far.errno(new Tmkdir(0, Text.of("n"), 0755, 0))).isEqualTo(EROFS);
            assertThat(far.errno(new Tmknod(0, Text.of("n"), 0100644, 0, 0, 0))).isEqualTo(EROFS);
            assertThat(far.errno(new Tsymlink(0, Text.of("n"), Text.of("x"), 0))).isEqualTo(EROFS);
            assertThat(far.errno(new Tlink(0, 1, Text.of("n")))).isEqualTo(EROFS);
            assertThat(far.errno(new Trename(1, 0, Text.of("n")))).isEqualTo(EROFS);
            assertThat(far.errno(new Trenameat(0, Text.of("f"), 0, Text.of("n")))).isEqualTo(EROFS);
            assertThat(far.errno(new Tunlinkat(0, Text.of("f"), 0))).isEqualTo(EROFS);
            assertThat(far.errno(new Tsetattr(1, 1, 0777, 0, 0, 0, 0, 0, 0, 0))).isEqualTo(EROFS);
            assertThat(far.errno(new Txattrcreate(1, Text.of("user.x"), 1, 0))).isEqualTo(EROFS);
            assertThat(far.errno(new Tremove(2))).isEqualTo(EROFS);
            far.ask(Rlopen.class, new Tlopen(1, 0100000));
            assertThat(far.ask(Rread.class, new Tread(1, 0, 10)).data().toString(UTF_8)).isEqualTo("two");
            far.ask(new Tclunk(1));
            assertThat(two.resolve("f")).hasContent("two");
        }
    }

    @Test
    @DisplayName("S20 a read-only export takes nothing that changes it in 9P2000, but a sync")
    void readOnlyPlain() throws IOException {
        String refused = "Read-only file system";
        try (FarSide far = both()) {
            far.attachPlain(0, "two");
            far.walk(0, 1, "f");
            far.walk(0, 2);
            for (int mode : new int[]{1, 2, 0x10, 0x11, 0x40, 0x43}) {
                assertThat(far.words(new Topen(1, mode))).as("mode %x", mode).isEqualTo(refused);
            }
            assertThat(far.words(new Tcreate(2, Text.of("n"), 0644, 0, Optional.empty()))).isEqualTo(refused);
            Stat untouched = new Stat(0xFFFF, -1, new Qid(0xFF, -1, -1), -1, -1, -1, -1, Text.EMPTY, Text.EMPTY,
                    Text.EMPTY, Text.EMPTY, Optional.empty());
            far.ask(Rwstat.class, new Twstat(1, untouched));
            Stat renaming = new Stat(0xFFFF, -1, new Qid(0xFF, -1, -1), -1, -1, -1, -1, Text.of("n"), Text.EMPTY,
                    Text.EMPTY, Text.EMPTY, Optional.empty());
            assertThat(far.words(new Twstat(1, renaming))).isEqualTo(refused);
            assertThat(far.words(new Tremove(2))).isEqualTo(refused);
            far.ask(Ropen.class, new Topen(1, 3));
        }
    }
}
