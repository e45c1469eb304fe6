package dev.ninetunnel.cli.options;

import dev.ninetunnel.cli.copy.CopyRules;
import dev.ninetunnel.cli.copy.CopyRules.Sameness;
import dev.ninetunnel.cli.copy.Copying;
import dev.ninetunnel.cli.process.Terminal;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;

/** What {@code get} and {@code put} have in common. */
public final class CopyOptions {
    @Option(names = {"-r", "-R", "--recursive"}, description = "Copy directories with their content, and symbolic "
            + "links as links. Files that are there already, with the same size and time of change, are left out.")
    private boolean recursive;

    @Option(names = {"-q", "--quiet"}, description = "Show no progress.")
    private boolean quiet;

    @Option(names = {"-I", "--ignore-times"}, description = "With -r: copy files also that are there already.")
    private boolean ignoreTimes;

    @Option(names = {"-c",
            "--checksum"}, description = "With -r: leave out files that are there with the same content, "
                    + "whatever their time of change is. Endpoints compare by checksums; what other servers have is read.")
    private boolean checksum;

    @Option(names = "--partial", description = "Keep what has come of a file when the copy is cut short; the next one to the "
            + "same name goes on with it.")
    private boolean partial;

    @Option(names = {"-n", "--dry-run"}, description = "With -r: say what would be copied and removed, and do nothing.")
    private boolean dryRun;

    @Option(names = "--delete", description = "With -r: remove what the source does not have from directories that are there.")
    private boolean delete;

    @Option(names = "--exclude", paramLabel = "PATTERN", description = "With -r: neither copy nor remove what has such a "
            + "name ('*.o'), or such a path below what is copied ('build/**'). May be repeated.")
    private List<String> excludes = List.of();

    @Option(names = "--stats", description = "End with a line that says how many files and bytes that were, also where the "
            + "standard error is no terminal.")
    private boolean stats;

    public boolean recursive() {
        return recursive;
    }

    /** A copy as it was asked for. */
    public Copying begin(Invocation invocation) {
        return Copying.begin(rules(invocation), invocation.out(), invocation.err(), quiet,
                invocation.common().verbose());
    }

    /** Tells what a copy has done, if somebody wants to know. */
    public void tell(Copying copying) {
        if (!dryRun && (stats || (recursive && !quiet && Terminal.onStandardError()))) {
            copying.tellTally();
        }
    }

    private CopyRules rules(Invocation invocation) {
        if (!recursive && (ignoreTimes || checksum || dryRun || delete || !excludes.isEmpty())) {
            throw invocation.misuse("--ignore-times, --checksum, --dry-run, --delete and --exclude are for trees: "
                    + "say -r, too");
        }
        if (ignoreTimes && checksum) {
            throw invocation.misuse("--ignore-times copies every file, and --checksum none that is the same: "
                    + "say one of them");
        }
        try {
            Sameness sameness = !recursive || ignoreTimes
                    ? Sameness.NONE
                    : checksum ? Sameness.CONTENT : Sameness.TIMES;
            return new CopyRules(sameness, dryRun, delete, partial,
                    excludes.stream().map(CopyRules::exclude).toList());
        } catch (PatternSyntaxException e) {
            throw invocation.misuse("--exclude: '" + e.getPattern() + "' is no pattern: " + e.getDescription());
        }
    }
}
