package dev.ninetunnel.link;

/**
 * Stops and starts the reading of a link, so that a far side that asks faster than it takes answers fills its own
 * buffers and not ours. Called on the event loop of the session; pausing what is paused does nothing.
 */
public interface ReadingValve {
    /** Reads no more from the link until {@link #resume}. */
    void pause();

    /** Reads again. */
    void resume();
}
