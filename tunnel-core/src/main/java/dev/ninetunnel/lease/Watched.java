package dev.ninetunnel.lease;

/** Leased files that are to be looked at. */
public interface Watched {
    /** Looks at them, on any thread that may wait for their disks, and tells the owner which have changed, or have no name any more. */
    void look();
}
