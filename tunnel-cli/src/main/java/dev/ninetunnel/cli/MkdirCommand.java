package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.process.Umask;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.errno.Errno;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel mkdir}. */
@Command(name = "mkdir", mixinStandardHelpOptions = true, description = {
        "Makes directories on a peer."}, footer = {"", "Example:",
                "  ninetunnel mkdir -p server:data/2026/november"})
final class MkdirCommand implements Callable<Integer> {
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private Invocation invocation;

    @Option(names = {"-p", "--parents"}, description = "Make missing parents too; an existing directory is no "
            + "error.")
    private boolean parents;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "Directories to make.")
    private List<String> directories;

    @Override
    public Integer call() {
        int permissions = Umask.applied(ModeText.RWX);
        return remote.each(invocation, directories, (there, directory, _) -> {
            if (parents) {
                makeAll(there, directory, permissions);
            } else {
                make(there, directory, permissions);
            }
        });
    }

    private static void make(Remote there, RemotePath directory, int permissions) throws IOException {
        try {
            there.files().makeDirectory(there.throughLinks(directory), permissions);
        } catch (RefusedException e) {
            if (e.is(Errno.EEXIST)) {
                throw new Failure(Failure.CANNOT_CREATE,
                        there.shown(directory) + ": is there already (-p takes that for done)", e);
            }
            throw e;
        }
    }

    private static void makeAll(Remote there, RemotePath directory, int permissions) throws IOException {
        if (directory.isRoot()) {
            return;
        }
        var found = there.findIfThere(directory, true);
        if (found.isEmpty()) {
            makeAll(there, directory.parent(), permissions);
            makeUnlessThere(there, directory, permissions);
        } else if (found.get().status().kind() != FileKind.DIRECTORY) {
            throw new Failure(Failure.CANNOT_CREATE, there.shown(directory) + ": is there, and is no directory");
        }
    }

    /** Somebody else may be making the same directories. */
    private static void makeUnlessThere(Remote there, RemotePath directory, int permissions) throws IOException {
        RemotePath place = there.throughLinks(directory);
        try {
            there.files().makeDirectory(place, permissions);
        } catch (RefusedException e) {
            if (!e.is(Errno.EEXIST) || there.files().status(place).kind() != FileKind.DIRECTORY) {
                throw e;
            }
        }
    }
}
