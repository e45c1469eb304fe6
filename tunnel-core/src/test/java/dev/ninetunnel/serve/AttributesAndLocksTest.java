package dev.ninetunnel.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetlock;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rxattrcreate;
import dev.ninetunnel.wire.message.Rxattrwalk;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttributesAndLocksTest {
    private static final int READ_LOCK = 0;
    private static final int WRITE_LOCK = 1;
    private static final int UNLOCK = 2;
    private static final int ENODATA = 61;

    @TempDir
    Path dir;

    private FarSide far;

    @BeforeEach
    void file() throws IOException {
        far = FarSide.ours(dir);
        far.attach(0, "");
        far.walk(0, 1);
        far.ask(Rlcreate.class, new Tlcreate(1, Text.of("f"), 2, 0644, 0));
    }

    @AfterEach
    void close() {
        far.close();
    }

    private Rmessage create(int fid, String name, long size, int flags) {
        far.walk(0, fid, "f");
        return far.ask(new Txattrcreate(fid, Text.of(name), size, flags));
    }

    private void set(String name, String value) {
        create(2, name, value.length(), 0);
        if (!value.isEmpty()) {
            far.ask(Rwrite.class, new Twrite(2, 0, Unpooled.copiedBuffer(value, UTF_8)));
        }
        Rmessage clunked = far.ask(new Tclunk(2));
        assumeTrue(!(clunked instanceof Rlerror e && e.ecode() == 95),
                "the temporary directory's file system has no extended attributes");
        assertThat(clunked).isInstanceOf(Rclunk.class);
    }

    private String get(String name) {
        long size = far.ask(Rxattrwalk.class, new Txattrwalk(1, 3, Text.of(name))).size();
        String value = far.ask(Rread.class, new Tread(3, 0, 65536)).data().toString(UTF_8);
        assertThat(value.getBytes(UTF_8)).hasSize((int) size);
        far.ask(Rclunk.class, new Tclunk(3));
        return value;
    }

    @Test
    @DisplayName("S9 an attribute is set by its clunk, listed, read and removed")
    void attributes() {
        set("user.one", "1");
        set("user.two", "22");
        assertThat(get("user.two")).isEqualTo("22");
        assertThat(get("").split("\0", -1)).contains("user.one", "user.two");
        set("user.one", "");
        assertThat(far.errno(new Txattrwalk(1, 3, Text.of("user.one")))).isEqualTo(ENODATA);
        assertThat(far.errno(new Tclunk(3))).isEqualTo(9);
    }

    @Test
    @DisplayName("S9 the clunk's reply bears the error of setting, and the fid is gone")
    void errorAtClunk() {
        set("user.one", "1");
        create(2, "user.one", 1, 1);
        far.ask(Rwrite.class, new Twrite(2, 0, Unpooled.copiedBuffer("2", UTF_8)));
        assertThat(far.errno(new Tclunk(2))).isEqualTo(17);
        create(2, "user.none", 1, 2);
        far.ask(Rwrite.class, new Twrite(2, 0, Unpooled.copiedBuffer("2", UTF_8)));
        assertThat(far.errno(new Tclunk(2))).isEqualTo(ENODATA);
        create(2, "user.none", 0, 0);
        assertThat(far.errno(new Tclunk(2))).isEqualTo(ENODATA);
        create(2, "user.short", 5, 0);
        assertThat(far.errno(new Tclunk(2))).isEqualTo(22);
        assertThat(far.errno(new Tclunk(2))).isEqualTo(9);
    }

    @Test
    @DisplayName("S9 a write outside the announced size is EINVAL, and a size above what Linux takes is E2BIG")
    void sizes() {
        create(2, "user.one", 3, 0);
        assertThat(far.errno(new Twrite(2, 0, Unpooled.copiedBuffer("four", UTF_8)))).isEqualTo(22);
        assertThat(far.errno(new Twrite(2, 2, Unpooled.copiedBuffer("x", UTF_8)))).isEqualTo(22);
        assertThat(((Rlerror) create(3, "user.one", 65537, 0)).ecode()).isEqualTo(7);
        assertThat(((Rlerror) create(4, "user.one", -1, 0)).ecode()).isEqualTo(7);
    }

    @Test
    @DisplayName("S9 the number of open attributes is capped, and each clunk makes room")
    void capped() throws IOException {
        try (FarSide few = new FarSide(true, new ServerLimits(8192, 1 << 20, 1 << 20, 100, 2, 4, 10),
                FarSide.directory("files", dir))) {
            few.version("9P2000.L");
            few.attach(0, "");
            for (int round = 0; round < 3; round++) {
                few.ask(Rxattrwalk.class, new Txattrwalk(0, 1, Text.EMPTY));
                few.walk(0, 2);
                few.ask(Rxattrcreate.class, new Txattrcreate(2, Text.of("user.x"), 1, 0));
                assertThat(few.errno(new Txattrwalk(0, 3, Text.EMPTY))).isEqualTo(24);
                few.ask(new Tclunk(1));
                few.ask(new Tclunk(2));
            }
        }
    }

    private int lock(FarSide by, int fid, int type, long start, long length, int process) {
        return by.ask(Rlock.class, new Tlock(fid, type, 1, start, length, process, Text.of("host"))).status();
    }

    private Rgetlock conflict(FarSide by, int fid, int type, long start, long length, int process) {
        return by.ask(Rgetlock.class, new Tgetlock(fid, type, start, length, process, Text.of("host")));
    }

    @Test
    @DisplayName("S10 locks exclude other processes by byte ranges, never wait, and go with the clunk")
    void locks() {
        far.walk(0, 2, "f");
        far.ask(Rlopen.class, new Tlopen(2, 2));
        assertThat(lock(far, 1, WRITE_LOCK, 0, 10, 100)).isZero();
        assertThat(lock(far, 2, WRITE_LOCK, 10, 10, 200)).isZero();
        assertThat(lock(far, 2, READ_LOCK, 9, 1, 200)).isEqualTo(1);
        Rgetlock held = conflict(far, 2, WRITE_LOCK, 0, 0, 200);
        assertThat(held).isEqualTo(new Rgetlock(WRITE_LOCK, 0, 10, 100, Text.of("host")));
        assertThat(conflict(far, 1, READ_LOCK, 0, 10, 100).lockType()).isEqualTo(UNLOCK);
        assertThat(conflict(far, 2, UNLOCK, 5, 1, 200)).as("what Linux asks").isEqualTo(held);
        assertThat(conflict(far, 1, UNLOCK, 0, 10, 100).lockType()).isEqualTo(UNLOCK);
        assertThat(lock(far, 2, UNLOCK, 500, 1, 200)).isZero();
        far.ask(new Tclunk(1));
        assertThat(lock(far, 2, READ_LOCK, 9, 1, 200)).isZero();
    }

    @Test
    @DisplayName("S10 locks exclude other conversations, and go when theirs ends or begins anew")
    void locksOfConversations() throws IOException {
        try (FarSide other = FarSide.ours(dir)) {
            other.attach(0, "");
            other.walk(0, 1, "f");
            other.ask(Rlopen.class, new Tlopen(1, 2));
            assertThat(lock(other, 1, WRITE_LOCK, 0, 0, 100)).isZero();
            assertThat(lock(far, 1, WRITE_LOCK, 0, 0, 100)).isEqualTo(1);
            other.version("9P2000.L");
            assertThat(lock(far, 1, WRITE_LOCK, 0, 0, 100)).isZero();
            far.close();
            other.attach(0, "");
            other.walk(0, 1, "f");
            other.ask(Rlopen.class, new Tlopen(1, 2));
            assertThat(lock(other, 1, WRITE_LOCK, 0, 0, 7)).isZero();
        }
    }

    @Test
    @DisplayName("S16 locks of impossible ranges are EINVAL")
    void badLocks() {
        assertThat(far.errno(new Tlock(1, 3, 0, 0, 0, 1, Text.of("h")))).isEqualTo(22);
        assertThat(far.errno(new Tlock(1, 0, 0, -1, 0, 1, Text.of("h")))).isEqualTo(22);
        assertThat(far.errno(new Tlock(1, 0, 0, Long.MAX_VALUE, 2, 1, Text.of("h")))).isEqualTo(22);
        assertThat(far.errno(new Tlock(0, 0, 0, 0, 0, 1, Text.of("h")))).isEqualTo(9);
    }
}
