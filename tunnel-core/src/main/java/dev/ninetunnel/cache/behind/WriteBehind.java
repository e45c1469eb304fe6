package dev.ninetunnel.cache.behind;

/** Whose writes are answered before the far side has them, under an exclusive lease. */
public enum WriteBehind {
    /** Nobody's. */
    OFF,
    /** Those of mounts without root, which wait for them when a file is closed. */
    MOUNTS,
    /** Those of every local client of 9P2000.L. */
    ALL;

    /**
     * Whether it is on for a local client.
     *
     * @param takesLeases whether the client is such a mount
     */
    public boolean isOnFor(boolean takesLeases) {
        return this == ALL || (this == MOUNTS && takesLeases);
    }
}
