package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.testing.EndpointPair;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A person at a terminal types a part of a line, Tab, and Return; the command then runs with what the shell has made of it. */
@DisplayName("completion, in real shells at a terminal")
class CompletionIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PROMPT = "type now> ";

    @TempDir
    private Path folder;

    /** A program in place of ours: it answers to completion as ours does, and of all else it notes with what it was run. */
    private void install(Path bin) throws IOException {
        Path program = Files.createDirectories(bin).resolve("ninetunnel");
        Files.writeString(program, """
                #!/bin/sh
                [ "$1" = complete ] && exec %s "$@"
                printf '<%%s>' "$@" >> %s
                echo >> %s
                """.formatted(PackagedProgram.BUILT.words(), noted(), noted()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path noted() {
        return folder.resolve("noted");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "bash | bash --norc --noprofile -i | PS1='type ''now> '; . %s/completion.bash",
            "zsh  | zsh -f -i                  | PS1='type ''now> '; autoload -U compinit; compinit -u -D; compdef _ninetunnel ninetunnel; _ninetunnel() { unfunction _ninetunnel; . %s/completion.zsh; }",
            "fish | fish --no-config -i        | function fish_prompt; echo -n 'type ''now> '; end; source %s/completion.fish"})
    @DisplayName("of commands, options, peers and their files, with blanks in their names")
    void completes(String shell, String command, String load) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", shell)), shell + " is not installed");
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            Files.createDirectories(folder.resolve("south/reports"));
            Files.writeString(folder.resolve("south/reports/may be.txt"), "");
            install(folder.resolve("bin"));
            String run = pair.southsFiles().getParent().toString();
            ProcessBuilder builder = new ProcessBuilder("script", "-qfc", command, "/dev/null");
            builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
            builder.environment().put("HOME", folder.toString());
            builder.environment().put("TERM", "dumb");
            Path screen = folder.resolve("screen");
            Process process = builder.redirectErrorStream(true).redirectOutput(screen.toFile()).start();
            try (OutputStream keys = process.getOutputStream()) {
                type(keys, load.formatted(Path.of("target/manual").toAbsolutePath()) + "\n");
                await().atMost(PATIENCE).until(() -> Files.readString(screen).contains(PROMPT));
                type(keys, "ninetunnel veri\t--conf\tx\n");
                expect(screen, 1);
                type(keys, "ninetunnel ls --run " + run + " sou\trep\tmay\t\n");
                expect(screen, 2);
                type(keys, "exit\n");
                process.waitFor();
            } finally {
                process.destroyForcibly();
            }
            assertThat(Files.readAllLines(noted())).containsExactly("<verify><--config><x>",
                    "<ls><--run><" + run + "><south:reports/may be.txt>");
        }
    }

    private void expect(Path screen, int lines) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Files.exists(noted()) ? Files.readAllLines(noted()).size() : 0)
                        .as(Files.readString(screen)).isEqualTo(lines));
    }

    private static void type(OutputStream keys, String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }
}
