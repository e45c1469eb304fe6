package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.options.MountOptions;
import dev.ninetunnel.cli.process.Sandbox;
import dev.ninetunnel.cli.process.TempDirectory;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ninetunnel demo}. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = {
        "Shows what a tunnel does, on this machine: two endpoints, each with a key of its own and a directory to offer.",
        "It lists, reads and copies files both ways at the same time, compares checksums, counts the TCP "
                + "connections, and prints the traffic of the link. Everything happens in a temporary directory and is "
                + "removed."}, footer = {
                        "", "Example:", "  ninetunnel demo --size 256 --mount"})
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Option(names = "--size", paramLabel = "MIB", defaultValue = "64", description = "How much to copy each way, in MiB. "
            + "Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(names = "--mount", description = "Mount the files of one of them, too, and write one through the mount. Takes "
            + "the package fuse3, but not root.")
    private boolean mount;

    @Override
    public Integer call() throws Exception {
        if (size < 1 || size > 1 << 20) {
            throw new Failure(Failure.USAGE, "--size is in MiB, from 1 to " + (1 << 20));
        }
        try (Sandbox sandbox = new Sandbox()) {
            Path folder = sandbox.keep(new TempDirectory(Files.createTempDirectory("ninetunnel-demo"))).path();
            sandbox.keep(new Demo(folder, (long) size << 20, invocation::print)).run();
            if (mount) {
                // Not below what is removed in the end: where it cannot be unmounted, this process would wait there for itself.
                showMount(folder, Files.createTempDirectory("ninetunnel-demo-mounted"), sandbox);
            }
            return 0;
        }
    }

    private void showMount(Path folder, Path at, Sandbox sandbox) throws IOException {
        boolean root = Login.ofThisProcess(Text.EMPTY).uid() == 0;
        UserMount south = new UserMount(MountSource.parse("south:"), "south:",
                new RunDirectory(folder.resolve("north/home/run"), true), MountPoint.of(at),
                MountOptions.parse(null, root), false);
        try {
            south.mount();
        } catch (RuntimeException e) {
            Files.delete(at);
            throw e;
        }
        sandbox.keep((AutoCloseable) () -> {
            try {
                south.unmount();
            } catch (Failure e) {
                invocation.err()
                        .println("ninetunnel: " + at + " stays mounted, and is empty from now on: " + e.getMessage()
                                + ". Once it can be: ninetunnel unmount " + at);
                invocation.err().flush();
                throw e;
            }
            south.awaitEnd();
            Files.delete(at);
        });
        invocation.print("");
        try (Stream<Path> files = Files.list(at)) {
            invocation.print("south's files are mounted at " + at + " as well: "
                    + files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.joining(", ")));
        }
        Files.writeString(at.resolve("letter.txt"), "written through the mount");
        invocation.print("letter.txt, which has just been written there, says at south: \""
                + Files.readString(folder.resolve("south/files/letter.txt")) + "\"");
    }
}
