package dev.ninetunnel.fs.linux;

import static dev.ninetunnel.fs.FsTesting.bytes;
import static dev.ninetunnel.fs.FsTesting.fails;
import static dev.ninetunnel.fs.FsTesting.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenFile.Lock;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.linux.ProcessCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks between peers and a program on the exporting machine. */
class OutsideLocksTest {
    /** Does what lines on its input say: lock or unlock a range; answers each with yes or no. */
    private static final String PROGRAM = """
            import fcntl, sys
            f = open(sys.argv[1], 'r+')
            for line in sys.stdin:
                kind, start, length = line.split()
                how = {'write': fcntl.LOCK_EX, 'read': fcntl.LOCK_SH, 'unlock': fcntl.LOCK_UN}[kind]
                try:
                    fcntl.lockf(f, how | fcntl.LOCK_NB, int(length), int(start))
                    print('yes', flush=True)
                except OSError:
                    print('no', flush=True)
            """;

    @TempDir
    Path exported;
    private LinuxTree tree;
    private Node node;
    private Process program;
    private BufferedReader answers;
    private Writer orders;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "the other program is written in Python");
        tree = LinuxTree.open(exported);
        try (Node root = tree.root(Caller.SELF)) {
            node = file(root, "file", "content");
        }
        program = new ProcessBuilder("/usr/bin/python3", "-c", PROGRAM, exported.resolve("file").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        answers = program.inputReader(StandardCharsets.UTF_8);
        orders = program.outputWriter(StandardCharsets.UTF_8);
    }

    @AfterEach
    void close() throws Exception {
        if (program != null) {
            orders.close();
            assertThat(program.waitFor()).isZero();
            node.close();
            tree.close();
        }
    }

    private boolean outside(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
        return answers.readLine().equals("yes");
    }

    private static Lock lock(Lock.Kind kind, long start, long length) {
        return new Lock(kind, start, length, "peer", 7);
    }

    @Test
    @DisplayName("S10 locks exclude between peers and local programs")
    void bothWays() throws Exception {
        try (OpenFile file = node.open(OpenHow.READ_WRITE)) {
            assertThat(outside("write 0 10")).isTrue();
            assertThat(file.lock(lock(Lock.Kind.READ, 5, 1))).isFalse();
            assertThat(file.lock(lock(Lock.Kind.WRITE, 10, 10))).isTrue();
            assertThat(outside("read 19 1")).isFalse();
            assertThat(outside("read 20 1")).isTrue();
            Lock found = file.conflict(lock(Lock.Kind.WRITE, 0, 0));
            assertThat(found.kind()).isEqualTo(Lock.Kind.WRITE);
            assertThat(found.start()).isZero();
            assertThat(found.length()).isEqualTo(10);
            assertThat(found.process()).isEqualTo((int) program.pid());
            assertThat(found.owner()).isNotEqualTo("peer");
            assertThat(file.lock(lock(Lock.Kind.UNLOCK, 15, 0))).isTrue();
            assertThat(outside("write 15 5")).isTrue();
            assertThat(outside("write 14 1")).isFalse();
        }
        assertThat(outside("write 0 0")).isTrue();
    }

    @Test
    @DisplayName("S10 closing one open file of many does not drop the locks of others, as it would with POSIX locks")
    void closingOthers() throws Exception {
        try (OpenFile file = node.open(OpenHow.READ_WRITE)) {
            assertThat(file.lock(lock(Lock.Kind.WRITE, 0, 0))).isTrue();
            node.open(OpenHow.READ_WRITE).close();
            Files.readString(exported.resolve("file"));
            assertThat(outside("read 0 1")).isFalse();
        }
    }

    @Test
    void aFileOpenForReadingMayBeLockedForWritingByWhoeverMayWriteIt() throws Exception {
        try (OpenFile file = node.open(OpenHow.READ)) {
            assertThat(file.lock(lock(Lock.Kind.WRITE, 0, 0))).isTrue();
            assertThat(outside("read 0 1")).isFalse();
        }
        assumeTrue(ProcessCalls.uid() == 0, "needs root");
        Files.setAttribute(exported, "unix:mode", 0755);
        node.change(AttributeChange.mode(0444));
        Caller user = new Caller.User(61001, 61001, List.of());
        try (Node top = tree.root(user);
                Node same = top.walk(bytes("file"));
                OpenFile file = same.open(OpenHow.READ)) {
            fails(Errno.EBADF, () -> file.lock(lock(Lock.Kind.WRITE, 0, 0)));
            assertThat(file.lock(lock(Lock.Kind.READ, 0, 0))).isTrue();
            assertThat(outside("write 0 1")).isFalse();
        }
    }
}
