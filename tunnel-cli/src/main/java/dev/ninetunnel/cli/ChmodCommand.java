package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.FileKind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel chmod}. */
@Command(name = "chmod", mixinStandardHelpOptions = true, description = {
        "Changes the permissions of files of a peer. What a symbolic link leads to is changed, but not with -R."}, footer = {
                "",
                "Example:", "  ninetunnel chmod 640 server:notes/today.txt",
                "  ninetunnel chmod -R u+rwX,go-w server:data"})
final class ChmodCommand implements Callable<Integer> {
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private Invocation invocation;

    @Option(names = {"-R", "-r", "--recursive"}, description = "Directories with their content.")
    private boolean recursive;

    @Parameters(index = "0", paramLabel = "MODE", description = "A number such as 640, or changes such as u+x,go-w.")
    private String mode;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "PEER:PATH", description = "Files to change.")
    private List<String> files;

    @Override
    public Integer call() {
        ModeChange change = invocation.usage(() -> ModeChange.parse(mode));
        return remote.each(invocation, files, (there, path, report) -> {
            Remote.Found found = there.find(path, !recursive);
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
