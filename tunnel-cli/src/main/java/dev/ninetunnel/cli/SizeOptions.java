package dev.ninetunnel.cli;

import picocli.CommandLine.Option;

/** How sizes are shown, and help that leaves {@code -h} to that. */
@SuppressWarnings("UnusedVariable") // picocli reads them
final class SizeOptions {
    @Option(names = {"-h", "--human-readable"}, description = "Sizes as 1.5 KiB, and not in bytes.")
    private boolean human;

    @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Print version information and exit.")
    private boolean version;

    String shown(long bytes) {
        return human ? Amount.bytes(bytes) : Long.toString(bytes);
    }
}
