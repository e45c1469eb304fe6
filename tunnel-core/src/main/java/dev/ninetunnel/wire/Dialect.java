package dev.ninetunnel.wire;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/** The versions of 9P that are spoken here, by the names that Tversion carries. */
public enum Dialect {
    /** Plan 9's own, section 5 of its manual. */
    PLAIN("9P2000"),
    /** With numeric users and error numbers, for Unix. */
    UNIX("9P2000.u"),
    /** With the messages of the Linux virtual file system. */
    LINUX("9P2000.L");

    private final String version;

    Dialect(String version) {
        this.version = version;
    }

    /** The string for it in Tversion and Rversion. */
    public String version() {
        return version;
    }

    /**
     * The dialect to answer a Tversion with (version(5), which lets a server leave off what stands behind a dot): of those that
     * are spoken, the one whose version is the longest that is all of what was asked for, or the part of it before a dot. Empty
     * for {@code unknown}.
     *
     * @param asked the version string of the Tversion, such as {@code 9P2000.L.Google.7}
     */
    public static Optional<Dialect> answering(String asked, Predicate<Dialect> isSpoken) {
        return Arrays.stream(values())
                .filter(dialect -> asked.equals(dialect.version) || asked.startsWith(dialect.version + "."))
                .filter(isSpoken).max(Comparator.comparingInt(dialect -> dialect.version.length()));
    }

    /** The dialect with exactly this version string. */
    public static Optional<Dialect> of(String version) {
        for (Dialect d : values()) {
            if (d.version.equals(version)) {
                return Optional.of(d);
            }
        }
        return Optional.empty();
    }
}
