package dev.ninetunnel.client.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/** Takes what is read, and throws a {@link DifferentException} where a file of this machine has something else. */
public final class ComparingSink extends OutputStream {
    private final SeekableByteChannel local;

    /** With what a file has from where it stands. */
    public ComparingSink(SeekableByteChannel local) {
        this.local = local;
    }

    /** They differ. */
    public static final class DifferentException extends IOException {
        private static final long serialVersionUID = 1;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer here = ByteBuffer.allocate(length);
        while (here.hasRemaining() && local.read(here) > 0) {
            // On to the end of what is to be compared.
        }
        if (here.hasRemaining() || !Arrays.equals(here.array(), 0, length, bytes, from, from + length)) {
            throw new DifferentException();
        }
    }
}
