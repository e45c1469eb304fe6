package dev.ninetunnel.fs;

import java.time.Duration;
import java.util.function.Consumer;

/** Tells of changes of files by any program on this host. Any thread. */
public interface ChangeWatch extends AutoCloseable {
    /** One that can watch nothing. */
    ChangeWatch NONE = new ChangeWatch() {
        @Override
        public boolean add(FileId id, int descriptor) {
            return false;
        }

        @Override
        public void remove(FileId id) {}

        @Override
        public void drain(Consumer<FileId> changed, Runnable lost) {}

        @Override
        public boolean await(Duration longest) {
            return false;
        }

        @Override
        public void close() {}
    };

    /**
     * Watches a file from now on, once more if it is watched; {@link #remove} is to be called as often.
     *
     * @param descriptor of the file, needed for the call alone
     * @return whether it is watched
     */
    boolean add(FileId id, int descriptor);

    /** Ends what {@link #add} has begun. */
    void remove(FileId id);

    /**
     * Tells what has changed until now and has not been told; it does not wait. A change is told here once the call that made it
     * has returned.
     *
     * @param lost runs where some may have been missed: any file that is watched may have changed
     */
    void drain(Consumer<FileId> changed, Runnable lost);

    /** Waits until something has changed, so long at most. Returns whether it has. */
    boolean await(Duration longest);

    @Override
    void close();
}
