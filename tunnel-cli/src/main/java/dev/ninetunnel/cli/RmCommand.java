package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.WorkerPool;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteEntry;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.errno.Errno;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel rm}. */
@Command(name = "rm", mixinStandardHelpOptions = true, description = {
        "Removes files of a peer. Of a symbolic link, it removes the link and not its target."}, footer = {"",
                "Example:", "  ninetunnel rm server:notes/old.txt", "  ninetunnel rm -r server:data/2025"})
final class RmCommand implements Callable<Integer> {
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private Invocation invocation;

    @Option(names = {"-r", "-R", "--recursive"}, description = "Remove directories with their content.")
    private boolean recursive;

    @Option(names = {"-f", "--force"}, description = "Ignore files that do not exist.")
    private boolean force;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "Files to remove.")
    private List<String> files;

    private Report report;
    private final WorkerPool workerPool = new WorkerPool();

    @Override
    public Integer call() {
        List<PeerPath> paths = PeerPath.all(invocation, files);
        report = remote.report(invocation);
        try (PeerFiles peers = remote.open(invocation)) {
            for (PeerPath path : paths) {
                report.attempt(path.peer(), () -> remove(path, path.inTree(), peers));
            }
        }
        return report.exitCode();
    }

    private void remove(PeerPath typed, RemotePath path, PeerFiles peers) throws IOException {
        if (path.isRoot()) {
            throw new Failure(Failure.USAGE, typed + " is all that " + typed.peer()
                    + " offers, which is not removed at once: name what is in it");
        }
        Remote there = peers.of(typed);
        try {
            Remote.Found found = there.find(path, false);
            if (found.status().kind() != FileKind.DIRECTORY) {
                there.files().remove(found.path());
            } else if (recursive) {
                tree(there, found.path());
            } else {
                throw new Failure(Failure.IO, typed + ": is a directory (-r removes it with all that is in it)");
            }
        } catch (RefusedException e) {
            if (!(force && e.is(Errno.ENOENT))) {
                throw e;
            }
        }
    }

    /** Returns whether it is gone with all that was in it; what is in the way has been reported then. */
    private boolean tree(Remote there, RemotePath directory) throws IOException {
        AtomicBoolean empty = new AtomicBoolean(true);
        WorkerPool.Batch batch = workerPool.batch();
        for (RemoteEntry entry : there.files().list(directory)) {
            Runnable work = () -> {
                if (!report.attempt(there.peer(), () -> entry(there, directory.child(entry.name()), entry, empty))) {
                    empty.set(false);
                }
            };
            if (entry.kind() == FileKind.DIRECTORY) {
                batch.tree(work);
            } else {
                batch.file(work);
            }
        }
        batch.await();
        if (empty.get()) {
            there.files().remove(directory);
        }
        return empty.get();
    }

    private void entry(Remote there, RemotePath path, RemoteEntry entry, AtomicBoolean empty) throws IOException {
        try {
            if (entry.kind() != FileKind.DIRECTORY) {
                there.files().remove(path);
            } else if (!tree(there, path)) {
                empty.set(false);
            }
        } catch (RefusedException e) {
            // Somebody else was faster.
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }
}
