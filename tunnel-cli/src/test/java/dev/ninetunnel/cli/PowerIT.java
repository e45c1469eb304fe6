package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as root starts it, that becomes another user: the packaged jar, in processes of its own. */
class PowerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int NOBODY = 65534;
    private static final int FIRST_FREE_PORT = 1024;

    @TempDir
    private Path folder;
    private final List<Process> running = new ArrayList<>();
    private Path exported;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "this takes root");
        allow(folder, "rwxr-xr-x");
        exported = allow(Files.createDirectory(folder.resolve("exported")), "rwxrwxrwx");
        allow(Files.writeString(exported.resolve("open"), "for all\n"), "rw-r--r--");
        allow(Files.writeString(exported.resolve("closed"), "for root\n"), "rw-------");
    }

    @AfterEach
    void stop() {
        running.forEach(Process::destroyForcibly);
    }

    private static Path allow(Path path, String mode) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private Process start(String name, List<String> before, String... words) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(PackagedProgram.BUILT.command());
        command.addAll(List.of(words));
        command.add("--home=" + folder.resolve(name.replaceFirst("-.*", "")));
        Process process = new ProcessBuilder(command).redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".err").toFile()).start();
        running.add(process);
        return process;
    }

    private String said(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".out")).strip();
    }

    private String complained(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".err"));
    }

    private int run(String name, String... words) throws Exception {
        return start(name, List.of(), words).waitFor();
    }

    private void awaitReady(String name, Process process) {
        await().atMost(PATIENCE).until(() -> said(name).startsWith("ready") || !process.isAlive());
        assertThat(folder.resolve(name + ".out")).content().startsWith("ready");
    }

    /** What a thread may do; nothing of one that has ended meanwhile, as the compiler's do. */
    private static List<String> status(Path thread) {
        try {
            return Files.readAllLines(thread.resolve("status"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private void trustEachOther() throws Exception {
        run("server-id", "id");
        run("laptop-id", "id");
        run("server-trust", "trust", said("laptop-id"), "--name", "laptop");
        run("laptop-trust", "trust", said("server-id"), "--name", "server");
    }

    /** One that only root may listen on. */
    private static int lowPort() throws IOException {
        for (int port = FIRST_FREE_PORT - 1; port > FIRST_FREE_PORT / 2; port--) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // The next one.
            }
        }
        throw new IOException("all low ports are taken");
    }

    @Test
    @DisplayName("with --user no thread keeps any power of root, and what is served is what that user may see")
    void drops() throws Exception {
        trustEachOther();
        allow(folder.resolve("server"), "rwxr-xr-x");
        allow(folder.resolve("server/peers"), "rw-r--r--");
        int port = lowPort();
        Process listen = start("server-listen", List.of(), "listen", "127.0.0.1:" + port, "--user", "nobody",
                "--export", exported.toString());
        awaitReady("server-listen", listen);
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + listen.pid() + "/task"))) {
            List<List<String>> all = threads.map(PowerIT::status).filter(status -> !status.isEmpty()).toList();
            assertThat(all).hasSizeGreaterThan(5);
            assertThat(all).allSatisfy(status -> assertThat(status)
                    .contains("Uid:\t65534\t65534\t65534\t65534", "Gid:\t65534\t65534\t65534\t65534",
                            "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000")
                    .anyMatch(line -> line.matches("Groups:\\s+65534\\s*")));
        }
        Process dial = start("laptop-dial", List.of(), "dial", "127.0.0.1:" + port, "--peer", "server");
        awaitReady("laptop-dial", dial);
        assertThat(run("laptop-open", "cat", "server:open")).isZero();
        assertThat(said("laptop-open")).isEqualTo("for all");
        assertThat(run("laptop-closed", "cat", "server:closed")).isNotZero();
        assertThat(complained("laptop-closed")).contains("Permission denied");
        assertThat(run("laptop-put", "put", exported.resolve("open").toString(), "server:new")).isZero();
        assertThat(Files.getAttribute(exported.resolve("new"), "unix:uid")).isEqualTo(NOBODY);

        new ProcessBuilder("kill", "-HUP", String.valueOf(listen.pid())).start().waitFor();
        await().atMost(PATIENCE).until(() -> complained("server-listen").contains("were read again"));
        assertThat(complained("server-listen")).contains("this user may not read " + folder.resolve("server/key.pem"))
                .doesNotContain("WARN", "ERROR");
        assertThat(run("laptop-again", "cat", "server:open")).isZero();
        listen.destroy();
        assertThat(listen.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(listen.exitValue()).as(complained("server-listen")).isZero();
        assertThat(folder.resolve("server/run/laptop.9p")).doesNotExist();
    }

    @Test
    @DisplayName("who cannot become the user does not start; nor does who would act as others, or become root")
    void refuses() throws Exception {
        run("server-id", "id");
        try (Stream<Path> files = Files.walk(folder.resolve("server"))) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", NOBODY);
            }
        }
        List<String> asNobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        assertThat(start("server-1", asNobody, "listen", "127.0.0.1:0", "--user", "daemon").waitFor()).isEqualTo(77);
        assertThat(complained("server-1")).contains("cannot become daemon", "start it as root");
        assertThat(run("other-1", "listen", "127.0.0.1:0", "--user", "daemon", "--export",
                exported + ",as=nobody")).isEqualTo(64);
        assertThat(complained("other-1")).contains("acts as other users", "leave one of the two out");
        assertThat(run("third-1", "listen", "127.0.0.1:0", "--user", "root")).isEqualTo(64);
        assertThat(complained("third-1")).contains("gives up nothing");
        assertThat(run("third-2", "listen", "127.0.0.1:0", "--user", "no-such-user")).isEqualTo(64);
        assertThat(complained("third-2")).contains("there is no user 'no-such-user'");
    }
}
