package dev.ninetunnel.fs.portable;

import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.NumberedDirectory;
import dev.ninetunnel.fs.OpenFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The entries of a directory that is open, read whole when a listing begins. */
final class PortableEntries implements NumberedDirectory.Entries {
    private final PortableTree tree;
    private final Path path;
    private List<Path> entries;

    private PortableEntries(PortableTree tree, Path path) throws FsException {
        this.tree = tree;
        this.path = path;
        this.entries = read();
    }

    static OpenFile open(PortableTree tree, Path path, FileId id) throws FsException {
        FileId above = tree.isRoot(path) ? id : Failures.translate(() -> FileStatus.id(path.getParent()));
        return new NumberedDirectory(id, above, new PortableEntries(tree, path));
    }

    private List<Path> read() throws FsException {
        tree.within(path);
        return Failures.translate(() -> {
            List<Path> all = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
                stream.forEach(all::add);
            }
            return all;
        });
    }

    @Override
    public int count(boolean first) throws FsException {
        if (first) {
            entries = read();
        }
        return entries.size();
    }

    @Override
    public boolean offer(int number, long cookie, OpenFile.Listing listing) throws FsException {
        Path entry = entries.get(number);
        FileId id;
        try {
            id = FileStatus.id(entry);
        } catch (IOException _) {
            return true;
        }
        return listing.entry(Names.bytes(entry.getFileName()), id, cookie);
    }
}
