package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.ModeText;
import dev.ninetunnel.client.FileKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory of this machine that a copy is put into. Names are single names in it, and no symbolic link is ever
 * followed: what lies outside cannot be reached through it. May be used by several threads.
 */
public sealed interface LocalDirectory extends AutoCloseable permits HeldDirectory, NamedDirectory {
    /** How files are made: never through what is there. */
    Set<OpenOption> ANEW = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS);

    /** How what is there is read, if it is a file and no link to one. */
    Set<OpenOption> TO_READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    /** How it is written. */
    Set<OpenOption> TO_WRITE = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    /** A directory that the user named, which may be a link to one. */
    @SuppressWarnings("StreamResourceLeak") // What is returned closes it.
    static LocalDirectory open(Path path) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(path);
        if (stream instanceof SecureDirectoryStream<Path> held) {
            return new HeldDirectory(path, held);
        }
        stream.close();
        return new NamedDirectory(path);
    }

    /** Where it is, for messages. */
    Path path();

    /** A directory in it. */
    LocalDirectory directory(Path name) throws IOException;

    /** Makes a file that was not there, for its owner alone. */
    OutputStream newFile(Path name) throws IOException;

    /** Opens a file that is there, for reading and perhaps for writing. */
    SeekableByteChannel openFile(Path name, Set<OpenOption> how) throws IOException;

    /** Goes on with a file that is there, behind what it has up to a place. */
    default OutputStream goOn(Path name, long place) throws IOException {
        SeekableByteChannel file = openFile(name, TO_WRITE);
        try {
            return SparseOutput.behind(path().resolve(name), file, place);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Gives an entry another name; what had that name is replaced in the same moment, unless it is a directory. */
    void rename(Path from, Path to) throws IOException;

    /** The names in it. */
    List<Path> names() throws IOException;

    /** Removes a file or link. */
    void delete(Path name) throws IOException;

    /** Removes an empty directory. */
    void deleteDirectory(Path name) throws IOException;

    /** Removes what is there of that name, and all that is below it. */
    default void deleteTree(Path name) throws IOException {
        if (kind(name).orElse(FileKind.OTHER) != FileKind.DIRECTORY) {
            delete(name);
            return;
        }
        try (LocalDirectory below = directory(name)) {
            for (Path entry : below.names()) {
                below.deleteTree(entry);
            }
        }
        deleteDirectory(name);
    }

    /** How the attributes of an entry are read and changed; of the directory itself if there is no name. */
    <V extends BasicFileAttributeView> V attributes(Optional<Path> name, Class<V> view);

    /** What is there of that name; nothing if there is nothing. */
    default Optional<FileKind> kind(Path name) throws IOException {
        return status(name).map(LocalDirectory::kind);
    }

    private static FileKind kind(BasicFileAttributes of) {
        if (of.isSymbolicLink()) {
            return FileKind.SYMLINK;
        }
        return of.isDirectory() ? FileKind.DIRECTORY : of.isRegularFile() ? FileKind.FILE : FileKind.OTHER;
    }

    /** What is known of a file or a link itself; nothing if there is nothing of that name. */
    default Optional<BasicFileAttributes> status(Path name) throws IOException {
        try {
            return Optional.of(attributes(Optional.of(name), BasicFileAttributeView.class).readAttributes());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /** When an entry was changed; if it is a link, the link itself. */
    default Instant modified(Path name) throws IOException {
        return attributes(Optional.of(name), BasicFileAttributeView.class).readAttributes().lastModifiedTime()
                .toInstant();
    }

    /**
     * Makes a directory, for its owner alone at first, or takes the one that is there.
     *
     * @return whether it is new
     * @throws NotDirectoryException if there is something else, such as a link
     */
    default boolean makeDirectory(Path name) throws IOException {
        try {
            Files.createDirectory(path().resolve(name), ownersAlone("rwx------"));
            return true;
        } catch (FileAlreadyExistsException _) {
            if (kind(name).orElse(FileKind.OTHER) == FileKind.DIRECTORY) {
                return false;
            }
            throw new NotDirectoryException(path().resolve(name).toString());
        }
    }

    /** Makes a symbolic link; its target is not looked at. */
    default void makeLink(Path name, Path target) throws IOException {
        Files.createSymbolicLink(path().resolve(name), target);
    }

    /** Gives an entry, or without a name the directory itself, its permissions (where there are such) and its time. */
    default void setAttributes(Optional<Path> name, int permissions, Instant modified) throws IOException {
        FileTime time = settable(modified);
        PosixFileAttributeView posix = attributes(name, PosixFileAttributeView.class);
        if (posix == null) {
            attributes(name, BasicFileAttributeView.class).setTimes(time, null, null);
            return;
        }
        try {
            posix.setTimes(time, null, null);
        } finally {
            // Last: they may take away the right to open it again.
            setPermissions(posix, name, permissions);
        }
    }

    /** Gives an entry, or without a name the directory itself, its permissions; what else it has of modes may go. */
    default void setPermissions(PosixFileAttributeView view, Optional<Path> name, int permissions) throws IOException {
        view.setPermissions(ModeText.toPosix(permissions));
    }

    /** Java hands a fraction of a second before 1970 to the system as a negative one, which that refuses: without it, then. */
    private static FileTime settable(Instant time) {
        return FileTime.from(time.getEpochSecond() < 0 ? time.truncatedTo(ChronoUnit.SECONDS) : time);
    }

    /** For what is made, where the file system has permissions. */
    static FileAttribute<?>[] ownersAlone(String letters) {
        return Files.getFileAttributeView(Path.of(""), PosixFileAttributeView.class) == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(letters))};
    }

    @Override
    void close() throws IOException;
}
