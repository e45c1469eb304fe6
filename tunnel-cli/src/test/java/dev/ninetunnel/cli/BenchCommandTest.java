package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.testing.Diod;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench} as it is typed. How fast anything is, no test says. */
class BenchCommandTest {
    @TempDir
    private Path room;

    private record Said(int code, String out, String err) {}

    private Said type(String... words) {
        List<String> all = new ArrayList<>(List.of("bench", "--seconds=0.02", "--warmup=0.01", "--file-size=1"));
        all.addAll(List.of(words));
        all.add("--run=" + room);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    @Test
    @DisplayName("every kind of load runs on a 9P server, alone, with others, and on one connection, and leaves nothing")
    void everyKind() throws IOException {
        Path far = Files.createDirectory(room.resolve("far"));
        try (Diod diod = Diod.serve(far, Files.createDirectory(room.resolve("diod")))) {
            Files.createSymbolicLink(room.resolve("peer.9p"), diod.address().getPath());
            Said said = type("peer:", "--aname=" + far, "read", "write:2x2x4k", "getattr:2x3", "walk", "open",
                    "mix:2x2", "getattr+read:2x2x8k", "shared/getattr+write:2x2", "--pid",
                    String.valueOf(ProcessHandle.current().pid()));
            assertThat(said.code()).as(said.err()).isZero();
            assertThat(said.out()).contains("write:2x2x4k", "mix:2x2", "shared/getattr:1x1+write:2x2x128k", "p99 us");
            Files.writeString(far.resolve("there"), "something to read");
            Said json = type("unix:" + diod.address().getPath(), "--aname=" + far, "--json", "--file=there", "read",
                    "open");
            assertThat(json.code()).as(json.err()).isZero();
            assertThat(json.out()).startsWith("{\"measurements\":[{").contains("\"scene\":\"open:1x1\"");
        }
        try (Stream<Path> left = Files.list(far)) {
            assertThat(left).extracting(Path::getFileName).containsExactly(Path.of("there"));
        }
    }

    private void wrong(String why, String... words) {
        Said said = type(words);
        assertThat(said.err()).contains(why).doesNotContain("\tat ");
        assertThat(said.code()).isEqualTo(64);
    }

    @Test
    @DisplayName("what is typed wrong is said before anything is measured")
    void typedWrong() {
        wrong("say which server");
        wrong("'reed' is no kind of load", "server:", "reed");
        wrong("go with --compare", "server:", "--network=1mbit,1ms,1k");
        wrong("'slow' is no network", "--compare", "--network=slow");
        wrong("'crowds' is no kind of crowd", "--scale", "crowds:3");
        wrong("one at least", "--scale", "peers:0");
        wrong("leave one out", "--scale", "--compare");
        wrong("--while measures nothing itself", "--while=true", "--compare");
        wrong("--while measures nothing itself", "--while=true", "server:", "read");
        wrong("'slow' is no network", "--while=true", "--network=slow");
        wrong("go with --compare", "server:", "--network=1gbit,20ms,5m");
        wrong("no local address", "nonsense");
        wrong("there is no process", "server:", "--pid=99999999");
    }

    @Test
    @DisplayName("a server that is not there is an error, and not a hang")
    void notThere() {
        Said said = type("unix:" + room.resolve("nobody"), "getattr");
        assertThat(said.code()).isEqualTo(74);
        assertThat(said.err()).contains("cannot reach");
    }

    @Test
    @DisplayName("a contender that cannot be started is left out with its reason, and the others are measured")
    void leftOut() {
        Said said = type("--compare", "--also=broken=/bin/false", "--only=broken,diod", "--rounds=1", "getattr");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("broken is left out, since it could not be started: listen has ended", "diod ");
        Said none = type("--compare", "--also=broken=/bin/false", "--only=broken", "getattr");
        assertThat(none.code()).isEqualTo(74);
        assertThat(none.err()).contains("nothing to measure: broken is left out").doesNotContain("\tat ");
    }

    @Test
    @DisplayName("a command that is run beside two endpoints finds the file behind their network, and ends the benchmark as it ends")
    void besides() throws IOException {
        Path found = room.resolve("found");
        Said said = type("--network=100mbit,1ms,64k", "--msize=8192", "--while=test -S \"$NINETUNNEL_SOCKET\" && "
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
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process bench = new ProcessBuilder(java.toString(), "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
                Main.class.getName(),
                "bench", "--compare", "--only=diod", "--seconds=600", "read").redirectErrorStream(true)
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
