package dev.ninetunnel.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** Standard output for bytes as they are. A pipe that is closed at the other end is a {@link ClosedSinkException}. */
final class StandardOutput extends OutputStream {
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            String words = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            if (words.contains("broken pipe") || words.contains("pipe is being closed")) {
                throw new ClosedSinkException(e);
            }
            throw new IOException("cannot write to standard output: " + e.getMessage(), e);
        }
    }

    /** It stays open, for whatever else is to be said. */
    @Override
    public void close() {
        // Nothing is buffered here.
    }
}
