package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.ProgressLine;
import dev.ninetunnel.cli.options.Program;
import dev.ninetunnel.cli.options.RemoteOptions;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.RemotePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel mv}. */
@Command(name = "mv", mixinStandardHelpOptions = true, description = {
        "Renames files of a peer, or moves them into a directory.",
        "A file of the new name is replaced. Nothing is copied, so it stays within one export and one disk."}, footer = {
                "",
                "Example:", "  ninetunnel mv server:notes/today.txt server:notes/2026-11-29.txt",
                "  ninetunnel mv server:a server:b server:archive"})
final class MvCommand implements Callable<Integer> {
    @ParentCommand
    private Program program;
    @Mixin
    private RemoteOptions remote;
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "2..*", paramLabel = "PEER:PATH", description = "Files, and the new name or the directory.")
    private List<String> files;

    @Override
    public Integer call() {
        List<PeerPath> paths = PeerPath.all(spec, files);
        PeerPath target = paths.getLast();
        List<PeerPath> sources = paths.subList(0, paths.size() - 1);
        sources.stream().filter(source -> !source.peer().equals(target.peer())).findFirst().ifPresent(other -> {
            throw new ParameterException(spec.commandLine(), other + " and " + target + " are on different hosts: "
                    + "'ninetunnel get', then 'put'");
        });
        Report report = new Report(ProgressLine.none(spec.commandLine().getErr()), program.common().verbose());
        try (PeerFiles peers = remote.open(program.common())) {
            report.attempt(target.peer(), () -> {
                Remote there = peers.of(target);
                RemotePath to = RemotePath.of(target.path());
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
        RemotePath from = there.find(RemotePath.of(source.path()), false).path();
        if (from.isRoot()) {
            throw new Failure(Failure.USAGE, source + " is all that " + source.peer() + " offers: name what is in it");
        }
        there.files().rename(from, into ? to.child(from.name()) : to);
    }
}
