package dev.ninetunnel.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel unmount}. */
@Command(name = "unmount", mixinStandardHelpOptions = true, description = {
        "Unmounts a mount of 'ninetunnel mount'.",
        "'fusermount3 -u DIR' does the same, or umount(8) for a mount that was made with --kernel."}, footer = {"",
                "Example:", "  ninetunnel unmount ~/server"})
final class UnmountCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Where it is mounted.")
    private Path directory;

    @Option(names = "--detach", description = "Even if programs use it: they keep their open files, and other "
            + "programs no longer see it.")
    private boolean detach;

    @Override
    public Integer call() {
        MountPoint.of(directory).unmount(detach);
        return 0;
    }
}
