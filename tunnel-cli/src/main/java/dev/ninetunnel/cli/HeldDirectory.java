package dev.ninetunnel.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Optional;

/** A directory held by a descriptor: it stays the same one, whatever becomes of the path that led there. */
record HeldDirectory(Path path, SecureDirectoryStream<Path> stream) implements LocalDirectory {
    @Override
    public LocalDirectory directory(Path name) throws IOException {
        return new HeldDirectory(path.resolve(name), stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public OutputStream newFile(Path name) throws IOException {
        return Channels.newOutputStream(stream.newByteChannel(name, ANEW, LocalDirectory.ownersAlone("rw-------")));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        stream.move(from, stream, to);
    }

    @Override
    public void delete(Path name) throws IOException {
        stream.deleteFile(name);
    }

    @Override
    public <V extends BasicFileAttributeView> V attributes(Optional<Path> name, Class<V> view) {
        return name.isPresent()
                ? stream.getFileAttributeView(name.get(), view, LinkOption.NOFOLLOW_LINKS)
                : stream.getFileAttributeView(view);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
