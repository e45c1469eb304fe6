package dev.ninetunnel.cli;

import dev.ninetunnel.client.RemoteFiles;
import java.io.IOException;
import java.util.Optional;

/**
 * Another conversation with a peer, begun when it is first asked for. What is said on it does not wait behind the data of the
 * first one, of which much may be on its way. May be used by several threads.
 */
final class SecondConversation implements AutoCloseable {
    private final Opening opening;
    private Optional<RemoteFiles> files = Optional.empty();
    private boolean tried;

    SecondConversation(Opening opening) {
        this.opening = opening;
    }

    /** Begins a conversation. */
    @FunctionalInterface
    interface Opening {
        RemoteFiles open() throws IOException;
    }

    /** The peer's files; nothing if it does not let a further conversation begin. */
    synchronized Optional<RemoteFiles> files() {
        if (!tried) {
            tried = true;
            try {
                files = Optional.of(opening.open());
            } catch (IOException | Failure _) {
                // The first one has to do.
            }
        }
        return files;
    }

    @Override
    public synchronized void close() {
        tried = true;
        files.ifPresent(RemoteFiles::close);
        files = Optional.empty();
    }
}
