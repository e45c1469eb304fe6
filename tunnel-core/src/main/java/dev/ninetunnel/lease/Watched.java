package dev.ninetunnel.lease;

/** A leased file that is to be looked at. */
public interface Watched {
    /** Looks at it, on any thread that may wait for its disk, and tells the owner if it has changed. */
    void look();
}
