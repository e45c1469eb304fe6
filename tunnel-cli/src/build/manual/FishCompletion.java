package manual;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What fish completes: a line for each command, and for each of its options and operands (complete(1) of fish). */
final class FishCompletion {
    private static final String FILES = "(__fish_complete_path (commandline -ct))";

    private final CommandLine program;

    FishCompletion(CommandLine program) {
        this.program = program;
    }

    String text() {
        StringBuilder out = new StringBuilder("complete -c ninetunnel -f\n");
        arguments(out, "__fish_use_subcommand", program.getCommandSpec());
        for (CommandSpec command : Shown.commands(program)) {
            out.append("complete -c ninetunnel -n __fish_use_subcommand -a ").append(command.name()).append(" -d ")
                    .append(quoted(Shown.summary(command.usageMessage().description()))).append("\n");
            arguments(out, quoted("__fish_seen_subcommand_from " + command.name()), command);
        }
        return out.toString();
    }

    private static void arguments(StringBuilder out, String condition, CommandSpec command) {
        for (OptionSpec option : command.options()) {
            out.append("complete -c ninetunnel -n ").append(condition);
            for (String name : option.names()) {
                out.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
            }
            out.append(option.arity().max() == 0 ? "" : " -x" + values(option))
                    .append(" -d ").append(quoted(Shown.summary(option.description()))).append("\n");
        }
        for (PositionalParamSpec operand : command.positionalParameters()) {
            String values = values(operand);
            out.append(values.isEmpty() ? "" : "complete -c ninetunnel -n " + condition + values + "\n");
        }
    }

    private static String values(ArgSpec argument) {
        return switch (Shown.value(argument)) {
            case FILE -> " -a " + quoted(FILES);
            case DIRECTORY -> " -a '(__fish_complete_directories (commandline -ct))'";
            case REMOTE -> " -a '(__ninetunnel_peers)'";
            case REMOTE_OR_FILE -> " -a " + quoted("(__ninetunnel_peers) " + FILES);
            case PEER -> " -a '(__ninetunnel_peers --names)'";
            case OTHER -> "";
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
