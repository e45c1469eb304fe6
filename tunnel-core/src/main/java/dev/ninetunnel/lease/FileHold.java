package dev.ninetunnel.lease;

import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A file that is watched for changes by programs of this host, and kept, so that its number stays its own. Opened and looked at
 * on workers, closed on any thread.
 */
final class FileHold {
    private final AtomicReference<State> state = new AtomicReference<>(new State.Unopened());

    private sealed interface State {
        record Unopened() implements State {}

        record Open(Node node, ChangeWatch watch) implements State {
            void close() {
                node.unwatch(watch);
                node.close();
            }
        }

        record Closed() implements State {}
    }

    /**
     * Watches the file from now on, and tells what it looks like now; null if it cannot be watched. What is read of the file
     * after this is no older than what this tells.
     */
    Attributes open(ChangeWatch by, Node file) throws FsException {
        State before = state.get();
        if (before instanceof State.Unopened) {
            Node kept = file.duplicate();
            if (!kept.watch(by)) {
                kept.close();
                return null;
            }
            State.Open open = new State.Open(kept, by);
            if (!state.compareAndSet(before, open)) {
                open.close(); // another worker was quicker, or nobody wants it any more
            }
        }
        return attributes();
    }

    private Attributes attributes() throws FsException {
        return state.get() instanceof State.Open(Node node, ChangeWatch _) ? node.attributes() : null;
    }

    /** What it looks like now; null if it is not watched. */
    Look look() throws FsException {
        Attributes now = attributes();
        return now == null ? null : Look.of(now);
    }

    /** Ends it, in the background, for it may have to wait for the disk. */
    void close(Executor background) {
        if (state.getAndSet(new State.Closed()) instanceof State.Open open) {
            background.execute(open::close);
        }
    }
}
