package manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The page of one command, in the macros of man(7). */
final class CommandPage {
    private static final String LITERAL = "  ";

    private final CommandSpec spec;
    private final Footer footer;

    CommandPage(CommandSpec spec, Footer footer) {
        this.spec = spec;
        this.footer = footer;
    }

    /** The page, with further sections behind its options. */
    String text(String further) {
        return footer.title(pageName(), 1) + name() + synopsis() + description() + operands() + options()
                + commands() + further + examples() + seeAlso();
    }

    private String pageName() {
        return spec.qualifiedName("-");
    }

    /** The first sentence of the description is what whatis(1) shows. */
    private String name() {
        String first = spec.usageMessage().description()[0].replaceFirst("\\.( .*)?$", "");
        return ".SH NAME\n" + Roff.paragraph(Roff.text(pageName()) + " \\- "
                + Roff.text(first.substring(0, 1).toLowerCase(Locale.ROOT) + first.substring(1)));
    }

    private String synopsis() {
        StringBuilder out = new StringBuilder(".SH SYNOPSIS\n" + Roff.bold(spec.qualifiedName()) + "\n");
        out.append("[").append(Roff.italic("OPTION")).append("]...\n");
        for (OptionSpec option : spec.options()) {
            if (option.required()) {
                out.append(Roff.bold(option.longestName())).append(" ").append(Roff.italic(option.paramLabel())).append("\n");
            }
        }
        for (PositionalParamSpec operand : spec.positionalParameters()) {
            String shown = Roff.italic(operand.paramLabel()) + (operand.arity().max() > 1 ? "..." : "");
            out.append(operand.arity().min() == 0 ? "[" + shown + "]" : shown).append("\n");
        }
        return spec.subcommands().isEmpty()
                ? out.toString()
                : out + Roff.italic("COMMAND") + "\n[" + Roff.italic("ARGUMENT") + "]...\n";
    }

    private String description() {
        StringBuilder out = new StringBuilder(".SH DESCRIPTION\n");
        for (String paragraph : spec.usageMessage().description()) {
            out.append(out.length() > ".SH DESCRIPTION\n".length() ? ".PP\n" : "").append(Roff.paragraph(Roff.text(paragraph)));
        }
        return out.toString();
    }

    private String operands() {
        StringBuilder out = new StringBuilder();
        for (PositionalParamSpec operand : spec.positionalParameters()) {
            out.append(entry(Roff.italic(operand.paramLabel()), operand));
        }
        return out.isEmpty() ? "" : ".SH OPERANDS\n" + out;
    }

    private String options() {
        StringBuilder out = new StringBuilder(".SH OPTIONS\n");
        for (OptionSpec option : spec.options()) {
            List<String> names = new ArrayList<>();
            for (String name : option.names()) {
                names.add(Roff.bold(name));
            }
            out.append(entry(String.join(", ", names)
                    + (option.arity().max() == 0 ? "" : " " + Roff.italic(option.paramLabel())), option));
        }
        return out.toString();
    }

    /** What an option or operand means. Lines that are set out are what its value can be, each with its meaning behind blanks. */
    private static String entry(String heading, ArgSpec argument) {
        StringBuilder out = new StringBuilder(".TP\n" + heading + "\n");
        boolean first = true;
        boolean inner = false;
        for (String line : argument.description()) {
            boolean setOut = line.startsWith(LITERAL);
            out.append(setOut == inner ? "" : setOut ? ".RS\n" : ".RE\n");
            if (setOut) {
                String[] parts = line.strip().split(" {2,}", 2);
                out.append(".TP\n").append(Roff.bold(parts[0])).append("\n").append(Roff.paragraph(Roff.text(parts[1])));
            } else {
                out.append(first ? "" : ".IP\n").append(Roff.paragraph(Roff.text(line)));
            }
            inner = setOut;
            first = false;
        }
        return out.append(inner ? ".RE\n" : "").toString();
    }

    private String commands() {
        StringBuilder out = new StringBuilder();
        if (spec.commandLine() != null) {
            for (CommandSpec each : Shown.commands(spec.commandLine())) {
                out.append(".TP\n").append(page(each.qualifiedName("-"))).append("\n")
                        .append(Roff.paragraph(Roff.text(each.usageMessage().description()[0])));
            }
        }
        return out.isEmpty() ? "" : ".SH COMMANDS\n" + out;
    }

    private static String page(String name) {
        return Roff.bold(name) + "(1)";
    }

    /** The footer of the help: headings end with a colon, and what is indented is to be typed. */
    private String examples() {
        StringBuilder out = new StringBuilder();
        boolean literal = false;
        for (String line : spec.usageMessage().footer()) {
            if (line.startsWith(LITERAL)) {
                out.append(literal ? "" : ".nf\n").append(Roff.line(line.substring(LITERAL.length())));
                literal = true;
            } else {
                out.append(literal ? ".fi\n" : "");
                literal = false;
            }
        }
        return out.isEmpty() ? "" : ".SH EXAMPLES\n" + out + (literal ? ".fi\n" : "");
    }

    private String seeAlso() {
        return ".SH SEE ALSO\n" + (spec.parent() == null ? "" : page("ninetunnel") + ",\n") + Roff.bold("ninetunnel.toml")
                + "(5)\n";
    }
}
