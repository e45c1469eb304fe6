package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

@DisplayName("the manual pages")
class ManualIT {
    private static final Path MANUAL = Path.of("target/manual");
    private static final String NO_KEY = "zzzzzzzzzzzzzzzz";

    @TempDir
    private Path folder;

    private static List<String> pages() throws IOException {
        try (Stream<Path> all = Files.list(MANUAL)) {
            return all.map(Path::toString).filter(name -> name.matches(".*\\.[15]")).sorted().toList();
        }
    }

    private static String page(String name) throws IOException {
        return Files.readString(MANUAL.resolve(name));
    }

    private static String roff(String name) {
        return "\\fB" + name.replace("-", "\\-") + "\\fR";
    }

    @ParameterizedTest
    @ValueSource(strings = {"mandoc -T lint", "groff -ww -z -man -Tutf8"})
    @DisplayName("are read by both formatters without a word of complaint")
    void lint(String formatter) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(formatter.split(" ")));
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", command.getFirst())),
                command.getFirst() + " is not installed");
        assertThat(pages()).hasSizeGreaterThan(20);
        command.addAll(pages());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    @DisplayName("there is one for each command, with each of its options and an example")
    void commands() throws IOException {
        CommandLine program = Main.commandLine();
        for (CommandLine command : program.getSubcommands().values()) {
            CommandSpec spec = command.getCommandSpec();
            Path file = MANUAL.resolve("ninetunnel-" + spec.name() + ".1");
            assertThat(Files.exists(file)).as(spec.name()).isNotEqualTo(spec.usageMessage().hidden());
            if (!spec.usageMessage().hidden()) {
                String text = Files.readString(file);
                assertThat(text).contains(".SH EXAMPLES\n");
                for (OptionSpec option : spec.options()) {
                    assertThat(text).contains(Stream.of(option.names()).map(ManualIT::roff).toList());
                }
                assertThat(page("ninetunnel.1")).contains(roff("ninetunnel-" + spec.name()) + "(1)");
            }
        }
    }

    @Test
    @DisplayName("ninetunnel(1) has each exit code")
    void exitCodes() throws IllegalAccessException, IOException {
        for (Field field : Failure.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                assertThat(page("ninetunnel.1")).contains(".TP\n" + field.getInt(null) + "\n");
            }
        }
    }

    @Test
    @DisplayName("ninetunnel.toml(5) has each key that the file can have, as docs/configuration.md has")
    void keys() throws IOException {
        Path file = folder.resolve("ninetunnel.toml");
        Files.writeString(file,
                Stream.of("", "[limits]", "[audit]", "[metrics]", "[ui]", "[log]", "[export.a]",
                        "[export.b]\nupstream = 'unix:/x'",
                        "[peer.p]", "[peer.p.limits]", "[peer.p.allow.a]")
                        .map(table -> table + "\n" + NO_KEY + " = 1\n")
                        .reduce("", String::concat));
        StringWriter err = new StringWriter();
        assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), "verify", "-c", file.toString()))
                .isEqualTo(Failure.CONFIG);
        Set<String> keys = new TreeSet<>();
        Matcher said = Pattern.compile("unknown key '" + NO_KEY + "'[^:]*: there are (.*)").matcher(err.toString());
        int tables = 0;
        for (; said.find(); tables++) {
            keys.addAll(List.of(said.group(1).split(", ")));
        }
        assertThat(tables).as(err.toString()).isEqualTo(11);
        String text = page("ninetunnel.toml.5");
        for (String key : keys) {
            assertThat(text).containsPattern("(?m)(\\\\fB|\\[)(peer|export|" + key.replace("-", "\\\\\\\\-")
                    + ")(\\\\fR|\\.|\\\\-)|\\[" + key + "\\]");
        }
    }
}
