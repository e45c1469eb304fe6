package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.Copying;
import dev.ninetunnel.cli.copy.Download;
import dev.ninetunnel.cli.copy.LocalDirectory;
import dev.ninetunnel.cli.copy.LocalNames;
import dev.ninetunnel.cli.copy.Upload;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.options.TreeOptions;
import dev.ninetunnel.client.ChangeNotices;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.wire.Escaped;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel sync}. */
@Command(name = "sync", mixinStandardHelpOptions = true, description = {
        "Makes one directory like another, one of which is a peer's: what is not the same is copied, one way.",
        "A file that was changed later in TO than in FROM stays as it is, and is told of, unless --overwrite is given."}, footer = {
                "", "Example:", "  ninetunnel sync ~/work server:backup/work --delete",
                "  ninetunnel sync server:photos ~/photos --watch"})
final class SyncCommand implements Callable<Integer> {
    private static final Duration LONG = Duration.ofHours(1);
    /** Changes that follow each other that closely are one. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    @Mixin
    private RemoteOptions remote;
    @Mixin
    private TreeOptions options;
    @Mixin
    private Invocation invocation;

    @Option(names = "--overwrite", description = "Copy over files in TO that were changed later than those in FROM, too.")
    private boolean overwrite;

    @Option(names = {"-w", "--watch"}, description = "Go on, and do it again when something in FROM changes, until "
            + "Ctrl-C. A directory of this machine is watched; of a peer's the peer tells, or it is looked at again from time "
            + "to time.")
    private boolean watch;

    @Option(names = "--every", paramLabel = "SECONDS", defaultValue = "10", description = "With --watch: how long to wait before a "
            + "peer's directory is looked at again where the peer does not tell of all changes, or before another try where something has failed. Default: ${DEFAULT-VALUE}.")
    private long seconds;

    @Parameters(index = "0", paramLabel = "FROM", description = "A directory of this machine, or PEER:PATH.")
    private String from;

    @Parameters(index = "1", paramLabel = "TO", description = "The other one, which is made if it is not there.")
    private String to;

    @Override
    public Integer call() throws IOException {
        boolean comes = PeerPath.looksLike(from);
        if (comes == PeerPath.looksLike(to)) {
            throw invocation
                    .misuse("FROM and TO are both " + (comes
                            ? "a peer's: name a directory of this machine for one of them (./" + to
                                    + " if it has a colon in its name)"
                            : "of this machine: name a peer's directory for one of them, as PEER:PATH"));
        }
        if (seconds < 1) {
            throw invocation.misuse("--every takes a number of seconds from 1 on");
        }
        PeerPath far = invocation.usage(() -> PeerPath.parse(comes ? from : to));
        Path near = invocation.usage(() -> Path.of(comes ? to : from));
        if (!watch) {
            try (PeerFiles peers = remote.open(invocation)) {
                return once(peers, far, near, comes, invocation.err()).code();
            }
        }
        return comes ? watchFar(far, near) : watchNear(far, near);
    }

    /** What comparing once has led to. */
    private record Outcome(int code, boolean isNothing) {}

    private Outcome once(PeerFiles peers, PeerPath far, Path near, boolean comes, PrintWriter err) {
        try (Copying copying = options.begin(invocation, err, !overwrite)) {
            peers.tellThrough(copying.line()::say);
            copying.report().attempt(far.peer(), () -> {
                Remote there = peers.of(far);
                if (comes) {
                    get(there, far, near, copying);
                } else {
                    put(there, far, near, copying);
                }
            });
            options.tell(copying, !watch || !copying.tally().isNothing());
            return new Outcome(copying.report().exitCode(), copying.tally().isNothing());
        }
    }

    private static void get(Remote there, PeerPath source, Path target, Copying copying) throws IOException {
        Remote.Found found = there.find(source.inTree(), true);
        if (found.status().kind() != FileKind.DIRECTORY) {
            throw new Failure(Failure.NO_INPUT, source + ": is no directory ('ninetunnel get' copies files)");
        }
        // Through a link that the user named.
        Path exact = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath().normalize();
        Path parent = exact.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new Failure(Failure.CANNOT_CREATE, Escaped.of(target.toString())
                    + ": there is no directory here that it could be in: make that first (mkdir -p)");
        }
        try (LocalDirectory directory = LocalDirectory.open(parent)) {
            new Download(copying, there).tree(found, directory, exact.getFileName());
        }
    }

    private static void put(Remote there, PeerPath target, Path source, Copying copying) throws IOException {
        if (!Files.isDirectory(source)) {
            throw new Failure(Failure.NO_INPUT, LocalNames.text(source)
                    + ": there is no such directory here ('ninetunnel put' copies files)");
        }
        RemotePath path = target.inTree();
        Optional<Remote.Found> found = there.findIfThere(path, true);
        RemotePath at = found.isPresent() ? found.get().path() : there.throughLinks(path);
        try (Upload upload = new Upload(copying, there, at.isRoot() ? at : at.parent())) {
            upload.tree(source.toRealPath(), at, found.map(one -> new Upload.There(one.status())));
        }
    }

    // ---- again and again

    /** What failed is told once, and not after each round. */
    private int watchFar(PeerPath far, Path near) {
        NewLines lines = new NewLines(invocation.err());
        PrintWriter err = new PrintWriter(lines, true);
        ChangeNotices notices = new ChangeNotices();
        Outcome last = new Outcome(0, true);
        try {
            while (true) {
                // As long as one conversation is good, for what was looked at in it is told of in it.
                try (PeerFiles peers = remote.open(invocation, notices)) {
                    boolean wasTold = false;
                    do {
                        notices.begin();
                        last = once(peers, far, near, true, err);
                        lines.turn();
                        if (wasTold && last.isNothing()) {
                            // Told of what is no change here, it may be again and again.
                            Thread.sleep(again());
                        }
                        wasTold = notices.await(last.code() == 0 ? LONG : again(), again(), PAUSE);
                    } while (last.code() == 0 && !notices.isOver());
                    if (last.code() != 0 && wasTold && notices.isOver()) {
                        // Told of the end alone, as after an attach that was refused, which the next will be, too.
                        Thread.sleep(again());
                    }
                }
            }
        } catch (InterruptedException _) {
            return last.code();
        }
    }

    private Duration again() {
        return Duration.ofSeconds(seconds);
    }

    private int watchNear(PeerPath far, Path near) throws IOException {
        NewLines lines = new NewLines(invocation.err());
        PrintWriter err = new PrintWriter(lines, true);
        int code = 0;
        try (TreeWatch changes = new TreeWatch(near)) {
            while (true) {
                boolean isWatched = isCovered(changes, err);
                // What changes from here on is heard of.
                try (PeerFiles peers = remote.open(invocation)) {
                    code = once(peers, far, near, false, err).code();
                }
                lines.turn();
                changes.await(code == 0 && isWatched ? LONG : again(), PAUSE);
            }
        } catch (InterruptedException _) {
            return code;
        }
    }

    private boolean isCovered(TreeWatch changes, PrintWriter err) {
        try {
            changes.cover();
            return true;
        } catch (IOException e) {
            err.println("ninetunnel: cannot watch all of " + Escaped.of(from) + ", and look at it every " + seconds
                    + " s instead: " + e.getMessage() + " (sysctl fs.inotify.max_user_watches)");
            return false;
        }
    }
}
