package dev.ninetunnel.fs;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.ObjLongConsumer;

/** Tells of changes of files by any program on this host. Any thread. */
public interface ChangeWatch extends AutoCloseable {
    /** One that can watch nothing. */
    ChangeWatch NONE = new ChangeWatch() {
        @Override
        public boolean add(FileId id, int descriptor) {
            return false;
        }

        @Override
        public void remove(FileId id, int descriptor) {}

        @Override
        public long mark() {
            return 0;
        }

        @Override
        public boolean hasUntold() {
            return false;
        }

        @Override
        public void drain(ObjLongConsumer<Changed> changed, Runnable lost) {}

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

    /** Ends what {@link #add} has begun, with a descriptor of the same file. */
    void remove(FileId id, int descriptor);

    /**
     * Takes in what has changed until now, to be told by {@link #drain}. Who asks just before it changes a file itself, and just
     * after, knows the numbers of the changes that are its own.
     *
     * @return the number of the last change that has been taken in; 0 for none
     */
    long mark();

    /** Whether something has been taken in and not told, of which {@link #await} may not hear. */
    boolean hasUntold();

    /**
     * Tells what has changed until now and has not been told; it does not wait. A change is told here once the call that made it
     * has returned.
     *
     * @param changed takes a change and its number, which is higher than those before
     * @param lost runs where some may have been missed: any file that is watched may have changed
     */
    void drain(ObjLongConsumer<Changed> changed, Runnable lost);

    /**
     * That a file has changed.
     *
     * @param name which has come into this directory, or gone from it; null for another change
     * @param come whether it has come
     * @param others whether it was surely another process that has changed it; that may be so if not
     */
    record Changed(FileId file, ByteBuffer name, boolean come, boolean others) {
        /** The content or attributes of a file, by whomever. */
        public static Changed file(FileId file) {
            return new Changed(file, null, false, false);
        }

        /** The same, by another process than this. */
        public static Changed byAnother(FileId file) {
            return new Changed(file, null, false, true);
        }

        /** A name that comes into a directory, or goes from it. */
        public static Changed name(FileId directory, byte[] name, boolean come) {
            return new Changed(directory, ByteBuffer.wrap(name), come, false);
        }
    }

    /** Waits until something has changed, so long at most. Returns whether it has. */
    boolean await(Duration longest);

    @Override
    void close();
}
