package dev.ninetunnel.wire;

/** What a lease covers of a file, as bits: what is known of it may be answered without asking until the lease is broken. */
public final class LeaseKinds {
    /** Its attributes, and what a symbolic link says. */
    public static final int ATTRIBUTES = 1;
    /** The names in a directory, and which are absent. */
    public static final int NAMES = 2;
    /** What it contains. */
    public static final int DATA = 4;
    /** No other client knows any of it, so that writes may be answered before they are sent. */
    public static final int EXCLUSIVE = 8;
    /** All of these. */
    public static final int ALL = ATTRIBUTES | NAMES | DATA | EXCLUSIVE;

    private LeaseKinds() {}
}
