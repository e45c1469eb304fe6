package dev.ninetunnel.fuse;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A server's files in this machine's tree, for as long as it lasts. Any thread. */
public interface Mount {
    /** Completes when it is unmounted, by this process or another. */
    CompletableFuture<Void> ended();

    /**
     * Takes it away.
     *
     * @throws IOException with words for people, as while a program uses it
     */
    void unmount() throws IOException;
}
