package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.Copying;
import dev.ninetunnel.cli.copy.Download;
import dev.ninetunnel.cli.copy.LocalDirectory;
import dev.ninetunnel.cli.copy.LocalNames;
import dev.ninetunnel.cli.options.CopyOptions;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.process.StandardOutput;
import dev.ninetunnel.cli.process.Terminal;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel get}. */
@Command(name = "get", mixinStandardHelpOptions = true, description = {"Copies files of a peer to this machine.",
        "LOCAL is an existing directory, or a new name for the copy; the current directory if only one PEER:PATH "
                + "is given; '-' for standard output. A file appears when it is whole, with its permissions and time "
                + "of change."}, footer = {"", "Example:",
                        "  ninetunnel get server:notes/today.txt", "  ninetunnel get -r server:data ~/copy-of-data",
                        "  ninetunnel get server:backup.tar - | tar -t"})
final class GetCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    @Mixin
    private RemoteOptions remote;
    @Mixin
    private CopyOptions options;
    @Mixin
    private Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH... [LOCAL]", hideParamSyntax = true, description = "Files to copy, and the target.")
    private List<String> arguments;

    @Override
    public Integer call() {
        int last = arguments.size() - 1;
        List<PeerPath> sources = PeerPath.all(invocation, last == 0 ? arguments : arguments.subList(0, last));
        String local = last == 0 ? "." : arguments.get(last);
        if (last > 0 && PeerPath.looksLike(local)) {
            throw invocation.misuse("'" + local + "' comes last, so it should be where to put "
                    + "the files on this machine: write ./" + local + " if it is called that");
        }
        try (PeerFiles peers = remote.open(invocation);
                Copying copying = options.begin(invocation)) {
            peers.tellThrough(copying.line()::say);
            if (local.equals(STANDARD_OUTPUT)) {
                return toStandardOutput(sources, peers, copying);
            }
            Path to = invocation.usage(() -> Path.of(local));
            boolean intoDirectory = Files.isDirectory(to);
            if (!intoDirectory && (sources.size() > 1 || local.endsWith("/"))) {
                throw new Failure(Failure.CANNOT_CREATE, Escaped.of(local)
                        + " is no directory here: make it first (mkdir -p), or give the name of a new file for one");
            }
            for (PeerPath source : sources) {
                copying.report().attempt(source.peer(),
                        () -> get(source, peers.of(source), to, intoDirectory, copying));
            }
            options.tell(copying);
            return copying.report().exitCode();
        }
    }

    private int toStandardOutput(List<PeerPath> sources, PeerFiles peers, Copying copying) {
        try (StandardOutput out = new StandardOutput()) {
            for (PeerPath source : sources) {
                copying.report().attempt(source.peer(), () -> {
                    Remote there = peers.of(source);
                    stream(there, there.find(source.inTree(), true), out, copying);
                });
            }
            return copying.report().exitCode();
        }
    }

    private static void stream(Remote there, Remote.Found from, OutputStream out, Copying copying) throws IOException {
        try (var progress = copying.line().begin(there.shown(from.path()))) {
            there.files().read(from.path(), out, Terminal.onStandardOutput() ? Progress.NONE : progress);
        }
    }

    private void get(PeerPath source, Remote there, Path to, boolean intoDirectory, Copying copying)
            throws IOException {
        RemotePath path = source.inTree();
        Remote.Found found = there.find(path, !options.recursive());
        if (found.status().kind() == FileKind.DIRECTORY && !options.recursive()) {
            throw new Failure(Failure.IO, source + ": is a directory (-r copies it with all that is in it)");
        }
        if (intoDirectory) {
            // All that a peer offers has no name but the peer's.
            Path name = LocalNames.name(path.isRoot() ? Text.of(source.peer()) : path.name());
            into(to, name, found, there, copying);
        } else if (Files.exists(to) && !Files.isRegularFile(to)) {
            intoDevice(to, found, there, copying);
        } else {
            // Through a link that the user named.
            Path exact = Files.exists(to) ? to.toRealPath() : to.toAbsolutePath();
            into(exact.getParent(), exact.getFileName(), found, there, copying);
        }
    }

    private void into(Path directory, Path name, Remote.Found found, Remote there, Copying copying)
            throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new Failure(Failure.CANNOT_CREATE, LocalNames.text(directory)
                    + ": there is no such directory here: make it first (mkdir -p)");
        }
        Download download = new Download(copying, there);
        try (LocalDirectory to = LocalDirectory.open(directory)) {
            if (options.recursive()) {
                download.tree(found, to, name);
            } else {
                download.file(found, to, name);
            }
        }
    }

    /** A device or a pipe is written to, and stays what it is. */
    private static void intoDevice(Path to, Remote.Found found, Remote there, Copying copying) throws IOException {
        if (found.status().kind() == FileKind.DIRECTORY) {
            throw new Failure(Failure.CANNOT_CREATE, LocalNames.text(to) + ": is there, and is no directory");
        }
        try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.WRITE)) {
            stream(there, found, out, copying);
        }
    }
}
