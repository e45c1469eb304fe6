package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.FileStatus;
import dev.ninetunnel.client.RemotePath;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel stat}. */
@Command(name = "stat", mixinStandardHelpOptions = true, description = {
        "Shows the attributes of files of a peer. Of a symbolic link, it shows the link itself and its target."}, footer = {
                "", "Example:", "  ninetunnel stat server:notes/today.txt server:notes"})
final class StatCommand implements Callable<Integer> {
    private static final int KIB = 1024;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS Z",
            Locale.ROOT);

    @Mixin
    private RemoteOptions remote;
    @Mixin
    private Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "PEER:PATH", description = "Files to show.")
    private List<String> files;

    @Override
    public Integer call() {
        return remote.each(invocation, files, (there, path, _) -> invocation.print(block(there, path)));
    }

    private static List<String> block(Remote there, RemotePath path) throws IOException {
        Remote.Found found = there.find(path, false);
        String target = found.status().kind() == FileKind.SYMLINK
                ? " -> " + there.files().readLink(found.path())
                : "";
        return lines(there.shown(path) + target, found.status(), ZoneId.systemDefault());
    }

    /** What is shown of one file. */
    static List<String> lines(String name, FileStatus status, ZoneId zone) {
        return List.of(
                "    File: " + name,
                "    Kind: " + switch (status.kind()) {
                    case FILE -> "file";
                    case DIRECTORY -> "directory";
                    case SYMLINK -> "symbolic link";
                    case OTHER -> "special file";
                },
                "    Size: " + status.size() + " bytes"
                        + (status.size() < KIB ? "" : " (" + Amount.bytes(status.size()) + ")"),
                String.format(Locale.ROOT, "    Mode: %04o (%s)", status.permissions(),
                        ModeText.of(status.kind(), status.permissions())),
                "   Owner: " + status.owner() + ", group " + status.group(),
                "   Links: " + status.links(),
                "Modified: " + TIME.format(status.modified().atZone(zone)),
                String.format(Locale.ROOT, "     Qid: type %02x, version %s, path %016x", status.qid().type(),
                        Integer.toUnsignedString(status.qid().version()), status.qid().path()));
    }
}
