package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetlock;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a peer that may only read cannot do to the programs of the host. */
class ReadersTest {
    private static final Path PROGRAM = Path.of("/bin/true");
    private static final int READ_LOCK = 0;
    private static final int WRITE_LOCK = 1;
    private static final int UNLOCK = 2;

    @TempDir
    private Path dir;

    private FarSide reader;
    private FarSide writer;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "there is no " + PROGRAM);
        Files.copy(PROGRAM, dir.resolve("program"));
        assertThat(dir.resolve("program").toFile().setExecutable(true)).isTrue();
        reader = new FarSide(true, ServerLimits.STANDARD, FarSide.readOnly("files", dir));
        reader.version("9P2000.L");
        writer = FarSide.ours(dir);
        for (FarSide far : new FarSide[]{reader, writer}) {
            far.attach(0, "");
            far.walk(0, 1, "program");
            far.ask(Rlopen.class, new Tlopen(1, 0));
        }
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    private boolean runs() throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(dir.resolve("program").toString()).start();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("Text file busy");
            return false;
        }
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return process.exitValue() == 0;
    }

    private static Tlock lock(int kind) {
        return new Tlock(1, kind, 0, 0, 0, 7, Text.of("h"));
    }

    @Test
    @DisplayName("S20 a program of the host can be run while a read-only peer holds a lock on it")
    void running() throws Exception {
        assertThat(reader.ask(lock(READ_LOCK))).isEqualTo(new Rlock(0));
        assertThat(runs()).isTrue();
        assertThat(reader.ask(lock(UNLOCK))).isEqualTo(new Rlock(0));
        assertThat(writer.ask(lock(READ_LOCK))).isEqualTo(new Rlock(0));
        assertThat(runs()).as("while it is open for writing, as one who may write may open it").isFalse();
    }

    @Test
    @DisplayName("S20 a read-only peer gets no lock for writing: EBADF, as from fcntl(2) through a descriptor for reading")
    void writeLocks() {
        assertThat(reader.errno(lock(WRITE_LOCK))).isEqualTo(Errno.EBADF.number());
        assertThat(writer.ask(lock(WRITE_LOCK))).isEqualTo(new Rlock(0));
        assertThat(reader.ask(lock(READ_LOCK))).isEqualTo(new Rlock(1));
        assertThat(reader.ask(Rgetlock.class, new Tgetlock(1, WRITE_LOCK, 0, 0, 7, Text.of("h"))).lockType())
                .as("it may ask who has one").isEqualTo(WRITE_LOCK);
    }
}
