package dev.ninetunnel.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file of the record: whole lines, at its end. One thread at a time. */
final class AuditFile implements AutoCloseable {
    private static final FileAttribute<?> PRIVATE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final FileChannel channel;
    /** Whether what was written last may be a part of a line. */
    private boolean torn;

    private AuditFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens it, or makes it. What is in it stays; a last line that was never finished is ended. */
    static AuditFile open(Path path) throws IOException {
        AuditFile file = new AuditFile(FileChannel.open(path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND), PRIVATE));
        file.torn = endsWithin(path);
        return file;
    }

    private static boolean endsWithin(Path path) {
        try (FileChannel reading = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = reading.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            return size > 0 && reading.read(last, size - 1) == 1 && last.get(0) != '\n';
        } catch (IOException e) {
            return false; // a file that may be written and not read is begun on a new line by the one who made it so
        }
    }

    /** Writes a line. If it throws, nothing of it stays, or what stays is ended before the next one. */
    void write(byte[] line) throws IOException {
        long before = channel.size();
        try {
            if (torn) {
                all(ByteBuffer.wrap(new byte[]{'\n'}));
                torn = false;
            }
            all(ByteBuffer.wrap(line));
        } catch (IOException e) {
            cut(before);
            throw e;
        }
    }

    private void all(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void cut(long size) {
        try {
            if (channel.size() > size) {
                channel.truncate(size);
            }
        } catch (IOException e) {
            torn = true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
