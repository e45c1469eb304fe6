package dev.ninetunnel.cli.bench;

import java.io.InputStream;
import java.util.Random;

/** Bytes that no compression could shorten: the same random block again and again. */
public final class RandomBytes extends InputStream {
    private static final int BLOCK = 1 << 20;

    private final byte[] block = new byte[BLOCK];
    private long left;

    /** So many of them. */
    public RandomBytes(long bytes) {
        left = bytes;
        new Random(bytes).nextBytes(block);
    }

    @Override
    public int read() {
        return left-- > 0 ? block[0] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int at, int most) {
        if (left <= 0) {
            return -1;
        }
        int n = (int) Math.min(left, Math.min(most, BLOCK));
        System.arraycopy(block, 0, into, at, n);
        left -= n;
        return n;
    }
}
