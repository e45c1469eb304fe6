package dev.ninetunnel.cli.copy;

import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.FileStatus;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.List;

/**
 * What is copied, and what becomes of what is there.
 *
 * @param ignoreTimes whether files are copied that are there already, with the same size and time of change
 * @param dryRun whether it is only said what would be done
 * @param delete whether what the source does not have is removed from directories that are there
 * @param excludes files and directories that are neither copied nor removed
 */
public record CopyRules(boolean ignoreTimes, boolean dryRun, boolean delete, List<PathMatcher> excludes) {
    /** Each file is copied, and nothing else done. */
    public static final CopyRules PLAIN = new CopyRules(true, false, false, List.of());

    /**
     * What a pattern of a shell excludes: with a slash in it, a path below what is copied; without, a name anywhere.
     *
     * @throws java.util.regex.PatternSyntaxException if it is none
     */
    public static PathMatcher exclude(String pattern) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        return pattern.contains("/") ? matcher : path -> matcher.matches(path.getFileName());
    }

    /** Whether a path below what is copied is left alone. */
    boolean excludes(Path below) {
        return excludes.stream().anyMatch(exclude -> exclude.matches(below));
    }

    /** Whether a file of this host has the content of a far one for all one can see: of the same size, changed at the same time. */
    boolean isSame(FileStatus far, long size, Instant modified) {
        return !ignoreTimes && far.kind() == FileKind.FILE && far.size() == size && isSame(far.modified(), modified);
    }

    /** Some file systems and dialects know whole seconds only. */
    static boolean isSame(Instant one, Instant other) {
        return one.equals(other)
                || ((one.getNano() == 0 || other.getNano() == 0) && one.getEpochSecond() == other.getEpochSecond());
    }
}
