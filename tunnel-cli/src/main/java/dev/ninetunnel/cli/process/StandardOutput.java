package dev.ninetunnel.cli.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Standard output for bytes as they are. A pipe that is closed at the other end is a {@link ClosedSinkException}; what else goes
 * wrong is thrown, and remembered, for writers through a {@link PrintWriter}, which swallows it.
 */
public final class StandardOutput extends OutputStream {
    private final OutputStream out;
    private volatile IOException failure;
    private volatile ClosedSinkException closed;

    public StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    /** Over what takes the bytes. */
    StandardOutput(OutputStream out) {
        this.out = out;
    }

    /** For lines, in the character set of the terminal. */
    public PrintWriter lines() {
        return new PrintWriter(new OutputStreamWriter(this, System.out.charset()), true);
    }

    /** Throws what went wrong first, if anything did. */
    public void requireWritten() throws IOException {
        if (closed != null) {
            throw closed;
        }
        if (failure != null) {
            throw failure;
        }
    }

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
                closed = new ClosedSinkException(e);
                throw closed;
            }
            IOException failed = new IOException("cannot write to standard output: " + e.getMessage(), e);
            failure = failure == null ? failed : failure;
            throw failed;
        }
    }

    /** It stays open, for whatever else is to be said. */
    @Override
    public void close() {
        // Nothing is buffered here.
    }
}
