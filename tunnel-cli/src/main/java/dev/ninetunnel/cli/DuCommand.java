package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.ProgressLine;
import dev.ninetunnel.cli.options.Program;
import dev.ninetunnel.cli.options.RemoteOptions;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.RemotePath;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel du}. */
@Command(name = "du", description = {"Adds up the sizes of the files in directories of a peer.",
        "What counts is how long files are, and not the room that they take; a file with several names counts for each."}, footer = {
                "", "Example:", "  ninetunnel du -sh server:data"})
final class DuCommand implements Callable<Integer> {
    @ParentCommand
    private Program program;
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private SizeOptions sizes;
    @Spec
    private CommandSpec spec;

    @Option(names = {"-s", "--summarize"}, description = "Only the total of each PEER:PATH.")
    private boolean summarize;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "Directories or files.")
    private List<String> files;

    /** A file or directory with all that is in it: how many bytes, and the lines to print. */
    private record Sum(long bytes, List<String> lines) {}

    @Override
    public Integer call() {
        List<PeerPath> paths = PeerPath.all(spec, files);
        PrintWriter out = spec.commandLine().getOut();
        Report report = new Report(ProgressLine.none(spec.commandLine().getErr()), program.common().verbose());
        try (PeerFiles peers = remote.open(program.common())) {
            for (PeerPath path : paths) {
                report.attempt(path.peer(), () -> {
                    Remote there = peers.of(path);
                    Remote.Found found = there.find(RemotePath.of(path.path()), true);
                    Sum all = new TreeVisit(there, report).visit(found,
                            (file, below) -> sum(there, file, below, file.path().equals(found.path())));
                    all.lines().forEach(out::println);
                    out.flush();
                });
            }
        }
        return report.exitCode();
    }

    private Sum sum(Remote there, Remote.Found file, List<Sum> below, boolean top) {
        boolean directory = file.status().kind() == FileKind.DIRECTORY;
        long bytes = (directory ? 0 : file.status().size()) + below.stream().mapToLong(Sum::bytes).sum();
        List<String> lines = new ArrayList<>();
        if (top || (directory && !summarize)) {
            below.forEach(sum -> lines.addAll(sum.lines()));
            lines.add(sizes.shown(bytes) + "\t" + there.shown(file.path()));
        }
        return new Sum(bytes, lines);
    }
}
