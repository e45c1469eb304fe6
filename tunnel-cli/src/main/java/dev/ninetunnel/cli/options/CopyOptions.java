package dev.ninetunnel.cli.options;

import picocli.CommandLine.Option;

/** What {@code get} and {@code put} have in common. */
public final class CopyOptions {
    @Option(names = {"-r", "-R", "--recursive"}, description = "Copy directories with their content, and symbolic "
            + "links as links.")
    private boolean recursive;

    @Option(names = {"-q", "--quiet"}, description = "Show no progress.")
    private boolean quiet;

    public boolean recursive() {
        return recursive;
    }

    public boolean quiet() {
        return quiet;
    }
}
