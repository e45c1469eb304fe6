package dev.ninetunnel.cli;

import dev.ninetunnel.cli.process.TempDirectory;
import dev.ninetunnel.cli.process.Sandbox;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ninetunnel demo}. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = {
        "Shows what a tunnel does, on this machine: two endpoints, each with a key of its own and a directory to offer.",
        "It lists, reads and copies files both ways at the same time, compares checksums, counts the TCP "
                + "connections, and prints the traffic of the link. Everything happens in a temporary directory and is "
                + "removed."}, footer = {
                        "", "Example:", "  ninetunnel demo --size 256"})
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--size", paramLabel = "MIB", defaultValue = "64", description = "How much to copy each way, in MiB. "
            + "Default: ${DEFAULT-VALUE}.")
    private int size;

    @Override
    public Integer call() throws Exception {
        if (size < 1 || size > 1 << 20) {
            throw new Failure(Failure.USAGE, "--size is in MiB, from 1 to " + (1 << 20));
        }
        PrintWriter out = spec.commandLine().getOut();
        try (Sandbox sandbox = new Sandbox()) {
            Path folder = sandbox.keep(new TempDirectory(Files.createTempDirectory("ninetunnel-demo"))).path();
            sandbox.keep(new Demo(folder, (long) size << 20, line -> {
                out.println(line);
                out.flush();
            })).run();
            return 0;
        }
    }
}
