package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.ProgressLine;
import dev.ninetunnel.cli.options.Program;
import dev.ninetunnel.cli.options.RemoteOptions;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.RemotePath;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel chmod}. */
@Command(name = "chmod", mixinStandardHelpOptions = true, description = {
        "Changes the permissions of files of a peer. What a symbolic link leads to is changed, but not with -R."}, footer = {
                "",
                "Example:", "  ninetunnel chmod 640 server:notes/today.txt",
                "  ninetunnel chmod -R u+rwX,go-w server:data"})
final class ChmodCommand implements Callable<Integer> {
    @ParentCommand
    private Program program;
    @Mixin
    private RemoteOptions remote;
    @Spec
    private CommandSpec spec;

    @Option(names = {"-R", "-r", "--recursive"}, description = "Directories with their content.")
    private boolean recursive;

    @Parameters(index = "0", paramLabel = "MODE", description = "A number such as 640, or changes such as u+x,go-w.")
    private String mode;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "PEER:PATH", description = "Files to change.")
    private List<String> files;

    @Override
    public Integer call() {
        ModeChange change = Problems.usage(spec, () -> ModeChange.parse(mode));
        List<PeerPath> paths = PeerPath.all(spec, files);
        Report report = new Report(ProgressLine.none(spec.commandLine().getErr()), program.common().verbose());
        try (PeerFiles peers = remote.open(program.common())) {
            for (PeerPath path : paths) {
                report.attempt(path.peer(), () -> {
                    Remote there = peers.of(path);
                    Remote.Found found = there.find(RemotePath.of(path.path()), !recursive);
                    if (recursive) {
                        new TreeVisit(there, report).visit(found, (file, below) -> {
                            report.attempt(there.peer(), () -> change(there, file, change));
                            return file;
                        });
                    } else {
                        change(there, found, change);
                    }
                });
            }
        }
        return report.exitCode();
    }

    private static void change(Remote there, Remote.Found file, ModeChange change) throws IOException {
        if (file.status().kind() == FileKind.SYMLINK) {
            return;
        }
        int before = file.status().permissions();
        int after = change.apply(before, file.status().kind() == FileKind.DIRECTORY);
        if (after != before) {
            there.files().setPermissions(file.path(), after);
        }
    }
}
