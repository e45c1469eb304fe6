package dev.ninetunnel.testing;

/** Where a {@link RawNine} sends its bytes and gets its frames. */
sealed interface FrameStream extends AutoCloseable permits ByteStream, EmbeddedStream {
    void send(byte[] bytes);

    /** The next frame, or null if none comes or the stream has ended. */
    Received next();

    /** The next frame, or null if it is not here yet. */
    Received nextIfThere();

    /** Whether the other side has closed, and every frame has been taken. */
    boolean ended();

    @Override
    void close();
}
