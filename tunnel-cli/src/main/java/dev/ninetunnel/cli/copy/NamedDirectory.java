package dev.ninetunnel.cli.copy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A directory known by its path, on systems where Java can hold it no better. */
record NamedDirectory(Path path) implements LocalDirectory {
    @Override
    public LocalDirectory directory(Path name) throws IOException {
        Path below = path.resolve(name);
        if (!Files.isDirectory(below, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(below.toString());
        }
        return new NamedDirectory(below);
    }

    @Override
    public OutputStream newFile(Path name) throws IOException {
        return new SparseOutput(path.resolve(name),
                Files.newByteChannel(path.resolve(name), ANEW, LocalDirectory.ownersAlone("rw-------")));
    }

    @Override
    public SeekableByteChannel openFile(Path name, Set<OpenOption> how) throws IOException {
        return Files.newByteChannel(path.resolve(name), how);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public List<Path> names() throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(Path::getFileName).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void delete(Path name) throws IOException {
        Files.delete(path.resolve(name));
    }

    @Override
    public void deleteDirectory(Path name) throws IOException {
        Files.delete(path.resolve(name));
    }

    @Override
    public <V extends BasicFileAttributeView> V attributes(Optional<Path> name, Class<V> view) {
        return Files.getFileAttributeView(name.map(path::resolve).orElse(path), view, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
