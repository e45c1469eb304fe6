package dev.ninetunnel.wire;

import java.util.Optional;

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
