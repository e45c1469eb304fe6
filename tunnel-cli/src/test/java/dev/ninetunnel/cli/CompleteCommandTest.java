package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.EndpointPair;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("what shells complete: the names and the files of peers")
class CompleteCommandTest {
    @TempDir
    private Path room;

    private static List<String> complete(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[words.length + 1];
        all[0] = "complete";
        System.arraycopy(words, 0, all, 1, words.length);
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), all)).isZero();
        assertThat(err.toString()).isEmpty();
        return out.toString().lines().toList();
    }

    @Test
    @DisplayName("a peer's name, then its directories, each with a slash, then what is in them; hidden names once a dot is typed")
    void remotePaths() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(room)) {
            Path tree = Files.createDirectories(room.resolve("south/reports/a year"));
            Files.writeString(tree.resolve("may"), "");
            Files.writeString(room.resolve("south/reports/.secret"), "");
            Files.writeString(room.resolve("south/readme"), "");
            Files.writeString(room.resolve("south/re\nad"), "a name that no line can hold");
            String run = "--run=" + pair.southsFiles().getParent();
            assertThat(complete(run, "--", "")).containsExactly("south:");
            assertThat(complete(run, "--", "x")).isEmpty();
            assertThat(complete(run, "--", "south:")).containsExactly("south:readme", "south:reports/");
            assertThat(complete(run, "--", "south:rep")).containsExactly("south:reports/");
            assertThat(complete(run, "--", "south:reports/")).containsExactly("south:reports/a year/");
            assertThat(complete(run, "--", "south:reports/.")).containsExactly("south:reports/.secret");
            assertThat(complete(run, "--", "south:reports/a year/m"))
                    .containsExactly("south:reports/a year/may");
            assertThat(complete(run, "--", "south:nowhere/x")).isEmpty();
        }
    }

    @Test
    @DisplayName("the names of trusted peers")
    void names() {
        String home = "--home=" + room.resolve("home");
        for (String name : List.of("server", "backup")) {
            Main.run(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), "trust",
                    (name.equals("server") ? "a1" : "b2").repeat(32), "--name", name, home);
        }
        assertThat(complete("--names", home, "--", "")).containsExactly("backup", "server");
        assertThat(complete("--names", home, "--", "s")).containsExactly("server");
    }

    @Test
    @DisplayName("nothing, and no word about it, where no endpoint runs")
    void nobody() {
        assertThat(complete("--run=" + room.resolve("none"), "--", "")).isEmpty();
        assertThat(complete("--run=" + room.resolve("none"), "--", "server:a")).isEmpty();
    }
}
