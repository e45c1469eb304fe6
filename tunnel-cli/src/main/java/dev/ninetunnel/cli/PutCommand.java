package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.Copying;
import dev.ninetunnel.cli.copy.LocalNames;
import dev.ninetunnel.cli.copy.Upload;
import dev.ninetunnel.cli.options.CopyOptions;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.process.Umask;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel put}. */
@Command(name = "put", mixinStandardHelpOptions = true, description = {"Copies files of this machine to a peer.",
        "PATH is an existing directory, or a new name for the copy. LOCAL may be '-' for standard input. A file "
                + "appears when it is whole, with its permissions and time of change; standard input is written in "
                + "place."}, footer = {"", "Example:",
                        "  ninetunnel put report.pdf server:reports", "  ninetunnel put -r ~/work server:backup/work",
                        "  tar -c . | ninetunnel put - server:backup.tar"})
final class PutCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    @Mixin
    private RemoteOptions remote;
    @Mixin
    private CopyOptions options;
    @Mixin
    private Invocation invocation;

    @Parameters(arity = "2..*", paramLabel = "LOCAL... PEER:PATH", hideParamSyntax = true, description = "Files to copy, and the target.")
    private List<String> arguments;

    @Override
    public Integer call() {
        int last = arguments.size() - 1;
        String typed = arguments.get(last);
        PeerPath target = invocation.usage(() -> PeerPath.parse(typed));
        List<String> sources = arguments.subList(0, last);
        try (PeerFiles peers = remote.open(invocation);
                Copying copying = options.begin(invocation)) {
            peers.tellThrough(copying.line()::say);
            Remote there = peers.of(target);
            RemotePath path = target.inTree();
            copying.report().attempt(target.peer(), () -> {
                Optional<Remote.Found> found = there.findIfThere(path, true);
                boolean intoDirectory = found.isPresent() && found.get().status().kind() == FileKind.DIRECTORY;
                if (!intoDirectory && (sources.size() > 1 || typed.endsWith("/"))) {
                    throw new Failure(Failure.CANNOT_CREATE, target + " is no directory there: make it first "
                            + "('ninetunnel mkdir -p'), or give the name of a new file for one");
                }
                RemotePath to = found.isPresent() ? found.get().path() : there.throughLinks(path);
                RemotePath directory = intoDirectory || to.isRoot() ? to : to.parent();
                try (Upload upload = new Upload(copying, there, directory)) {
                    for (String source : sources) {
                        copying.report().attempt(target.peer(), () -> {
                            if (intoDirectory) {
                                into(source, to, there, upload, copying);
                            } else {
                                put(source, to, found.map(one -> new Upload.There(one.status())), there, upload,
                                        copying);
                            }
                        });
                    }
                }
            });
            options.tell(copying);
            return copying.report().exitCode();
        }
    }

    private void into(String source, RemotePath directory, Remote there, Upload upload, Copying copying)
            throws IOException {
        if (source.equals(STANDARD_INPUT)) {
            throw invocation.misuse("standard input has no name: write "
                    + there.shown(directory.child(Text.of("NAME"))));
        }
        Path local = invocation.usage(() -> Path.of(source));
        Path name = local.getFileName();
        if (name == null || name.toString().equals(".") || name.toString().equals("..")) {
            // As cp does: what is in it, not it.
            put(source, directory, Optional.of(new Upload.There(FileKind.DIRECTORY, Optional.empty())), there, upload,
                    copying);
            return;
        }
        Text remoteName = LocalNames.text(name);
        RemotePath to = directory.child(remoteName);
        put(source, to, there.findIfThere(to, false).map(found -> new Upload.There(found.status())), there, upload,
                copying);
    }

    private void put(String source, RemotePath to, Optional<Upload.There> target, Remote there, Upload upload,
            Copying copying) throws IOException {
        if (source.equals(STANDARD_INPUT)) {
            try (var progress = copying.line().begin("standard input")) {
                there.files().write(to, System.in, Umask.applied(ModeText.READ_WRITE), 0, progress);
            }
            return;
        }
        Path local = invocation.usage(() -> Path.of(source));
        if (!Files.exists(local, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(Failure.NO_INPUT, Escaped.of(source) + ": there is no such file here"
                    + (PeerPath.looksLike(source) ? " (from one peer to another: 'get' first, then 'put')" : ""));
        }
        if (options.recursive()) {
            upload.tree(local, to, target);
        } else if (Files.isDirectory(local)) {
            throw new Failure(Failure.IO,
                    Escaped.of(source) + ": is a directory (-r copies it with all that is in it)");
        } else {
            upload.file(local, to, target);
        }
    }
}
