package dev.ninetunnel.client;

import java.io.IOException;
import java.io.InputStream;

/** What is written to a file, from its start to its end. Used by one thread; closing it is its maker's. */
public interface Source {
    /** Fills the array as far as there are bytes, and returns how many that were; 0 at the end, if it is not empty. */
    int fill(byte[] bytes) throws IOException;

    /** Goes to the end of the hole that comes next, if there is one that is worth it, and returns how long it was. */
    long skipHole() throws IOException;

    /** All that a stream has, which is not known to have holes. */
    static Source of(InputStream in) {
        return new Source() {
            @Override
            public int fill(byte[] bytes) throws IOException {
                return in.readNBytes(bytes, 0, bytes.length);
            }

            @Override
            public long skipHole() {
                return 0;
            }
        };
    }
}
