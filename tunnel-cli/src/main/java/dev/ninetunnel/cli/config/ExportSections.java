package dev.ninetunnel.cli.config;

import dev.ninetunnel.cli.options.DirectoryOptions;
import dev.ninetunnel.cli.options.ExportOption;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables {@code [export.NAME]}: each option of {@code --export} is a key, with the same name and meaning. */
final class ExportSections {
    private final Path folder;
    private final boolean looking;

    /** With the folder that relative paths begin in. */
    ExportSections(Path folder, boolean looking) {
        this.folder = folder;
        this.looking = looking;
    }

    List<Export> read(Section top) {
        List<Export> exports = new ArrayList<>();
        top.tables("export").forEach((name, section) -> {
            Optional<Export> read = section.has("upstream") ? upstream(name, section) : directory(name, section);
            read.ifPresent(exports::add);
            section.end();
        });
        return exports;
    }

    private static Optional<Export> upstream(String name, Section section) {
        boolean readOnly = section.flag("ro", false);
        return section.read("upstream", address -> new Export(name, new Export.Target.Upstream(
                ExportOption.address("[" + section.path() + "] upstream", address),
                ExportOptions.ALL.withReadOnly(readOnly))));
    }

    private Optional<Export> directory(String name, Section section) {
        DirectoryOptions options = new DirectoryOptions("[" + section.path() + "]");
        options.readOnly(section.flag("ro", false));
        options.attributes(!section.flag("no-xattr", false));
        options.devices(!section.flag("no-special", false));
        Optional<String> as = section.text("as");
        List<String> users = section.texts("users");
        List<String> hidden = section.texts("hide");
        if (!section.has("path")) {
            section.missing("[" + section.path() + "] needs a path = \"DIRECTORY\", or an upstream = \"ADDRESS\"");
            return Optional.empty();
        }
        return section.read("path", path -> {
            Path directory = place(section, path);
            as.ifPresent(options::as);
            if (!users.isEmpty()) {
                options.users(String.join(":", users));
            }
            hidden.forEach(options::hide);
            return new Export(name, new Export.Target.Directory(directory, options.options()));
        });
    }

    private Path place(Section section, String path) {
        Path directory = folder.resolve(ExportOption.underHome(path)).normalize();
        if (looking && !Files.isDirectory(directory)) {
            section.wrong("path", "the directory " + directory + " is not there, or cannot be looked at");
        }
        return directory;
    }
}
