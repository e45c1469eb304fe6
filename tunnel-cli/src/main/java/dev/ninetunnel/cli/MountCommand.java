package dev.ninetunnel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

    @Option(names = "-o", paramLabel = "OPTIONS", description = "More options of the 9p file system, such as cache=loose; "
            + "they win over those set here.")
    private String more;

    @Override
    public Integer call() throws InterruptedException {
        PeerPath remote = Problems.usage(spec, () -> PeerPath.parse(what));
        Path socket = remote.socket(main.common().run());
        List<String> command = command(socket, remote.path());
        if (print) {
            spec.commandLine().getOut().println(command.stream().map(MountCommand::quoted)
                    .collect(Collectors.joining(" ")));
            return 0;
        }
        if (!Files.exists(socket)) {
            throw new Failure(Failure.UNAVAILABLE, "there is no " + socket + ": is an endpoint running here that knows "
                    + remote.peer() + "? (as root, give --run the directory of the user who runs it)");
        }
        return run(command);
    }

    private List<String> command(Path socket, String aname) {
        // nosuid, nodev: a peer shall not make anybody root here, whatever modes it shows. access=any: the export acts as the user who runs the far endpoint, whoever asks here; modes still protect.
        String options = "trans=unix,version=9p2000.L,msize=131096,access=any,nosuid,nodev"
                + (aname.isEmpty() ? "" : ",aname=" + aname)
                + (more == null ? "" : "," + more);
        return List.of("mount", "-t", "9p", "-o", options, socket.toString(),
                directory.toAbsolutePath().normalize().toString());
    }

    private static int run(List<String> command) throws InterruptedException {
        try {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new Failure(Failure.UNAVAILABLE, "mount(8) ended with " + code
                        + ": see what it printed, and dmesg; it needs root and the kernel's 9p module (modprobe 9p)");
            }
            return 0;
        } catch (IOException e) {
            throw new Failure(Failure.UNAVAILABLE, "mount(8) cannot be run: " + e.getMessage(), e);
        }
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9@%+=:,./_-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
