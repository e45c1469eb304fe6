package dev.ninetunnel.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which file a command is about. */
final class FileOption {
    @Option(names = {"-c", "--config"}, paramLabel = "FILE", description = "The file. Default: HOME/"
            + ConfigFile.NAME + ".")
    private Path file;

    boolean isGiven() {
        return file != null;
    }

    Path path(CommonOptions common) {
        return ConfigFile.path(file, common);
    }
}
