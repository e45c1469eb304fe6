package dev.ninetunnel.cli.copy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes what a file does not have yet, and leaves holes where there are whole blocks of zeros, also if they come in pieces. */
final class SparseOutput extends OutputStream {
    /** What most file systems can leave out. */
    private static final int BLOCK = 4096;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final Path path;
    private final SeekableByteChannel file;
    private long at;

    /** Into a file that is open, and empty. */
    SparseOutput(Path path, SeekableByteChannel file) {
        this.path = path;
        this.file = file;
    }

    /** Into a file that is open, behind what it has up to a place; what it has behind that goes. */
    static SparseOutput behind(Path path, SeekableByteChannel file, long place) throws IOException {
        SparseOutput output = new SparseOutput(path, file.truncate(place).position(place));
        output.at = place;
        return output;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int unwritten = from;
        int end = from + length;
        for (int next = from; next < end;) {
            int block = (int) Math.min(BLOCK - at % BLOCK, end - next);
            at += block;
            if (Arrays.mismatch(bytes, next, next + block, ZEROS, 0, block) < 0) {
                put(bytes, unwritten, next);
                file.position(at);
                unwritten = next + block;
            }
            next += block;
        }
        put(bytes, unwritten, end);
    }

    private void put(byte[] bytes, int from, int to) throws IOException {
        ByteBuffer data = ByteBuffer.wrap(bytes, from, to - from);
        try {
            while (data.hasRemaining()) {
                file.write(data);
            }
        } catch (IOException e) {
            throw (IOException) new FileSystemException(path.toString(), null, e.getMessage()).initCause(e);
        }
    }

    /** A hole at the end is no part of the file before something is written behind it. */
    @Override
    public void close() throws IOException {
        try (file) {
            if (at > file.size()) {
                file.position(at - 1);
                put(ZEROS, 0, 1);
            }
        }
    }
}
