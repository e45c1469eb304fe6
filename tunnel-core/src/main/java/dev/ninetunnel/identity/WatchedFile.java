package dev.ninetunnel.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * What is in a small file, which is read again whenever it has changed: a look costs one look at the file's attributes. Any
 * thread may call.
 */
public final class WatchedFile<T> {
    /** By which a change of a file is seen; one that is put in place in one step has another key. */
    public record Version(FileTime modified, long size, Object fileKey) {}

    /** Reads the file. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Path file) throws IOException, IdentityException;
    }

    private record Snapshot<T>(Optional<Version> version, T content) {}

    private final Path file;
    private final T absent;
    private final Reader<T> reader;
    private volatile Snapshot<T> snapshot;

    /**
     * Looks at nothing yet.
     *
     * @param absent what holds where there is no file
     */
    public WatchedFile(Path file, T absent, Reader<T> reader) {
        this.file = file;
        this.absent = absent;
        this.reader = reader;
        this.snapshot = new Snapshot<>(Optional.empty(), absent);
    }

    /** The state that a file is in; empty if there is none. */
    public static Optional<Version> version(Path file) throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Version(now.lastModifiedTime(), now.size(), now.fileKey()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    public Path file() {
        return file;
    }

    /** What was in it when it was last looked at. */
    public T known() {
        return snapshot.content;
    }

    /** What is in it now. If it cannot be read, what was known stays so. */
    public T current() throws IOException, IdentityException {
        Snapshot<T> known = snapshot;
        Optional<Version> now = version(file);
        if (!known.version.equals(now)) {
            known = new Snapshot<>(now, now.isPresent() ? reader.read(file) : absent);
            snapshot = known;
        }
        return known.content;
    }

    /** What is in it, read in any case: for who has locked it, and is about to change it. */
    public T read() throws IOException, IdentityException {
        return version(file).isPresent() ? reader.read(file) : absent;
    }
}
