package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.ProgressLine;
import dev.ninetunnel.cli.options.Program;
import dev.ninetunnel.cli.options.RemoteOptions;
import dev.ninetunnel.cli.process.ClosedSinkException;
import dev.ninetunnel.cli.process.StandardOutput;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemotePath;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel cat}. */
@Command(name = "cat", mixinStandardHelpOptions = true, description = {
        "Writes files of a peer to standard output, one after the other, as they are."}, footer = {"", "Example:",
                "  ninetunnel cat server:notes/today.txt", "  ninetunnel cat server:backup.tar | tar -t"})
final class CatCommand implements Callable<Integer> {
    @ParentCommand
    private Program program;
    @Mixin
    private RemoteOptions remote;
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "Files to write.")
    private List<String> files;

    @Override
    public Integer call() {
        List<PeerPath> paths = PeerPath.all(spec, files);
        Report report = new Report(ProgressLine.none(spec.commandLine().getErr()), program.common().verbose());
        try (PeerFiles peers = remote.open(program.common()); StandardOutput out = new StandardOutput()) {
            for (PeerPath path : paths) {
                report.attempt(path.peer(), () -> {
                    Remote there = peers.of(path);
                    RemotePath file = there.find(RemotePath.of(path.path()), true).path();
                    there.files().read(file, out, Progress.NONE);
                });
            }
            return report.exitCode();
        } catch (ClosedSinkException e) {
            return ClosedSinkException.EXIT_CODE;
        }
    }
}
