package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.WorkerPool;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.process.Terminal;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.FileStatus;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteEntry;
import dev.ninetunnel.client.RemotePath;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel ls}. */
@Command(name = "ls", description = {"Lists directories of a peer, sorted by name.",
        "Control characters and bytes that are not UTF-8 are shown as \\xNN, a backslash is doubled."}, footer = {"",
                "Example:", "  ninetunnel ls server:", "  ninetunnel ls -lh server:notes server:data"})
final class LsCommand implements Callable<Integer> {
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private SizeOptions sizes;
    @Mixin
    private Invocation invocation;

    @Option(names = {"-l", "--long"}, description = "With mode, links, owner, group, size and time of change.")
    private boolean longLines;

    @Option(names = {"-a", "--all"}, description = "Names that begin with a dot too.")
    private boolean all;

    @Option(names = "-1", description = "One name a line, as when the output is no terminal.")
    private boolean oneByOne;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "What to list; PEER: alone is all that it offers.")
    private List<String> files;

    private final WorkerPool workerPool = new WorkerPool();
    private boolean something;

    /** What was asked for, and found. */
    private record Asked(PeerPath typed, Remote there, Remote.Found found) {}

    /** A name to list, safe to show. */
    private record Item(String shown, RemotePath path, Optional<FileStatus> status) {}

    @Override
    public Integer call() {
        List<PeerPath> paths = PeerPath.all(invocation, files);
        PrintWriter out = invocation.out();
        Report report = remote.report(invocation);
        try (PeerFiles peers = remote.open(invocation)) {
            List<Asked> found = new ArrayList<>();
            for (PeerPath path : paths) {
                report.attempt(path.peer(), () -> found.add(find(path, peers.of(path))));
            }
            for (Asked one : found) {
                if (!isDirectory(one)) {
                    report.attempt(one.typed().peer(), () -> print(out, one.there(), List.of(self(one))));
                }
            }
            for (Asked one : found) {
                if (isDirectory(one)) {
                    report.attempt(one.typed().peer(), () -> directory(out, one, paths.size() > 1));
                }
            }
        }
        out.flush();
        return report.exitCode();
    }

    /** A link that was named leads to its directory, but in a long listing. */
    private Asked find(PeerPath typed, Remote there) throws IOException {
        RemotePath path = typed.inTree();
        Remote.Found found = there.find(path, false);
        if (found.status().kind() == FileKind.SYMLINK && !longLines) {
            Remote.Found led = ledTo(there, path, found);
            return new Asked(typed, there, led.status().kind() == FileKind.DIRECTORY ? led : found);
        }
        return new Asked(typed, there, found);
    }

    /** The link itself if it leads nowhere. */
    private static Remote.Found ledTo(Remote there, RemotePath path, Remote.Found link) throws IOException {
        try {
            return there.find(path, true);
        } catch (RefusedException | Failure _) {
            return link;
        }
    }

    private static boolean isDirectory(Asked one) {
        return one.found().status().kind() == FileKind.DIRECTORY;
    }

    private static Item self(Asked one) {
        return new Item(one.there().shown(one.typed().inTree()), one.found().path(),
                Optional.of(one.found().status()));
    }

    private void directory(PrintWriter out, Asked one, boolean header) throws IOException {
        List<RemoteEntry> entries = one.there().files().list(one.found().path()).stream()
                .filter(entry -> all || entry.name().bytes()[0] != '.')
                .sorted(Comparator.comparing(RemoteEntry::name))
                .toList();
        List<Optional<FileStatus>> statuses = longLines
                ? one.there().files().statuses(one.found().path(), entries)
                : List.of();
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            RemoteEntry entry = entries.get(i);
            items.add(new Item(entry.name().toString(), one.found().path().child(entry.name()),
                    longLines ? statuses.get(i) : Optional.empty()));
        }
        if (header) {
            out.println((something ? System.lineSeparator() : "") + one.there().shown(one.typed().inTree())
                    + ":");
        }
        print(out, one.there(), items);
    }

    private void print(PrintWriter out, Remote there, List<Item> items) {
        something = true;
        List<String> names = items.stream().map(Item::shown).toList();
        List<String> lines;
        if (longLines) {
            lines = Listing.longLines(described(there, items), sizes::shown, Clock.system(ZoneId.systemDefault()));
        } else if (oneByOne || !Terminal.onStandardOutput()) {
            lines = names;
        } else {
            lines = Listing.columns(names, Terminal.outputWidth());
        }
        lines.forEach(out::println);
        out.flush();
    }

    private List<Listing.Line> described(Remote there, List<Item> items) {
        Listing.Line[] lines = new Listing.Line[items.size()];
        WorkerPool.Batch batch = workerPool.batch();
        for (int i = 0; i < lines.length; i++) {
            Item item = items.get(i);
            int at = i;
            if (item.status().isPresent() && item.status().get().kind() == FileKind.SYMLINK) {
                batch.file(() -> lines[at] = new Listing.Line(item.shown(), item.status(),
                        Optional.of(target(there, item))));
            } else {
                lines[at] = new Listing.Line(item.shown(), item.status(), Optional.empty());
            }
        }
        batch.await();
        return List.of(lines);
    }

    private static String target(Remote there, Item item) {
        try {
            return there.files().readLink(item.path()).toString();
        } catch (IOException _) {
            return "?";
        }
    }
}
