package manual;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What zsh completes: the specifications of {@code _arguments} for each command (zshcompsys(1)). */
final class ZshCompletion {
    private final CommandLine program;

    ZshCompletion(CommandLine program) {
        this.program = program;
    }

    String text() {
        StringBuilder out = new StringBuilder("_ninetunnel() {\n    local curcontext=$curcontext state line\n    local -a commands=(\n");
        List<CommandSpec> commands = Shown.commands(program);
        for (CommandSpec command : commands) {
            out.append("        ").append(quoted(command.name() + ":" + Shown.summary(command.usageMessage().description())))
                    .append("\n");
        }
        out.append("    )\n    _arguments -C -A '-*'");
        options(out, program.getCommandSpec());
        out.append(" \\\n        '1:command:->command' '*::argument:->argument'\n    case $state in\n")
                .append("    command) _describe command commands ;;\n    argument)\n        case $words[1] in\n");
        for (CommandSpec command : commands) {
            out.append("        ").append(command.name()).append(") _arguments");
            options(out, command);
            for (PositionalParamSpec operand : command.positionalParameters()) {
                String place = operand.arity().max() > 1 ? "*" : Integer.toString(operand.index().min() + 1);
                out.append(" \\\n        ").append(quoted(place + ":" + escaped(operand.paramLabel()) + ":" + action(operand)));
            }
            out.append(" ;;\n");
        }
        return out.append("        esac ;;\n    esac\n}\n\n_ninetunnel \"$@\"\n").toString();
    }

    private static void options(StringBuilder out, CommandSpec command) {
        for (OptionSpec option : command.options()) {
            for (String name : option.names()) {
                String value = option.arity().max() == 0 ? "" : ":" + escaped(option.paramLabel()) + ":" + action(option);
                out.append(" \\\n        ")
                        .append(quoted("*" + name + "[" + bracketed(Shown.summary(option.description())) + "]" + value));
            }
        }
    }

    private static String action(ArgSpec argument) {
        return switch (Shown.value(argument)) {
            case FILE -> "_files";
            case DIRECTORY -> "_directories";
            case REMOTE -> "_ninetunnel_remote";
            case REMOTE_OR_FILE -> "_ninetunnel_either";
            case PEER -> "_ninetunnel_names";
            case OTHER -> " ";
        };
    }

    private static String escaped(String text) {
        return text.replace(":", "\\:");
    }

    private static String bracketed(String text) {
        return text.replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
