package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a directory spells a name that leads to an entry of it: vfat, exFAT, NTFS, SMB and directories with the casefold flag
 * take others for it, too. The kernel does not tell (a path in /proc has what was asked for), so the directory is read. Any
 * thread; runs as the user that the thread acts as.
 */
final class Spelling {
    private Spelling() {}

    /** The name as the directory lists it; empty if there is none, or where each name leads to itself alone. */
    static Optional<byte[]> of(HeldTree tree, EntryNode directory, byte[] name) throws FsException {
        FileId id = idOrNull(directory.inode.fd, name);
        if (id == null || (FileSystems.takesNamesAsTheyAre(directory.inode.fd) && !ignoresCase(directory, name, id))) {
            return Optional.empty();
        }
        return Optional.of(listed(tree, directory, name, id));
    }

    private static boolean ignoresCase(EntryNode directory, byte[] name, FileId id) throws FsException {
        byte[] other = inOtherCase(name);
        return !Arrays.equals(name, other) && id.equals(idOrNull(directory.inode.fd, other));
    }

    private static FileId idOrNull(int directory, byte[] name) throws FsException {
        try {
            return Status.idOf(directory, name);
        } catch (FsException e) {
            if (e.number() == Errno.ENOENT.number() || e.number() == Errno.ENOTDIR.number()) {
                return null;
            }
            throw e;
        }
    }

    /** The same with its letters in upper case, or in lower if they are. What is no UTF-8 is no letter. */
    private static byte[] inOtherCase(byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        StringBuilder other = new StringBuilder();
        text.codePoints().map(c -> Character.isLowerCase(c) ? Character.toUpperCase(c) : Character.toLowerCase(c))
                .forEach(other::appendCodePoint);
        byte[] bytes = other.toString().getBytes(StandardCharsets.UTF_8);
        return bytes.length > CallMemory.NAME_LIMIT ? name : bytes;
    }

    private static boolean isSameButForCase(byte[] one, byte[] other) {
        return new String(one, StandardCharsets.UTF_8).equalsIgnoreCase(new String(other, StandardCharsets.UTF_8));
    }

    /** ENOENT if it is gone meanwhile. The inode is held, so that it keeps its number where numbers are made up (vfat). */
    private static byte[] listed(HeldTree tree, EntryNode directory, byte[] name, FileId id) throws FsException {
        EntryNode held = tree.lookup.down(directory, name);
        int fd = -1;
        try {
            fd = tree.descriptors.open(() -> DescriptorCalls.reopen(directory.inode.fd,
                    OpenFlags.READ_ONLY | OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC));
            byte[][] found = new byte[1][];
            new DirectoryStream(fd, directory.inode.id, directory.inode.id).list(0, (entry, listed, cookie) -> {
                boolean same = listed.inode() == id.inode() && isSameButForCase(entry, name);
                if (same || (listed.inode() == id.inode() && found[0] == null)) {
                    found[0] = entry;
                }
                return !same;
            });
            if (found[0] == null) {
                throw new FsException(Errno.ENOENT);
            }
            return found[0];
        } finally {
            if (fd >= 0) {
                tree.descriptors.close(fd);
            }
            tree.places.release(held);
        }
    }
}
