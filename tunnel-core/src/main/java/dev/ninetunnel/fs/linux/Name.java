package dev.ninetunnel.fs.linux;

import java.util.Arrays;

/** A name in a directory, compared by its bytes. */
final class Name {
    final byte[] bytes;
    private final int hash;

    /** Takes over the array. */
    Name(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Name n && Arrays.equals(bytes, n.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
