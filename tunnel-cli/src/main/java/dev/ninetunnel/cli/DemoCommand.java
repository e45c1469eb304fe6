package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.process.Sandbox;
import dev.ninetunnel.cli.process.TempDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ninetunnel demo}. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = {
        "Shows what a tunnel does, on this machine: two endpoints, each with a key of its own and a directory to offer.",
        "It lists, reads and copies files both ways at the same time, compares checksums, counts the TCP "
                + "connections, and prints the traffic of the link. Everything happens in a temporary directory and is "
                + "removed."}, footer = {
                        "", "Example:", "  ninetunnel demo --size 256"})
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Option(names = "--size", paramLabel = "MIB", defaultValue = "64", description = "How much to copy each way, in MiB. "
            + "Default: ${DEFAULT-VALUE}.")
    private int size;

    @Override
    public Integer call() throws Exception {
        if (size < 1 || size > 1 << 20) {
            throw new Failure(Failure.USAGE, "--size is in MiB, from 1 to " + (1 << 20));
        }
        try (Sandbox sandbox = new Sandbox()) {
            Path folder = sandbox.keep(new TempDirectory(Files.createTempDirectory("ninetunnel-demo"))).path();
            sandbox.keep(new Demo(folder, (long) size << 20, invocation::print)).run();
            return 0;
        }
    }
}
