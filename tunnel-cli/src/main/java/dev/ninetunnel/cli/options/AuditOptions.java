package dev.ninetunnel.cli.options;

import dev.ninetunnel.audit.AuditConfig;
import dev.ninetunnel.cli.config.Section;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether a record is kept of what peers do. */
public final class AuditOptions {
    @Option(names = "--audit", paramLabel = "FILE", description = "Keep a record of links, refusals, pairings, "
            + "attaches, denied requests and reloads there: a line of JSON each (docs/audit.md). The file is made "
            + "with mode 0600, appended to, and opened again on SIGHUP.")
    private Path file;

    @Option(names = "--audit-changes", description = "Record each change that peers make to files, too.")
    private boolean changes;

    /** Throws {@link IllegalArgumentException} if changes are to go on a record that is not kept. */
    Optional<AuditConfig> config() {
        if (file == null && changes) {
            throw new IllegalArgumentException("--audit-changes needs --audit FILE");
        }
        return Optional.ofNullable(file).map(path -> new AuditConfig(path.toAbsolutePath(), changes));
    }

    /** The same, of a file; what is wrong is noted there, also that the directory is not there if that is to be looked at. */
    public static Optional<AuditConfig> of(Section top, Path folder, boolean looking) {
        return top.table("audit").flatMap(section -> {
            Optional<String> file = section.text("file");
            boolean changes = section.flag("changes", false);
            if (!section.has("file")) {
                top.wrong("audit", "[audit] needs file = \"...\"");
            }
            section.end();
            return file.map(text -> {
                Path record = folder.resolve(ExportOption.underHome(text)).normalize();
                if (looking && !Files.isDirectory(record.getParent())) {
                    section.wrong("file",
                            "the directory " + record.getParent() + " is not there, and no record can be made in it");
                }
                if (looking && Files.isDirectory(record)) {
                    section.wrong("file", record + " is a directory: name a file in it");
                }
                return new AuditConfig(record, changes);
            });
        });
    }
}
