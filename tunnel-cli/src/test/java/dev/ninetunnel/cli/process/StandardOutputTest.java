package dev.ninetunnel.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cli.Main;
import dev.ninetunnel.testing.EndpointPair;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command whose output is lost has not succeeded, whichever it is. */
class StandardOutputTest {
    @TempDir
    private Path folder;

    private record Said(int code, String err) {}

    /** Takes nothing, for this reason. */
    private static final class Refusing extends OutputStream {
        private final String why;

        Refusing(String why) {
            this.why = why;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException(why);
        }
    }

    private Said type(String why, Path home, List<String> words) {
        List<String> all = new ArrayList<>(words);
        if (!words.contains("--version") && !words.contains("--help")) {
            all.add("--home=" + home);
        }
        StringWriter err = new StringWriter();
        int code = Main.run(new StandardOutput(new Refusing(why)), new PrintWriter(err, true),
                all.toArray(String[]::new));
        return new Said(code, err.toString());
    }

    @Test
    @DisplayName("with a full or closed standard output every command that prints says so and fails; a reader that has left is no fault")
    void lost() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            assertThat(pair.southsFiles()).exists();
            Files.writeString(folder.resolve("south/a"), "a");
            Path home = folder.resolve("home-north");
            Files.writeString(home.resolve("ninetunnel.toml"),
                    "listen = '1'\n[export.e]\npath='.'\n[peer.south]\nallow = { e = 'ro' }\n");
            for (List<String> command : List.of(List.of("--version"), List.of("--help"), List.of("ls", "--help"),
                    List.of("id"), List.of("peers"), List.of("status"), List.of("status", "--json"), List.of("verify"),
                    List.of("ls", "south:"), List.of("ls", "-l", "south:"), List.of("stat", "south:a"),
                    List.of("mount", "--print", "south:", "/mnt"), List.of("invite", "x", "--no-wait"),
                    List.of("trust", "a".repeat(64), "--name", "rome"))) {
                Said full = type("No space left on device", home, command);
                assertThat(full.err()).as("%s", command).contains("standard output: No space left on device");
                assertThat(full.code()).as("%s", command).isEqualTo(74);
                assertThat(type("Bad file descriptor", home, command).code()).as("%s", command).isNotZero();
                Said left = type("Broken pipe", home, command);
                assertThat(left.code()).as("%s", command).isEqualTo(141);
                assertThat(left.err()).as("%s", command).doesNotContain("\tat ", "Exception", "standard output",
                        "should not");
            }
        }
    }
}
