package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Makes docs/commands.md from what the program says of its commands, and holds it to that. */
class CommandTablesTest {
    private static final Path PAGE = Path.of("../docs/commands.md");
    private static final String TABLE = "\n| | |\n| --- | --- |\n";

    private final List<CommandSpec> commands = commands();
    private final List<String> common = commands.getFirst().options().stream().map(CommandTablesTest::row)
            .filter(row -> commands.stream().allMatch(command -> rows(command).anyMatch(row::equals))).toList();

    private static List<CommandSpec> commands() {
        CommandLine program = Main.commandLine();
        return Commands.ALL.stream().map(entry -> program.getSubcommands().get(entry.name()).getCommandSpec())
                .filter(command -> !command.usageMessage().hidden()).toList();
    }

    private static Stream<String> rows(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden()).map(CommandTablesTest::row);
    }

    private static String row(OptionSpec option) {
        return "| " + Arrays.stream(option.names()).map(name -> "`" + name + "`").collect(Collectors.joining(", "))
                + (option.arity().max() == 0 ? "" : " " + cell(option.paramLabel())) + " | "
                + cell(Arrays.stream(option.description()).map(String::strip).collect(Collectors.joining("<br>")))
                + " |\n";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("*", "\\*").replace("\n", "<br>");
    }

    private static String called(CommandSpec command) {
        return command.qualifiedName() + command.options().stream().filter(OptionSpec::required)
                .map(option -> " " + option.longestName() + " " + option.paramLabel()).collect(Collectors.joining())
                + command.positionalParameters().stream().map(CommandTablesTest::operand)
                        .collect(Collectors.joining());
    }

    private static String operand(PositionalParamSpec operand) {
        String shown = operand.paramLabel() + (operand.arity().max() > 1 ? "..." : "");
        return operand.arity().min() == 0 ? " [" + shown + "]" : " " + shown;
    }

    private String section(CommandSpec command) {
        List<String> own = rows(command).filter(row -> !common.contains(row)).toList();
        return "\n## " + command.name() + "\n\n```\n" + called(command) + "\n```\n\n"
                + cell(command.usageMessage().description()[0]) + "\n"
                + (own.isEmpty() ? "" : TABLE + String.join("", own));
    }

    private String page() {
        return """
                # Commands and their options

                Made from the program by `CommandTablesTest`, which fails where this page says anything else, and writes it anew with \
                `-Dcommands.write=true`. `ninetunnel COMMAND --help` and the manual pages say the same, with operands and examples.

                | | |
                | --- | --- |
                """
                + commands.stream().map(command -> "| [" + command.name() + "](#" + command.name() + ") | "
                        + cell(command.usageMessage().description()[0].replaceFirst("(?<=\\.) .*", "")) + " |\n")
                        .collect(Collectors.joining())
                + "\n## Options of every command\n" + TABLE + String.join("", common)
                + commands.stream().map(this::section).collect(Collectors.joining());
    }

    @Test
    @DisplayName("docs/commands.md has each command with each of its options, in the program's own words")
    void tables() throws IOException {
        if (Boolean.getBoolean("commands.write")) {
            Files.writeString(PAGE, page());
        }
        assertThat(PAGE).as("written anew as CONTRIBUTING.md says")
                .content().isEqualTo(page());
    }
}
