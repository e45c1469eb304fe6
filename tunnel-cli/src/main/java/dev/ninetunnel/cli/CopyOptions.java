package dev.ninetunnel.cli;

import picocli.CommandLine.Option;

/** What {@code get} and {@code put} have in common. */
final class CopyOptions {
    @Option(names = {"-r", "-R", "--recursive"}, description = "Copy directories with all that is in them, and "
            + "symbolic links as links.")
    private boolean recursive;

    @Option(names = {"-q", "--quiet"}, description = "Show no progress.")
    private boolean quiet;

    boolean recursive() {
        return recursive;
    }

    boolean quiet() {
        return quiet;
    }
}
