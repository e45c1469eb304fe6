package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.RemotePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel mv}. */
@Command(name = "mv", mixinStandardHelpOptions = true, description = {
        "Renames files of a peer, or moves them into a directory.",
        "A file of the new name is replaced. Nothing is copied, so it stays within one export and one disk."}, footer = {
                "",
                "Example:", "  ninetunnel mv server:notes/today.txt server:notes/2026-11-29.txt",
                "  ninetunnel mv server:a server:b server:archive"})
final class MvCommand implements Callable<Integer> {
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private Invocation invocation;

    @Parameters(arity = "2..*", paramLabel = "PEER:PATH", description = "Files, and the new name or the directory.")
    private List<String> files;

    @Override
    public Integer call() {
        List<PeerPath> paths = PeerPath.all(invocation, files);
        PeerPath target = paths.getLast();
        List<PeerPath> sources = paths.subList(0, paths.size() - 1);
        sources.stream().filter(source -> !source.peer().equals(target.peer())).findFirst().ifPresent(other -> {
            throw invocation.misuse(other + " and " + target + " are on different hosts: "
                    + "'ninetunnel get', then 'put'");
        });
        Report report = remote.report(invocation);
        try (PeerFiles peers = remote.open(invocation)) {
            report.attempt(target.peer(), () -> {
                Remote there = peers.of(target);
                RemotePath to = target.inTree();
                Optional<Remote.Found> found = there.findIfThere(to, true);
                boolean into = found.isPresent() && found.get().status().kind() == FileKind.DIRECTORY;
                if (!into && (sources.size() > 1 || files.getLast().endsWith("/"))) {
                    throw new Failure(Failure.CANNOT_CREATE, target + " is no directory there: make it first "
                            + "('ninetunnel mkdir -p'), or give the new name of one file");
                }
                RemotePath place = into ? found.get().path() : there.throughLinks(to);
                for (PeerPath source : sources) {
                    report.attempt(target.peer(), () -> move(there, source, place, into));
                }
            });
        }
        return report.exitCode();
    }

    private static void move(Remote there, PeerPath source, RemotePath to, boolean into) throws IOException {
        RemotePath from = there.find(source.inTree(), false).path();
        if (from.isRoot()) {
            throw new Failure(Failure.USAGE, source + " is all that " + source.peer() + " offers: name what is in it");
        }
        there.files().rename(from, into ? to.child(from.name()) : to);
    }
}
