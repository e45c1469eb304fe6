package dev.ninetunnel.benchmarks.lab;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/** The program of the laboratory. */
@Command(name = "tunnel-benchmarks/bench", mixinStandardHelpOptions = true, subcommands = {CompareCommand.class,
        ScaleCommand.class, WhileCommand.class,
        NetworkCommand.class, JmhCommand.class}, description = "Measures this project. What a link that "
                + "is up gives, 'ninetunnel bench' says.")
public final class Main implements Runnable {
    private static final int USAGE = 64;
    private static final int IO = 74;

    @Spec
    private CommandSpec spec;

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true, System.out.charset()),
                new PrintWriter(System.err, true, System.err.charset()), args));
    }

    /** Runs a command that writes there, and returns its exit code: one of sysexits(3), or that of what it has run. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        // A thousand peers would each have a line.
        ((Logger) LoggerFactory.getLogger("dev.ninetunnel")).setLevel(Level.WARN);
        CommandLine line = new CommandLine(new Main()).setOut(out).setErr(err).setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler((e, _) -> said(err, e, USAGE));
        line.setExecutionExceptionHandler((e, _, _) -> said(err, e, IO));
        return line.execute(args);
    }

    private static int said(PrintWriter err, Exception e, int code) {
        err.println(e.getMessage() == null ? e.toString() : e.getMessage());
        return code;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
