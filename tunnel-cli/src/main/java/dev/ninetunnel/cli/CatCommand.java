package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.process.StandardOutput;
import dev.ninetunnel.client.Progress;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel cat}. */
@Command(name = "cat", mixinStandardHelpOptions = true, description = {
        "Writes files of a peer to standard output, one after the other, as they are."}, footer = {"", "Example:",
                "  ninetunnel cat server:notes/today.txt", "  ninetunnel cat server:backup.tar | tar -t"})
final class CatCommand implements Callable<Integer> {
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "Files to write.")
    private List<String> files;

    @Override
    public Integer call() {
        try (StandardOutput out = new StandardOutput()) {
            return remote.each(invocation, files, (there, path, _) -> there.files()
                    .read(there.find(path, true).path(), out, Progress.NONE));
        }
    }
}
