package dev.ninetunnel.cli;

/** A mount to be made, and taken away. */
sealed interface Mounting permits KernelMount, UserMount {
    /**
     * Makes it.
     *
     * @throws Failure with what is missing
     */
    void mount() throws InterruptedException;

    /** Takes it away. */
    void unmount() throws InterruptedException;
}
