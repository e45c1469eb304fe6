package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.ModeText;
import dev.ninetunnel.linux.OpenDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A directory held by a descriptor: it stays the same one, whatever becomes of the path that led there. */
record HeldDirectory(Path path, SecureDirectoryStream<Path> stream) implements LocalDirectory {
    @Override
    public LocalDirectory directory(Path name) throws IOException {
        return new HeldDirectory(path.resolve(name), stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public OutputStream newFile(Path name) throws IOException {
        return new SparseOutput(path.resolve(name),
                stream.newByteChannel(name, ANEW, LocalDirectory.ownersAlone("rw-------")));
    }

    @Override
    public SeekableByteChannel openFile(Path name, Set<OpenOption> how) throws IOException {
        return stream.newByteChannel(name, how);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        stream.move(from, stream, to);
    }

    @Override
    public List<Path> names() throws IOException {
        // A stream goes through its directory once.
        try (SecureDirectoryStream<Path> again = stream.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS)) {
            List<Path> names = new ArrayList<>();
            again.forEach(entry -> names.add(entry.getFileName()));
            return names;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    @Override
    public void delete(Path name) throws IOException {
        stream.deleteFile(name);
    }

    @Override
    public void deleteDirectory(Path name) throws IOException {
        stream.deleteDirectory(name);
    }

    @Override
    public <V extends BasicFileAttributeView> V attributes(Optional<Path> name, Class<V> view) {
        return name.isPresent()
                ? stream.getFileAttributeView(name.get(), view, LinkOption.NOFOLLOW_LINKS)
                : stream.getFileAttributeView(view);
    }

    /** A directory keeps the set-group-ID bit that it has inherited, which Java has no word for. */
    @Override
    public void setPermissions(PosixFileAttributeView view, Optional<Path> name, int permissions) throws IOException {
        if (name.isEmpty()) {
            try (OpenDirectory self = OpenDirectory.open(path).orElse(null)) {
                if (self != null && isThis(self.path()) && ModeText.hasGroupBit(self.path())) {
                    Files.setAttribute(self.path(), "unix:mode", permissions | ModeText.SETGID);
                    return;
                }
            }
        }
        LocalDirectory.super.setPermissions(view, name, permissions);
    }

    private boolean isThis(Path other) throws IOException {
        Object key = stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey();
        return key.equals(Files.readAttributes(other, BasicFileAttributes.class).fileKey());
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
