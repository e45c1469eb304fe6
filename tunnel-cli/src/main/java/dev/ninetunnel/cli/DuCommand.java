package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.FileKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel du}. */
@Command(name = "du", description = {"Adds up the sizes of the files in directories of a peer.",
        "What counts is how long files are, and not the room that they take; a file with several names counts for each."}, footer = {
                "", "Example:", "  ninetunnel du -sh server:data"})
final class DuCommand implements Callable<Integer> {
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private SizeOptions sizes;
    @Mixin
    private Invocation invocation;

    @Option(names = {"-s", "--summarize"}, description = "Only the total of each PEER:PATH.")
    private boolean summarize;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "Directories or files.")
    private List<String> files;

    /** A file or directory with all that is in it: how many bytes, and the lines to print. */
    private record Sum(long bytes, List<String> lines) {}

    @Override
    public Integer call() {
        return remote.each(invocation, files, (there, path, report) -> {
            Remote.Found found = there.find(path, true);
            Sum all = new TreeVisit(there, report).visit(found,
                    (file, below) -> sum(there, file, below, file.path().equals(found.path())));
            invocation.print(all.lines());
        });
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
