package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel df}. */
@Command(name = "df", description = {
        "Shows how much room there is on the disks that files of a peer are on."}, footer = {"",
                "Example:", "  ninetunnel df server:data"})
final class DfCommand implements Callable<Integer> {
    private static final double PERCENT = 100.0;

    @Mixin
    private RemoteOptions remote;
    @Mixin
    private SizeOptions sizes;
    @Mixin
    private Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "Files or directories.")
    private List<String> files;

    @Override
    public Integer call() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Size", "Used", "Available", "Use%", "Of"));
        int code = remote.each(invocation, files, (there, path, _) -> rows
                .add(row(there.shown(path), there.files().space(there.find(path, true).path()))));
        if (rows.size() > 1) {
            invocation.print(Columns.right(rows));
        }
        return code;
    }

    private List<String> row(String name, Space space) {
        long used = space.bytes() - space.free();
        long whole = used + space.available();
        return List.of(sizes.shown(space.bytes()), sizes.shown(used), sizes.shown(space.available()),
                whole <= 0 ? "-" : String.format(Locale.ROOT, "%.0f%%", Math.ceil(used * PERCENT / whole)), name);
    }
}
