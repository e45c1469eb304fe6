package dev.ninetunnel.fuse.lease;

/** Tells the kernel what it may not keep any more. Any thread but those that answer the kernel: some of it may wait for answers. */
public interface Notices {
    /** Whether {@link #names} can be told. */
    boolean tellsNames();

    /**
     * No name is to be taken from memory any more. Waits for nothing, so a change under way in a directory does not hold it up, as it
     * would hold up a notice about a single name (rule 34).
     */
    void names();

    /**
     * The attributes of a file, and what was read of it if {@code data}, are not to be taken from memory any more. Data that are being
     * read or written are waited for.
     *
     * @param node its number
     * @return whether the kernel knows the file
     */
    boolean file(long node, boolean data);
}
