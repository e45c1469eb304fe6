package dev.ninetunnel.cli.options;

import dev.ninetunnel.cli.config.ConfigFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which file a command is about. */
public final class FileOption {
    @Option(names = {"-c", "--config"}, paramLabel = "FILE", description = "The file. Default: HOME/"
            + ConfigFile.NAME + ".")
    private Path file;

    public boolean isGiven() {
        return file != null;
    }

    public Path path(CommonOptions common) {
        return ConfigFile.path(file, common);
    }
}
