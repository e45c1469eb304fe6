package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands speak to an endpoint of the user who runs them, or of root, and to nobody else who listens at its socket. */
@Timeout(120)
class RunDirectoryTest {
    private static final int STRANGER = 65534;
    /** Listens, and hangs up on whoever connects. */
    private static final String LISTENER = """
            use IO::Socket::UNIX;
            my $s = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 5) or die $!;
            $| = 1; print "listening\\n";
            while (my $c = $s->accept()) { sysread($c, my $said, 4096); print "heard ", length $said, "\\n"; close $c; }
            """;

    @TempDir
    private Path folder;
    private Path run;
    private Process stranger;

    private record Said(int code, String err) {}

    @BeforeEach
    void listen() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")) && Files.isExecutable(Path.of("/usr/bin/perl"))
                && (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0,
                "this takes root, setpriv and perl");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        run = Files.createDirectory(folder.resolve("run"));
        Files.setAttribute(run, "unix:uid", STRANGER);
        stranger = new ProcessBuilder("setpriv", "--reuid=" + STRANGER, "--clear-groups", "perl", "-e", LISTENER,
                run.resolve("p1.9p").toString()).redirectErrorStream(true).start();
        assertThat(stranger.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("listening");
        Files.createSymbolicLink(run.resolve("ctl.9p"), Path.of("p1.9p"));
    }

    @AfterEach
    void end() {
        if (stranger != null) {
            stranger.destroy();
        }
    }

    private static Said type(Path run, String... words) {
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = "--run=" + run;
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), all);
        return new Said(code, err.toString());
    }

    @Test
    @DisplayName("root that names a user's directory uses that user's endpoint, as 'sudo ninetunnel mount --run' does")
    void named() throws IOException {
        Said said = type(run, "ls", "p1:");
        assertThat(said.err()).doesNotContain("user " + STRANGER);
        assertThat(stranger.inputReader(StandardCharsets.UTF_8).readLine()).startsWith("heard ")
                .isNotEqualTo("heard 0");
        assertThat(type(run, "mount", "--kernel", "p1:", folder.toString()).err()).doesNotContain("user " + STRANGER);
    }

    @Test
    @DisplayName("a stranger's socket in one's own directory is told nothing, by no command, whether the directory is named or not")
    void stranger() throws IOException {
        Files.setAttribute(run, "unix:uid", 0);
        for (String command : new String[]{"ls", "cat", "stat", "get", "mkdir", "rm", "bench"}) {
            Said said = type(run, command, "p1:x");
            assertThat(said.err()).as(command).contains("answers a process of user " + STRANGER);
            assertThat(said.code()).as(command).isEqualTo(77);
        }
        assertThat(type(run, "put", "/etc/hostname", "p1:x").code()).isEqualTo(77);
        assertThat(type(run, "mount", "--kernel", "p1:", folder.toString()).code()).isEqualTo(77);
        String empty = Files.createDirectory(folder.resolve("empty")).toString();
        assertThat(type(run, "mount", "--foreground", "p1:", empty).code()).isEqualTo(77);
        assertThat(type(run, "status").code()).isEqualTo(77);
        assertThat(type(run, "reload").code()).isEqualTo(77);
        for (int connection = 0; connection < 12; connection++) {
            assertThat(stranger.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("heard 0");
        }
    }

    @Test
    @DisplayName("the usual directory is not used if it, or a link in its place, belongs to somebody else")
    void usual() throws IOException {
        assertThatThrownBy(() -> new PeerFiles(new RunDirectory(run, false), "").of(PeerPath.parse("p1:")))
                .isInstanceOf(Failure.class).hasMessageContaining("belongs to another user");
        Path own = Files.createDirectory(folder.resolve("own"));
        Files.createSymbolicLink(own.resolve("p1.9p"), run.resolve("p1.9p"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), own);
        new ProcessBuilder("chown", "-h", String.valueOf(STRANGER), link.toString()).inheritIO().start().onExit()
                .join();
        assertThatThrownBy(() -> new PeerFiles(new RunDirectory(link, false), "").of(PeerPath.parse("p1:")))
                .isInstanceOf(Failure.class).hasMessageContaining("a link to it");
    }

    @Test
    @DisplayName("who may answer: oneself and root; for root, the owner of a directory that it has named, too")
    void servers() {
        assertThat(new RunDirectory(run, true).servers(1000, 1001)).containsExactlyInAnyOrder(0, 1000);
        assertThat(new RunDirectory(run, false).servers(0, 1001)).containsExactly(0);
        assertThat(new RunDirectory(run, true).servers(0, 1001)).containsExactlyInAnyOrder(0, 1001);
    }
}
