package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reload} answers, whatever has become of the file, and the endpoint stays as it was. */
class ReloadTest {
    private static final String GOOD = "listen = \"127.0.0.1:0\"\n[export.data]\npath = \".\"\n[peer.ann]\nallow = { data = \"ro\" }\n";

    @TempDir
    private Path folder;
    private Path file;
    private Thread endpoint;

    private record Said(int code, String out, String err) {}

    private Said type(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = "--home=" + folder;
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
        return new Said(code, out.toString(), err.toString());
    }

    @BeforeEach
    void up() throws IOException {
        file = Files.writeString(folder.resolve("ninetunnel.toml"), GOOD);
        endpoint = Thread.ofPlatform().start(() -> type("up"));
        await().atMost(Duration.ofMinutes(2)).until(() -> type("reload").code() == 0);
    }

    @AfterEach
    void down() throws InterruptedException {
        endpoint.interrupt();
        endpoint.join();
    }

    private void refused(String words) {
        Said said = type("reload");
        assertThat(said.err()).contains("all stays as it was").contains(words);
        assertThat(said.code()).isEqualTo(78);
        assertThat(type("status").code()).isZero();
    }

    @Test
    @DisplayName("a file that is nested without end, is too large, never ends, is no file or is open to others changes nothing")
    void hostile() throws Exception {
        Files.writeString(file, GOOD + "x = " + "[".repeat(100_000));
        refused("nested");
        Files.writeString(file, GOOD + "x = " + "{a=".repeat(100_000));
        refused("nested");
        Files.writeString(file, GOOD + "#" + "x".repeat(1 << 20));
        refused("larger than 1 MiB");
        Files.writeString(file, "=\n".repeat(100_000));
        refused("and more that is wrong");
        Files.writeString(file, GOOD);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        refused("chmod go-w " + file);
        Files.delete(file);
        refused("there is no file");
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        refused("regular file");
        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
        refused("regular file");

        Files.delete(file);
        Files.writeString(file, GOOD);
        assertThat(type("reload").code()).isZero();
    }

    @Test
    @DisplayName("brackets within strings and comments are no nesting, however many there are")
    void brackets() throws IOException {
        Files.writeString(file,
                GOOD.replace("path", "# " + "[{".repeat(100) + "\nhide = ['" + "[".repeat(100) + "', \"\\\""
                        + "[".repeat(100) + "\", '''\n" + "[".repeat(100) + "''']\npath"));
        assertThat(type("reload").err()).doesNotContain("nested");
    }
}
