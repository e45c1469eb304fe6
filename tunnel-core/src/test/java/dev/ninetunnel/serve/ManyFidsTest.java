package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a conversation with very many fids costs others when it ends. */
class ManyFidsTest {
    private static final int FIDS = 3000;

    @TempDir
    Path dir;

    @Test
    @DisplayName("S17 the fids of a conversation that has ended are closed a portion at a time, by one worker, and then it is over")
    void closedInPortions() throws IOException {
        Files.createFile(dir.resolve("f"));
        try (FarSide far = FarSide.ours(dir)) {
            far.attach(0, "");
            for (int fid = 1; fid <= FIDS; fid++) {
                assertThat(far.walk(0, fid, "f")).isInstanceOf(Rwalk.class);
            }
            far.holdWork();
            far.answers.clear();
            far.send(1, new Tversion(8192, Text.of("9P2000.L")));
            int goes = 0;
            while (!far.work.isEmpty()) {
                assertThat(far.work).as("what others' work has to wait for").hasSize(1);
                assertThat(far.answers).as("the answer, before all are closed").isEmpty();
                far.work.remove().run();
                goes++;
            }
            assertThat(goes).isGreaterThanOrEqualTo((FIDS + 1) / FidReaper.PORTION);
            assertThat(far.answers).hasSize(1);
            far.doWork();
        }
    }

    @Test
    @DisplayName("a clunk that ends nothing but a fid needs no worker; one that may close a file or is of an open fid does")
    void clunksWithoutAWorker() throws IOException {
        Files.createFile(dir.resolve("f"));
        try (FarSide far = FarSide.ours(dir)) {
            far.attach(0, "");
            for (int fid = 1; fid <= 3; fid++) {
                far.walk(0, fid, "f");
            }
            far.ask(Rlopen.class, new Tlopen(2, 0));
            far.holdWork();
            far.ask(Rclunk.class, new Tclunk(1));
            assertThat(far.work).isEmpty();
            far.send(1, new Tclunk(2));
            assertThat(far.work).as("it is open").hasSize(1);
            far.doWork();
            far.holdWork();
            far.send(2, new Tclunk(3));
            assertThat(far.work).as("nobody else has the file").hasSize(1);
            far.doWork();
            assertThat(far.errno(new Tclunk(1))).isEqualTo(Errno.EBADF.number());
            assertThat(far.errno(new Tclunk(3))).isEqualTo(Errno.EBADF.number());
        }
    }
}
