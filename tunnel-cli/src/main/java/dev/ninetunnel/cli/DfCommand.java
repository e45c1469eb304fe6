package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.ProgressLine;
import dev.ninetunnel.cli.options.Program;
import dev.ninetunnel.cli.options.RemoteOptions;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.client.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel df}. */
@Command(name = "df", description = {
        "Shows how much room there is on the disks that files of a peer are on."}, footer = {"",
                "Example:", "  ninetunnel df server:data"})
final class DfCommand implements Callable<Integer> {
    private static final double PERCENT = 100.0;

    @ParentCommand
    private Program program;
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private SizeOptions sizes;
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "Files or directories.")
    private List<String> files;

    @Override
    public Integer call() {
        List<PeerPath> paths = PeerPath.all(spec, files);
        Report report = new Report(ProgressLine.none(spec.commandLine().getErr()), program.common().verbose());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Size", "Used", "Available", "Use%", "Of"));
        try (PeerFiles peers = remote.open(program.common())) {
            for (PeerPath path : paths) {
                report.attempt(path.peer(), () -> {
                    Remote there = peers.of(path);
                    Remote.Found found = there.find(RemotePath.of(path.path()), true);
                    rows.add(row(there.shown(RemotePath.of(path.path())), there.files().space(found.path())));
                });
            }
        }
        if (rows.size() > 1) {
            Columns.right(rows).forEach(spec.commandLine().getOut()::println);
            spec.commandLine().getOut().flush();
        }
        return report.exitCode();
    }

    private List<String> row(String name, Space space) {
        long used = space.bytes() - space.free();
        long whole = used + space.available();
        return List.of(sizes.shown(space.bytes()), sizes.shown(used), sizes.shown(space.available()),
                whole <= 0 ? "-" : String.format(Locale.ROOT, "%.0f%%", Math.ceil(used * PERCENT / whole)), name);
    }
}
