package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.Diod;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        wrong("no local address", "nonsense");
        wrong("Unknown option", "server:", "--compare");
        wrong("there is no process", "server:", "--pid=99999999");
    }

    @Test
    @DisplayName("a server that is not there is an error, and not a hang")
    void notThere() {
        Said said = type("unix:" + room.resolve("nobody"), "getattr");
        assertThat(said.code()).isEqualTo(74);
        assertThat(said.err()).contains("cannot reach");
    }
}
