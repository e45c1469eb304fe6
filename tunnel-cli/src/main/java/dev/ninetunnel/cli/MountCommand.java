package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.options.MountOptions;
import dev.ninetunnel.cli.process.BackgroundProcess;
import dev.ninetunnel.cli.process.ShutdownHook;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel mount}. */
@Command(name = "mount", mixinStandardHelpOptions = true, description = {
        "Mounts a peer's files, through an endpoint that runs here and is linked to the peer. Needs no root, but "
                + "the program fusermount3 (the package fuse3). Returns when the files are there, and goes on in the "
                + "background until it is unmounted.",
        "When the endpoint is restarted the mount goes on: programs wait for it, or get errors with --soft.",
        "Mounts any other 9P server, too: of 9P2000.L, 9P2000.u or 9P2000."}, footer = {"", "Example:",
                "  ninetunnel mount server: ~/server",
                "  ninetunnel unmount ~/server",
                "  ninetunnel mount tcp:fileserver:564!/srv ~/files",
                "  sudo ninetunnel mount --kernel --run /run/user/1000/ninetunnel server:data /mnt/data"})
final class MountCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "PEER:[EXPORT[/PATH]], for all that the peer offers, one "
            + "export, or a directory of it; or another server, tcp:HOST[:PORT][!ANAME] (port 564 if left out) or "
            + "unix:PATH[!ANAME].")
    private String what;

    @Parameters(index = "1", paramLabel = "DIR", description = "Where to mount them: an empty directory.")
    private Path directory;

    @Option(names = "--foreground", description = "Stay in the foreground, and unmount on SIGTERM and SIGINT.")
    private boolean foreground;

    @Option(names = "--replace", description = "Take the place of an earlier 'ninetunnel mount' of the same SOURCE there. "
            + "Programs that have files of that one open keep them.")
    private boolean replace;

    @Option(names = "--soft", paramLabel = "SECONDS", description = "Programs get an error when the server has "
            + "not answered for this time. Without it they wait as long as it takes; Ctrl-C ends them.")
    private Integer soft;

    @Option(names = "--kernel", description = "Mount with the Linux kernel's own 9p client, by running mount(8). Takes root.")
    private boolean kernel;

    @Option(names = "--print", description = "With --kernel: only print the command.")
    private boolean print;

    @Option(names = "-o", paramLabel = "OPTIONS", description = "Options, with commas: ro, allow_other, "
            + "default_permissions and others of fusermount3; ids=self to show all files as one's own (the "
            + "default, but not for root), or ids=remote to show owners as the far side tells them; access=user to act "
            + "there as each local user (for exports with as=attach); soft=SECONDS; close=later, so that closing a file does not wait for what was "
            + "written to it; nonempty. With "
            + "--kernel: those of the 9p file system, such as cache=mmap for databases (docs/mounting.md), which "
            + "win over those set here.")
    private String options;

    @Override
    public Integer call() throws InterruptedException {
        MountSource source = invocation.usage(() -> MountSource.parse(what));
        if (kernel || print) {
            return mountByKernel(source);
        }
        MountPoint point = MountPoint.of(directory);
        MountOptions how = invocation.usage(this::userOptions);
        if (!foreground) {
            int code = BackgroundProcess.start("--foreground", log(point));
            if (code == 0) {
                invocation.print(what + " is at " + point.directory());
            }
            return code;
        }
        UserMount mount = new UserMount(source, what, invocation.common().sockets(), point, how,
                replace);
        mount.mount();
        try (ShutdownHook _ = ShutdownHook.onSignal(mount::unmount)) {
            invocation.print("ready: " + what + " is at " + point.directory());
            mount.awaitEnd();
        }
        forgetEmpty(log(point));
        return 0;
    }

    private MountOptions userOptions() {
        MountOptions said = MountOptions.parse(options, Login.ofThisProcess(Text.EMPTY).uid() == 0);
        if (soft == null) {
            return said;
        }
        if (soft < 1) {
            throw new IllegalArgumentException("--soft " + soft + " is no time: write seconds, such as 30");
        }
        return said.withSoft(Duration.ofSeconds(soft));
    }

    /** Where the process in the background says what went wrong later. */
    private Path log(MountPoint point) {
        return invocation.common().run().resolve(point.logName());
    }

    private static void forgetEmpty(Path log) {
        try {
            if (Files.exists(log) && Files.size(log) == 0) {
                Files.delete(log);
            }
        } catch (IOException _) {
            // It is in nobody's way.
        }
    }

    private int mountByKernel(MountSource source) throws InterruptedException {
        if (!(source instanceof MountSource.OfPeer(PeerPath path))) {
            throw new Failure(Failure.USAGE, "--kernel mounts a peer's files: write PEER:[EXPORT]");
        }
        RunDirectory run = invocation.common().sockets();
        Path socket = path.socket(run.path());
        KernelMount mount = new KernelMount(socket, path.path(), directory, options);
        if (print) {
            invocation.print(mount.line());
            return 0;
        }
        new PeerFiles(run, "").requireSocket(path.peer(), socket);
        run.requireOwn(socket);
        mount.mount();
        return 0;
    }
}
