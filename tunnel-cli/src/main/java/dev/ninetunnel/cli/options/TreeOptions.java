package dev.ninetunnel.cli.options;

import dev.ninetunnel.cli.copy.CopyRules;
import dev.ninetunnel.cli.copy.CopyRules.Sameness;
import dev.ninetunnel.cli.copy.Copying;
import dev.ninetunnel.cli.process.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;

/** How trees are copied. */
public final class TreeOptions {
    @Option(names = {"-q", "--quiet"}, description = "Show no progress.")
    private boolean quiet;

    @Option(names = {"-I", "--ignore-times"}, description = "Copy files also that are there already.")
    private boolean ignoreTimes;

    @Option(names = {"-c",
            "--checksum"}, description = "Leave out files that are there with the same content, "
                    + "whatever their time of change is. Endpoints compare by checksums; what other servers have is read.")
    private boolean checksum;

    @Option(names = "--partial", description = "Keep what has come of a file when the copy is cut short; the next one to the "
            + "same name goes on with it.")
    private boolean partial;

    @Option(names = {"-n", "--dry-run"}, description = "Say what would be copied and removed, and do nothing.")
    private boolean dryRun;

    @Option(names = "--delete", description = "Remove what the source does not have from directories that are there.")
    private boolean delete;

    @Option(names = "--exclude", paramLabel = "PATTERN", description = "Neither copy nor remove what has such a "
            + "name ('*.o'), or such a path below what is copied ('build/**'). May be repeated.")
    private List<String> excludes = List.of();

    @Option(names = "--stats", description = "End with a line that says how many files and bytes that were, also where the "
            + "standard error is no terminal.")
    private boolean stats;

    /** Whether anything is asked for that means trees alone. */
    boolean isOfTrees() {
        return ignoreTimes || checksum || dryRun || delete || !excludes.isEmpty();
    }

    /** A copy of trees as it was asked for. */
    Copying begin(Invocation invocation, boolean keepsNewer) {
        return begin(invocation, invocation.err(), keepsNewer);
    }

    /** The same, telling elsewhere what goes wrong. */
    public Copying begin(Invocation invocation, PrintWriter err, boolean keepsNewer) {
        if (ignoreTimes && checksum) {
            throw invocation.misuse("--ignore-times copies every file, and --checksum none that is the same: "
                    + "say one of them");
        }
        return begin(invocation, err, ignoreTimes ? Sameness.NONE : checksum ? Sameness.CONTENT : Sameness.TIMES,
                keepsNewer);
    }

    Copying begin(Invocation invocation, PrintWriter err, Sameness sameness, boolean keepsNewer) {
        try {
            CopyRules rules = new CopyRules(sameness, dryRun, delete, partial, keepsNewer,
                    excludes.stream().map(CopyRules::exclude).toList());
            return Copying.begin(rules, invocation.out(), err, quiet, invocation.common().verbose());
        } catch (PatternSyntaxException e) {
            throw invocation.misuse("--exclude: '" + e.getPattern() + "' is no pattern: " + e.getDescription());
        }
    }

    /** Tells what a copy has done, if somebody wants to know. */
    public void tell(Copying copying, boolean always) {
        if (!dryRun && (stats || (always && !quiet && Terminal.onStandardError()))) {
            copying.tellTally();
        }
    }
}
