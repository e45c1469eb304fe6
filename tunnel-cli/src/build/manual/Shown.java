package manual;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** What shells show of a command and of its arguments. */
final class Shown {
    /** What a value is, as far as a shell could know values of it. */
    enum Value {
        FILE, DIRECTORY, PEER, REMOTE, REMOTE_OR_FILE, OTHER
    }

    private Shown() {}

    /** The commands that help lists. */
    static List<CommandSpec> commands(CommandLine program) {
        return program.getSubcommands().values().stream().map(CommandLine::getCommandSpec)
                .filter(spec -> !spec.usageMessage().hidden()).toList();
    }

    /** The first part of the first sentence, in one short line. */
    static String summary(String[] description) {
        return description.length == 0 ? "" : description[0].replaceFirst("[.;:] .*$", "").replaceFirst("[.:]$", "");
    }

    /** What an argument takes, by what help calls it. */
    static Value value(ArgSpec argument) {
        return switch (argument.paramLabel()) {
            case "FILE" -> Value.FILE;
            case "DIR" -> Value.DIRECTORY;
            case "PEER:PATH" -> Value.REMOTE;
            case "PEER:PATH... [LOCAL]", "LOCAL... PEER:PATH", "SOURCE", "FROM", "TO" -> Value.REMOTE_OR_FILE;
            case "NAME" -> argument.isOption() && ((CommandLine.Model.OptionSpec) argument).longestName().equals("--peer")
                    ? Value.PEER
                    : Value.OTHER;
            default -> argument.paramLabel().startsWith("[NAME=]PATH") ? Value.DIRECTORY : Value.OTHER;
        };
    }
}
