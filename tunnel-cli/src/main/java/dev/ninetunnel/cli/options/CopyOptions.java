package dev.ninetunnel.cli.options;

import dev.ninetunnel.cli.copy.CopyRules.Sameness;
import dev.ninetunnel.cli.copy.Copying;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code get} and {@code put} have in common. */
public final class CopyOptions {
    @Option(names = {"-r", "-R", "--recursive"}, description = "Copy directories with their content, and symbolic "
            + "links as links. Files that are there already, with the same size and time of change, are left out. "
            + "For such copies alone are --ignore-times, --checksum, --dry-run, --delete and --exclude.")
    private boolean recursive;

    @Mixin
    private TreeOptions trees;

    public boolean recursive() {
        return recursive;
    }

    /** A copy as it was asked for. */
    public Copying begin(Invocation invocation) {
        if (recursive) {
            return trees.begin(invocation, false);
        }
        if (trees.isOfTrees()) {
            throw invocation.misuse("--ignore-times, --checksum, --dry-run, --delete and --exclude are for trees: "
                    + "say -r, too");
        }
        return trees.begin(invocation, invocation.err(), Sameness.NONE, false);
    }

    /** Tells what a copy has done, if somebody wants to know. */
    public void tell(Copying copying) {
        trees.tell(copying, recursive);
    }
}
