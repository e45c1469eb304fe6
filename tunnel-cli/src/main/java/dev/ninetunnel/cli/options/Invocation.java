package dev.ninetunnel.cli.options;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One run of a command: what all commands were told, where it writes, and how it refuses what it was given. */
@Command
public final class Invocation {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    public CommonOptions common() {
        return ((Program) spec.root().userObject()).common();
    }

    public PrintWriter out() {
        return spec.commandLine().getOut();
    }

    public PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Writes a line that is to be seen at once. */
    public void print(String line) {
        print(List.of(line));
    }

    /** Writes lines that are to be seen at once. */
    public void print(List<String> lines) {
        lines.forEach(out()::println);
        out().flush();
    }

    /** How many words the program was started with, behind its own name. */
    public int words() {
        return spec.root().commandLine().getParseResult().originalArgs().size();
    }

    /** Reads what was typed; an {@link IllegalArgumentException} is the typist's, and shown with where help is. */
    public <T> T usage(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** A mistake in what was typed, to be thrown. */
    public ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
