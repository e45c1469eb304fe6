package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.CommonOptions;
import dev.ninetunnel.cli.options.Program;
import dev.ninetunnel.cli.process.ClosedSinkException;
import dev.ninetunnel.cli.process.ShutdownHook;
import dev.ninetunnel.cli.process.StandardOutput;
import dev.ninetunnel.endpoint.process.Warmup;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.Security;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program: finds the command, runs it, and turns what goes wrong into one clear line and an exit code. */
@Command(name = "ninetunnel", mixinStandardHelpOptions = true, versionProvider = Main.Version.class, description = {
        "A bidirectional 9P tunnel: two hosts, one TLS connection, and each uses the files of the other."}, footer = {
                "", "First steps:", "  ninetunnel demo                      both ends on this machine",
                "  ninetunnel invite laptop             pair with another host, which the printed line does there",
                "  ninetunnel dial server.example.org:443 --peer server --export ~/work",
                "  ninetunnel up                        what ninetunnel.toml says, for many peers",
                "  ninetunnel ls server:", "", "Exit codes are those of sysexits(3)."})
public final class Main implements Runnable, Program {
    @Mixin
    private CommonOptions common;
    @Spec
    private CommandSpec spec;

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        String[] command = Commands.complete(args);
        settle(command);
        System.exit(run(command));
    }

    /** What is to be done before anything else, and once. */
    static void settle(String... args) {
        // Each dial looks the name up again: the peer may have moved.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        // Netty would look for a hardware address to name its channels after, and warn where there is none.
        System.setProperty("io.netty.machineId", "02:00:00:00:00:01");
        if (Commands.in(args).stream().allMatch(Commands.Entry::startsEndpoint)) {
            Warmup.begin();
        }
    }

    private static int run(String... args) {
        return run(new StandardOutput(), new PrintWriter(System.err, true, System.err.charset()), args);
    }

    /**
     * Runs a command that writes there, and returns its exit code. What a command has said is not done before it is written: one
     * that could not say it all has failed, and one whose reader has left ends like any program then, without a word.
     */
    public static int run(StandardOutput out, PrintWriter err, String... args) {
        PrintWriter lines = out.lines();
        try {
            int code = run(lines, err, args);
            lines.flush();
            out.requireWritten();
            return code;
        } catch (ClosedSinkException e) {
            return ClosedSinkException.EXIT_CODE;
        } catch (IOException e) {
            err.println("ninetunnel: " + e.getMessage());
            return Failure.IO;
        }
    }

    /** Runs a command that speaks to these, and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        Main main = new Main();
        return main.run(line(main, args).setOut(out).setErr(err), args);
    }

    /** The program with all its commands, to be read by what describes it. */
    public static CommandLine commandLine() {
        return line(new Main());
    }

    /** What is set on it holds for the commands that it has by then, so they come first. */
    private static CommandLine line(Main main, String... args) {
        CommandLine line = new CommandLine(main);
        // To read what all commands take is a good part of the time that a short one takes.
        Commands.in(args).forEach(command -> line.addSubcommand(command.type()));
        return line;
    }

    private int run(CommandLine line, String... args) {
        line.setUsageHelpAutoWidth(true);
        line.setUsageHelpWidth(100);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Main::usageError);
        line.setExecutionStrategy(Main::executed);
        line.setExecutionExceptionHandler((e, failing, parsed) -> failed(e, failing.getErr()));
        return line.execute(args);
    }

    /** Whose reader leaves while help is printed ends here: picocli would show what is thrown with its trace. */
    private static int executed(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (ClosedSinkException e) {
            return ClosedSinkException.EXIT_CODE;
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new Failure(Failure.USAGE, "a command is missing: one of those above");
    }

    private static int usageError(CommandLine.ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("ninetunnel: " + e.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        }
        return Failure.USAGE;
    }

    @Override
    public CommonOptions common() {
        return common;
    }

    private int failed(Exception e, PrintWriter err) {
        if (e instanceof ClosedSinkException) {
            return ClosedSinkException.EXIT_CODE;
        }
        if (ShutdownHook.hasBegun()) {
            return Failure.UNAVAILABLE; // what fails now fails for that
        }
        if (common.verbose()) {
            e.printStackTrace(err);
        }
        if (e instanceof Failure failure) {
            err.println("ninetunnel: " + failure.getMessage());
            return failure.exitCode();
        }
        err.println("ninetunnel: this should not have happened: " + e + " (with -v there is more about it)");
        return Failure.SOFTWARE;
    }

    /** Says what {@code --version} says. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[]{"ninetunnel " + Objects.requireNonNullElse(version, "(not packaged)"),
                    "Java " + Runtime.version()};
        }
    }
}
