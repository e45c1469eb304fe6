package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.FileKind;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel find}. */
@Command(name = "find", mixinStandardHelpOptions = true, description = {
        "Lists what is in directories of a peer, and in all below them, sorted by name."}, footer = {"", "Example:",
                "  ninetunnel find server:data --name '*.csv'", "  ninetunnel find server: --type d"})
final class FindCommand implements Callable<Integer> {
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private Invocation invocation;

    @Option(names = {"--name", "-name"}, paramLabel = "PATTERN", description = "Only what has such a name.")
    private String pattern;

    @Option(names = {"--type",
            "-type"}, paramLabel = "f|d|l", description = "Only files, directories, or symbolic links.")
    private String type;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "Where to begin.")
    private List<String> files;

    @Override
    public Integer call() {
        PathMatcher names = names();
        FileKind kind = kind();
        return remote.each(invocation, files, (there, path, report) -> {
            List<String> lines = new TreeVisit(there, report).visit(there.find(path, true), (file, below) -> {
                List<String> all = new ArrayList<>();
                if (matches(file, names, kind)) {
                    all.add(there.shown(file.path()));
                }
                below.forEach(all::addAll);
                return all;
            });
            invocation.print(lines);
        });
    }

    private static boolean matches(Remote.Found file, PathMatcher names, FileKind kind) {
        if (kind != null && file.status().kind() != kind) {
            return false;
        }
        try {
            return names == null || (!file.path().isRoot() && names.matches(Path.of(file.path().name().utf8())));
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private PathMatcher names() {
        try {
            return pattern == null ? null : FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw invocation.misuse("--name: '" + pattern + "' is no pattern: "
                    + e.getDescription());
        }
    }

    private FileKind kind() {
        return switch (type) {
            case null -> null;
            case "f" -> FileKind.FILE;
            case "d" -> FileKind.DIRECTORY;
            case "l" -> FileKind.SYMLINK;
            default -> throw invocation.misuse("--type is f, d or l");
        };
    }
}
