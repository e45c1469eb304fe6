package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Failure;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.FileStatus;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.List;

/**
 * What is copied, and what becomes of what is there.
 *
 * @param sameness by what a file that is there is known to be the same, and left out
 * @param dryRun whether it is only said what would be done
 * @param delete whether what the source does not have is removed from directories that are there
 * @param keepParts whether what has come of a file stays when the copy is cut short
 * @param keepsNewer whether a file stays that has been changed later than the one to be copied there
 * @param excludes files and directories that are neither copied nor removed
 */
public record CopyRules(Sameness sameness, boolean dryRun, boolean delete, boolean keepParts,
        boolean keepsNewer, List<PathMatcher> excludes) {
    /** Each file is copied, and nothing else done. */
    public static final CopyRules PLAIN = new CopyRules(Sameness.NONE, false, false, false, false,
            List.of());

    /** When a file that is there is taken for the one to be copied. */
    public enum Sameness {
        /** Never. */
        NONE,
        /** If it has the same size and time of change. */
        TIMES,
        /** If it has the same content. */
        CONTENT
    }

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

    /** Looks whether two files of the same size have the same content. */
    @FunctionalInterface
    interface Comparison {
        boolean isSame() throws IOException;
    }

    /** Whether a file of this host is the same as a far one. */
    boolean isSame(FileStatus far, long size, Instant modified, Comparison contents) throws IOException {
        if (far.kind() != FileKind.FILE || far.size() != size) {
            return false;
        }
        return switch (sameness) {
            case NONE -> false;
            case TIMES -> isSame(far.modified(), modified);
            case CONTENT -> size == 0 || contents.isSame();
        };
    }

    /** Refuses to copy over a file that was changed later. */
    void requireOlder(String shown, Instant there, Instant from) {
        if (keepsNewer && there.isAfter(from) && !isSame(there, from)) {
            throw new Failure(Failure.CANNOT_CREATE,
                    shown + ": was changed later than the file to be copied there, and stays as it is "
                            + "(--overwrite copies over it)");
        }
    }

    /** Whether links are left out that are there with the same target. */
    boolean leavesOutLinks() {
        return sameness != Sameness.NONE;
    }

    /** Some file systems and dialects know whole seconds only. */
    static boolean isSame(Instant one, Instant other) {
        return one.equals(other)
                || ((one.getNano() == 0 || other.getNano() == 0) && one.getEpochSecond() == other.getEpochSecond());
    }
}
