package dev.ninetunnel.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel mount}. */
@Command(name = "mount", mixinStandardHelpOptions = true, description = {
        "Mounts a peer's files with the Linux kernel's 9p client, by running mount(8) with the right options.",
        "Needs root, and a running endpoint that is linked to the peer."}, footer = {"", "Example:",
                "  ninetunnel mount --print server: /mnt/server",
                "  sudo ninetunnel mount --run /run/user/1000/ninetunnel server:data /mnt/data"})
final class MountCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PEER:[EXPORT]", description = "Whose files: all that the peer offers, or one "
            + "export, or a directory of it as EXPORT/PATH.")
    private String what;

    @Parameters(index = "1", paramLabel = "DIR", description = "Where to mount them.")
    private Path directory;

    @Option(names = "--print", description = "Only print the command.")
    private boolean print;

    @Option(names = "-o", paramLabel = "OPTIONS", description = "More options of the 9p file system, such as cache=mmap for "
            + "databases (docs/mounting.md); they win over those set here.")
    private String more;

    @Override
    public Integer call() throws InterruptedException {
        PeerPath remote = Problems.usage(spec, () -> PeerPath.parse(what));
        RunDirectory run = main.common().sockets();
        Path socket = remote.socket(run.path());
        KernelMount mount = new KernelMount(socket, remote.path(), directory, more);
        if (print) {
            spec.commandLine().getOut().println(mount.line());
            return 0;
        }
        if (!Files.exists(socket)) {
            throw new Failure(Failure.UNAVAILABLE, "there is no " + socket + ": is an endpoint running here that knows "
                    + remote.peer() + "? (as root, give --run the directory of the user who runs it)");
        }
        run.requireOwn(socket);
        mount.mount();
        return 0;
    }
}
