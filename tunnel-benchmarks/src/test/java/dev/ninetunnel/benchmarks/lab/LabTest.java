package dev.ninetunnel.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the laboratory as it is typed. How fast anything is, no test says. */
class LabTest {
    @TempDir
    private Path room;
    private Path launcher;

    private record Said(int code, String out, String err) {}

    private static List<String> java(String mainClass) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), mainClass);
    }

    /** Starts this program from the classes of the tests, as its launcher does from its jar. */
    @BeforeEach
    void makeLauncher() throws IOException {
        launcher = Files.createFile(room.resolve("ninetunnel"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(launcher,
                "#!/bin/sh\nexec '" + String.join("' '", java("dev.ninetunnel.cli.Main")) + "' \"$@\"\n");
    }

    private static Said type(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Said(code, out.toString(), err.toString());
    }

    private Said compare(String... more) {
        return type(Stream.concat(Stream.of("compare", "--program=" + launcher, "--seconds=0.02", "--warmup=0.01",
                "--file-size=1", "--rounds=1"), Stream.of(more)).toArray(String[]::new));
    }

    private void wrong(String why, String command, String... more) {
        Said said = type(Stream.concat(Stream.of(command, "--program=" + launcher), Stream.of(more))
                .toArray(String[]::new));
        assertThat(said.err()).contains(why).doesNotContain("\tat ");
        assertThat(said.code()).isEqualTo(64);
    }

    @Test
    @DisplayName("what is typed wrong is said before anything is measured")
    void typedWrong() {
        wrong("'reed' is no kind of load", "compare", "reed");
        wrong("'slow' is no network", "compare", "--network=slow");
        wrong("'crowds' is no kind of case", "scale", "crowds:3");
        wrong("one at least", "scale", "peers:0");
        wrong("'slow' is no network", "while", "--network=slow", "true");
        wrong("from 1 to", "while", "--file-size=0", "true");
    }

    @Test
    @DisplayName("a contender that cannot be started is left out with its reason, and the others are measured")
    void leftOut() {
        Said said = compare("--also=broken=/bin/false", "--only=broken,diod", "getattr");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("broken is left out, since it could not be started: listen has ended", "diod ");
        Said none = compare("--also=broken=/bin/false", "--only=broken", "getattr");
        assertThat(none.code()).isEqualTo(74);
        assertThat(none.err()).contains("nothing to measure: broken is left out").doesNotContain("\tat ");
    }

    @Test
    @DisplayName("bulk is measured once more with a tunnel that was just started, and told apart from what is warm")
    void cold() {
        Said said = compare("--only=diod", "--cold=0.05", "read", "getattr");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out().split("Cold: the first 0.05", 2)).satisfiesExactly(
                warm -> assertThat(warm).contains("read:1x8x128k", "getattr:1x1"),
                cold -> assertThat(cold).contains("read:1x8x128k").doesNotContain("getattr:1x1\n"));
        assertThat(compare("--only=diod", "--cold=0", "read").out()).doesNotContain("Cold:");
        wrong("0 or above", "compare", "--cold=-1");
    }

    @Test
    @DisplayName("a command that is run beside two endpoints finds the file behind their network, and ends the benchmark as it ends")
    void besides() throws IOException {
        Path found = room.resolve("found");
        Said said = type("while", "--program=" + launcher, "--file-size=1", "--network=100mbit,1ms,64k", "--msize=8192",
                "test -S \"$NINETUNNEL_SOCKET\" && "
                        + "echo \"$NINETUNNEL_SOCKET $NINETUNNEL_FILE $NINETUNNEL_SIZE $NINETUNNEL_MSIZE\" >" + found
                        + " && exit 7");
        assertThat(said.code()).as(said.err()).isEqualTo(7);
        String[] words = Files.readString(found).strip().split(" ");
        assertThat(words).endsWith("data", "1048576", "8192");
        assertThat(Path.of(words[0])).doesNotExist();
    }

    @Test
    @DisplayName("a comparison that gets SIGTERM stops what it has started and leaves no folder behind")
    void sigterm() throws Exception {
        List<String> command = new ArrayList<>(java(Main.class.getName()));
        command.addAll(List.of("compare", "--program=" + launcher, "--only=diod", "--seconds=600", "read"));
        Process bench = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(room.resolve("said").toFile()).start();
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> !folders(bench).isEmpty() || !bench.isAlive());
            assertThat(bench.isAlive()).as(Files.readString(room.resolve("said"))).isTrue();
            List<Path> folders = folders(bench);
            List<ProcessHandle> started = bench.children().toList();
            bench.destroy();
            assertThat(bench.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(started).isNotEmpty().noneMatch(ProcessHandle::isAlive);
            assertThat(folders).hasSize(2).allSatisfy(folder -> assertThat(folder).doesNotExist());
        } finally {
            bench.descendants().forEach(ProcessHandle::destroyForcibly);
            bench.destroyForcibly();
        }
    }

    /** The two folders of a comparison, as its diod was told of them: that of its socket, and that which it serves. */
    private static List<Path> folders(Process bench) {
        return bench.children().flatMap(child -> Stream.of(child.info().arguments().orElse(new String[0])))
                .filter(word -> word.startsWith("/") && word.contains("ninetunnel-bench"))
                .map(word -> word.endsWith("/diod.sock") ? Path.of(word).getParent().getParent() : Path.of(word))
                .toList();
    }
}
