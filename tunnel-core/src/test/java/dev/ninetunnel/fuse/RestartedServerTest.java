package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Offer;
import dev.ninetunnel.wire.Dialect;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mount goes on when its server is started again: with the same files, and with no others. */
class RestartedServerTest {
    private static final int MSIZE = (128 << 10) + 24;

    @TempDir
    private Path folder;
    private Path served;
    private ForeignServer server;
    private TestMount mount;

    @BeforeEach
    void serve() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        served = Files.createDirectory(folder.resolve("served"));
        server = new ForeignServer(folder.resolve("socket"), served, MSIZE);
    }

    @AfterEach
    void end() throws Exception {
        if (mount != null) {
            mount.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private void mount(Dialect dialect, Optional<Duration> soft) throws Exception {
        mount = new TestMount(folder.resolve("socket"), folder.resolve("mnt"), Offer.of(dialect), soft);
    }

    private void restart() throws Exception {
        server.stop();
        server.start();
    }

    /** A program in python that waits for a line wherever it says so by {@code pause()}, and each step that it has come to. */
    private final class Program implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final PrintWriter in;

        Program(String script) throws Exception {
            process = mount.start("python3", "-c", """
                    import errno, fcntl, os, sys
                    def pause(*words):
                        print(*words, flush=True)
                        sys.stdin.readline()
                    def error(deed):
                        try:
                            return deed()
                        except OSError as e:
                            return errno.errorcode[e.errno]
                    """ + script);
            out = process.inputReader(StandardCharsets.UTF_8);
            in = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        }

        String said() throws Exception {
            return out.readLine();
        }

        void goOn() {
            in.println();
        }

        @Override
        public void close() {
            in.close();
            process.onExit().join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void openFilesAndDirectoriesGoOn(Dialect dialect) throws Exception {
        Files.createDirectories(served.resolve("d/e"));
        Files.writeString(served.resolve("d/e/f"), "0123456789");
        mount(dialect, Optional.empty());
        try (Program program = new Program("""
                os.chdir('d/e')
                f = os.open('f', os.O_RDWR)
                n = os.open('n', os.O_CREAT | os.O_EXCL | os.O_TRUNC | os.O_WRONLY)
                os.write(n, b'old ')
                pause(os.read(f, 3))
                print(os.read(f, 3), flush=True)
                os.pwrite(f, b'X', 0)
                os.write(n, b'new')
                os.mkdir('made')
                print(sorted(os.listdir('.')), sorted(os.listdir('../..')), os.read(f, 9), flush=True)
                os.close(f)
                os.close(n)
                """)) {
            assertThat(program.said()).isEqualTo("b'012'");
            restart();
            program.goOn();
            assertThat(program.said()).isEqualTo("b'345'");
            assertThat(program.said()).isEqualTo("['f', 'made', 'n'] ['d'] b'6789'");
        }
        assertThat(served.resolve("d/e/f")).hasContent("X123456789");
        assertThat(served.resolve("d/e/n")).hasContent("old new");
    }

    /** Renamed through the mount, it is found; removed, or another file in its place, it is stale. */
    @Test
    void onlyTheSameFileGoesOn() throws Exception {
        for (String name : new String[]{"moved", "removed", "replaced"}) {
            Files.writeString(served.resolve(name), name);
        }
        mount(Dialect.LINUX, Optional.empty());
        try (Program program = new Program("""
                moved, removed, replaced = (os.open(n, os.O_RDONLY) for n in ('moved', 'removed', 'replaced'))
                os.mkdir('d')
                os.rename('moved', 'd/there')
                os.rename('d', 'e')
                os.unlink('removed')
                pause()
                for fd in moved, removed, replaced:
                    print(error(lambda: os.pread(fd, 9, 0)), error(lambda: os.fstat(fd).st_size), flush=True)
                print(open('replaced').read(), flush=True)
                """)) {
            program.said();
            server.stop();
            Files.writeString(served.resolve("other"), "other");
            Files.move(served.resolve("replaced"), served.resolve("kept"));
            Files.move(served.resolve("other"), served.resolve("replaced"));
            server.start();
            program.goOn();
            assertThat(program.said()).isEqualTo("b'moved' 5");
            assertThat(program.said()).isEqualTo("ESTALE ESTALE");
            assertThat(program.said()).isEqualTo("ESTALE ESTALE");
            assertThat(program.said()).isEqualTo("other");
        }
    }

    /** As with NFS: whoever relies on a lock hears that somebody else may have had it meanwhile. */
    @Test
    void whoHeldALockGetsErrorsByThatHandleAlone() throws Exception {
        Files.writeString(served.resolve("f"), "content");
        mount(Dialect.LINUX, Optional.empty());
        try (Program program = new Program("""
                locked, unlocked, other = (os.open('f', os.O_RDWR) for _ in range(3))
                fcntl.flock(other, fcntl.LOCK_EX)
                fcntl.flock(other, fcntl.LOCK_UN)
                fcntl.flock(locked, fcntl.LOCK_EX)
                pause()
                for fd in locked, unlocked, other:
                    print(error(lambda: os.pwrite(fd, b'C', 0)), flush=True)
                print(error(lambda: os.close(locked)), flush=True)
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                print(error(lambda: os.pwrite(other, b'K', 0)), flush=True)
                """)) {
            program.said();
            restart();
            program.goOn();
            assertThat(program.said()).isEqualTo("EIO");
            assertThat(program.said()).isEqualTo("1");
            assertThat(program.said()).isEqualTo("1");
            assertThat(program.said()).isEqualTo("None");
            assertThat(program.said()).isEqualTo("1");
        }
    }

    @Test
    void programsWaitUntilTheServerIsBack() throws Exception {
        Files.writeString(served.resolve("f"), "content");
        mount(Dialect.LINUX, Optional.empty());
        assertThat(mount.sh("cat f")).isEqualTo("contentexit 0");
        server.stop();
        Process cat = mount.start("cat", "f");
        Process mkdir = mount.start("mkdir", "d");
        assertThat(cat.waitFor(500, TimeUnit.MILLISECONDS)).as("has not waited").isFalse();
        server.start();
        assertThat(new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("content");
        assertThat(mkdir.waitFor()).isZero();
        assertThat(served.resolve("d")).isDirectory();
    }

    @Test
    void aSoftMountGivesErrorsInsteadAndGoesOnWhenTheServerIsBack() throws Exception {
        Files.writeString(served.resolve("f"), "content");
        mount(Dialect.LINUX, Optional.of(Duration.ofSeconds(1)));
        server.stop();
        assertThat(mount.sh("cat f; mkdir d")).isEqualTo("cat: f: Connection timed out\n"
                + "mkdir: cannot create directory 'd': Connection timed out\nexit 1");
        server.start();
        assertThat(mount.sh("until cat f; do :; done 2>/dev/null")).isEqualTo("contentexit 0");
        assertThat(served.resolve("d")).doesNotExist();
    }
}
