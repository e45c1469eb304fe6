package dev.ninetunnel.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Files that only their owner may read. They appear whole or not at all: written under another name, with mode
 * 0600 from the first byte on, and then put in place in one step.
 */
public final class OwnFiles {
    private OwnFiles() {}

    /** Makes the folder, with mode 0700, unless it exists. */
    public static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(folder, mode(folder, "rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** Writes a file unless there is one already, which then stays as it is; of two who try at once one wins. */
    static void writeIfAbsent(Path file, String text) throws IOException {
        Path draft = draft(file, text);
        try {
            try {
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException e) {
                return;
            } catch (UnsupportedOperationException | FileSystemException e) {
                Files.move(draft, file); // a file system without links; it refuses to replace, if less strictly
            }
        } catch (FileAlreadyExistsException e) {
            return;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Writes a file in place of what was there. */
    public static void replace(Path file, String text) throws IOException {
        Path draft = draft(file, text);
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** A change of a file. */
    @FunctionalInterface
    public interface Change<T> {
        T make() throws IOException, IdentityException;
    }

    /**
     * Changes a file while no other process of this user and no other thread of this one does: waits for them.
     * The folder is made if there is none.
     */
    public static <T> T change(Path file, Change<T> change) throws IOException, IdentityException {
        makeFolder(file.toAbsolutePath().getParent());
        // The file lock keeps other processes out, and this one the other threads of this process.
        synchronized (OwnFiles.class) {
            try (FileChannel held = lock(file.resolveSibling("." + file.getFileName() + ".lock"))) {
                Objects.requireNonNull(held);
                return change.make();
            }
        }
    }

    /**
     * Keeps other processes of this user out until what is returned is closed; waits while one keeps this out. A process that may
     * read a file may lock it, so the file is the owner's alone; one that an earlier version has made readable for others, which they may
     * hold locked, is replaced. Not for two threads of one process at once.
     */
    static FileChannel lock(Path file) throws IOException {
        boolean replaced = false;
        while (true) {
            try {
                if (!replaced && openToOthers(file)) {
                    Files.deleteIfExists(file);
                    replaced = true; // where modes mean nothing, it will look no better
                }
                Object there = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                if (isLocked(channel) && Objects.equals(there, key(file))) {
                    return channel;
                }
                channel.close(); // another process has replaced it meanwhile
            } catch (NoSuchFileException e) {
                makeEmpty(file);
            }
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.lock() != null; // the lock ends with the channel
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return file;
        }
    }

    private static void makeEmpty(Path file) throws IOException {
        try {
            Files.createFile(file, mode(file, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            // Another process was faster.
            return;
        }
    }

    /** Whether others than the owner may read or write it; false where files have no such modes. */
    static boolean openToOthers(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return false;
        }
        Set<PosixFilePermission> others = EnumSet.copyOf(PosixFilePermissions.fromString("---rwxrwx"));
        others.retainAll(view.readAttributes().permissions());
        return !others.isEmpty();
    }

    /** What went wrong with a file, for people. */
    public static String why(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException taken -> taken.getFile() + " is there already, and is no folder";
            case NoSuchFileException missing -> missing.getFile() + " is not there, and cannot be made";
            case AccessDeniedException closed -> "this user may not use " + closed.getFile();
            default -> e.getMessage() == null ? "it cannot be used" : e.getMessage();
        };
    }

    private static Path draft(Path file, String text) throws IOException {
        Path draft = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        var how = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        try (SeekableByteChannel out = Files.newByteChannel(draft, how, mode(file, "rw-------"))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
        return draft;
    }

    private static FileAttribute<?>[] mode(Path file, String permissions) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }
}
