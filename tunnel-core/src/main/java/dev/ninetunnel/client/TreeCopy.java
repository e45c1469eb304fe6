package dev.ninetunnel.client;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Copies files and whole trees from a server and to it: regular files, directories and symbolic links (as links).
 * Permissions of new files are those of the original, less what the umask takes; nothing gets setuid.
 *
 * <p>A copy from a server writes below its destination and nowhere else, whatever the server lists: a name that is no
 * name ends it, an entry that is listed twice or meets a symbolic link is never written through that link.
 */
public final class TreeCopy {
    private static final String LETTERS = "rwxrwxrwx";
    private static final int RWX = 0777;
    private static final int OWNER_RWX = 0700;
    private static final Set<OpenOption> ANEW = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING, LinkOption.NOFOLLOW_LINKS);

    private final RemoteFiles files;
    private final Witness witness;

    /** Hears of each thing that is copied or not. Called on the copying thread. */
    public interface Witness {
        /** A file is about to be copied; what is returned is told how it goes. */
        Progress copying(RemotePath remote, Path local);

        /** Something is left out, and why. */
        void skipped(String what, String why);
    }

    public TreeCopy(RemoteFiles files, Witness witness) {
        this.files = files;
        this.witness = witness;
    }

    /**
     * Copies a remote file, link or tree to a local path of exactly this name. A directory that is there gets more; if
     * the path itself is a link to something, that is what is written.
     */
    public void get(RemotePath from, Path to) throws IOException {
        getBelow(from, Files.isSymbolicLink(to) && Files.exists(to) ? to.toRealPath() : to);
    }

    /** To a path that the server has a say in. */
    private void getBelow(RemotePath from, Path to) throws IOException {
        FileStatus status = files.status(from);
        switch (status.kind()) {
            case FILE -> getFile(from, to, status);
            case DIRECTORY -> getDirectory(from, to, status);
            case SYMLINK -> getLink(from, to);
            case OTHER -> witness.skipped(from.toString(), "it is neither a file, a directory nor a link");
        }
    }

    private void getFile(RemotePath from, Path to, FileStatus status) throws IOException {
        if (Files.isSymbolicLink(to)) {
            throw new FileSystemException(to.toString(), null, "a symbolic link is in the way; remove it first");
        }
        Progress progress = witness.copying(from, to);
        try (OutputStream out = Channels.newOutputStream(
                Files.newByteChannel(to, ANEW, permissions(status.permissions() & RWX)))) {
            files.read(from, out, progress);
        }
    }

    private void getDirectory(RemotePath from, Path to, FileStatus status) throws IOException {
        try {
            Files.createDirectory(to, permissions((status.permissions() & RWX) | OWNER_RWX));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
        for (RemoteEntry entry : files.list(from)) {
            getBelow(from.child(entry.name()), localChild(to, entry.name()));
        }
    }

    private void getLink(RemotePath from, Path to) throws IOException {
        Text target = files.readLink(from);
        if (Files.isSymbolicLink(to)) {
            Files.delete(to);
        }
        Files.createSymbolicLink(to, localPath(target));
    }

    private static Path localChild(Path directory, Text name) throws IOException {
        Path child = directory.resolve(localPath(name));
        if (!directory.equals(child.getParent())) {
            throw new ConversationException("the server lists an entry \"" + name + "\", which leads elsewhere");
        }
        return child;
    }

    private static Path localPath(Text text) throws IOException {
        try {
            if (Text.of(text.utf8()).equals(text)) {
                return Path.of(text.utf8());
            }
        } catch (InvalidPathException _) {
            // Below.
        }
        throw RefusedException.of(Errno.EILSEQ, "\"" + text + "\" cannot be written as a name here");
    }

    /** Copies a local file, link or tree to a remote path of exactly this name. A directory that is there gets more. */
    public void put(Path from, RemotePath to) throws IOException {
        if (Files.isSymbolicLink(from)) {
            files.makeLink(to, Text.of(Files.readSymbolicLink(from).toString()));
        } else if (Files.isDirectory(from)) {
            putDirectory(from, to);
        } else if (Files.isRegularFile(from)) {
            putFile(from, to);
        } else if (Files.exists(from)) {
            witness.skipped(from.toString(), "it is neither a file, a directory nor a link");
        } else {
            throw new NoSuchFileException(from.toString());
        }
    }

    private void putFile(Path from, RemotePath to) throws IOException {
        Progress progress = witness.copying(to, from);
        try (InputStream in = Files.newInputStream(from)) {
            files.write(to, in, permissions(from), Files.size(from), progress);
        }
    }

    private void putDirectory(Path from, RemotePath to) throws IOException {
        try {
            if (!to.isRoot()) {
                files.makeDirectory(to, permissions(from) | OWNER_RWX);
            }
        } catch (RefusedException e) {
            if (!e.is(Errno.EEXIST) || files.status(to).kind() != FileKind.DIRECTORY) {
                throw e;
            }
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(from)) {
            for (Path child : children) {
                put(child, to.child(Text.of(child.getFileName().toString())));
            }
        }
    }

    private static int permissions(Path file) throws IOException {
        String letters = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        int bits = 0;
        for (int i = 0; i < LETTERS.length(); i++) {
            bits = (bits << 1) | (letters.charAt(i) == '-' ? 0 : 1);
        }
        return bits;
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(int bits) {
        StringBuilder letters = new StringBuilder(LETTERS);
        for (int i = 0; i < LETTERS.length(); i++) {
            if ((bits & (0400 >> i)) == 0) {
                letters.setCharAt(i, '-');
            }
        }
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(letters.toString()));
    }
}
