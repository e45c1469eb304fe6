package dev.ninetunnel.fuse.lease;

import io.netty.buffer.ByteBuf;

/**
 * Tells the kernel what it may not keep any more, and what it may. Any thread but those that answer the kernel, unless it is said that
 * it waits for nothing: the rest may wait for answers.
 */
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

    /**
     * All that is in a file, which nobody has open: the kernel takes it as if it had read it. Waits for nothing then; while a read of the file
     * is under way, it would wait for the answer to that.
     *
     * @param data stay the caller's
     * @return whether the kernel has taken it
     */
    boolean content(long node, ByteBuf data);
}
