package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Way;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.NameCalls;
import dev.ninetunnel.linux.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds places: downwards by name, each step beneath the descriptor of the directory above it, and upwards by asking
 * whether a file still is where it was found. Where others have renamed it, the kernel tells the path (proc(5)), which
 * is then walked from the root down like any other: what has left the tree is not found (ESTALE). Any thread; runs as
 * the user that the thread acts as.
 */
final class Lookup {
    private static final byte[] NOT_THERE = {};
    /** What the kernel puts behind the path of a name that is gone (proc(5)). */
    private static final byte[] REMOVED = " (deleted)".getBytes(StandardCharsets.US_ASCII);

    private final EntryTable entryTable;
    private final Descriptors descriptors;

    Lookup(EntryTable entryTable, Descriptors descriptors) {
        this.entryTable = entryTable;
        this.descriptors = descriptors;
    }

    /** The entry of a directory, held for the caller. */
    EntryNode down(EntryNode directory, byte[] name) throws FsException {
        Name key = new Name(name);
        if (entryTable.knows(directory, key)) {
            EntryNode known = entryTable.find(directory, key, Status.idOf(directory.inode.fd, name));
            if (known != null) {
                return known;
            }
        }
        int fd = descriptors
                .open(() -> DescriptorCalls.openBeneath(directory.inode.fd, name, OpenFlags.NAME_ONLY, 0));
        return found(directory, key, fd);
    }

    /** The place of a file for which a descriptor was opened, which now belongs to it. */
    EntryNode found(EntryNode directory, Name name, int fd) throws FsException {
        FileId id;
        try {
            id = Status.idOf(fd);
        } catch (FsException e) {
            descriptors.close(fd);
            throw e;
        }
        return entryTable.found(directory, name, id, fd);
    }

    /**
     * The directory and the name by which a file is to be found now; the directory is held for the caller.
     *
     * @throws FsException ESTALE if it is not in the tree, EBUSY for the root
     */
    EntryTable.Spot up(EntryNode entryNode) throws FsException {
        EntryTable.Spot spot = entryTable.spot(entryNode);
        if (spot == null) {
            throw new FsException(Errno.EBUSY);
        }
        if (holds(spot, entryNode)) {
            return spot;
        }
        entryTable.release(spot.above());
        // A file may have several names. Only the one by which its descriptor was opened is what the kernel tells.
        if (!entryNode.opener && entryNode.inode.id.kind() != FileId.Kind.DIRECTORY) {
            throw new FsException(Errno.ESTALE);
        }
        return relocate(entryNode);
    }

    /** From the tree's root down to a file, as each is to be found now. ESTALE if it is not in the tree. */
    Way way(EntryNode entryNode) throws FsException {
        List<FileId> files = new ArrayList<>();
        List<byte[]> names = new ArrayList<>();
        EntryNode at = entryTable.hold(entryNode);
        try {
            while (!at.root) {
                EntryTable.Spot spot = up(at);
                files.add(at.inode.id);
                names.add(spot.name().bytes);
                entryTable.release(at);
                at = spot.above();
            }
            files.add(at.inode.id);
            return new Way(files.reversed(), names.reversed());
        } catch (FsException e) {
            if (at == entryNode && isRemoved(entryNode)) {
                return Way.NOWHERE;
            }
            throw e;
        } finally {
            entryTable.release(at);
        }
    }

    /** Whether a file that was not found is gone, or has lost the one of its names that it is known by. */
    private boolean isRemoved(EntryNode entryNode) throws FsException {
        if (Status.of(entryNode.inode.fd).links() == 0) {
            return true;
        }
        EntryNode top = entryTable.holdTop(entryNode);
        try {
            byte[] path = entryNode.opener ? beneath(top, entryNode) : NOT_THERE;
            int from = path.length - REMOVED.length;
            return from > 0 && Arrays.equals(path, from, path.length, REMOVED, 0, REMOVED.length);
        } finally {
            entryTable.release(top);
        }
    }

    private static boolean holds(EntryTable.Spot spot, EntryNode entryNode) {
        try {
            return Status.idOf(spot.above().inode.fd, spot.name().bytes).equals(entryNode.inode.id);
        } catch (FsException _) {
            return false;
        }
    }

    private EntryTable.Spot relocate(EntryNode entryNode) throws FsException {
        EntryNode directory = entryTable.holdTop(entryNode);
        try {
            byte[] path = beneath(directory, entryNode);
            int from = 0;
            for (int end = slash(path, from); end < path.length; end = slash(path, from)) {
                EntryNode next = down(directory, Arrays.copyOfRange(path, from, end));
                entryTable.release(directory);
                directory = next;
                from = end + 1;
            }
            EntryTable.Spot spot = new EntryTable.Spot(directory,
                    new Name(Arrays.copyOfRange(path, from, path.length)));
            if (spot.name().bytes.length == 0 || !holds(spot, entryNode)) {
                throw new FsException(Errno.ESTALE);
            }
            entryTable.relocated(entryNode, directory, spot.name());
            return spot;
        } catch (FsException e) {
            entryTable.release(directory);
            throw e.number() == Errno.ENOENT.number() || e.number() == Errno.ENOTDIR.number()
                    || e.number() == Errno.ELOOP.number() ? new FsException(Errno.ESTALE) : e;
        }
    }

    /** The kernel's path of a file, from the root's own. */
    private static byte[] beneath(EntryNode root, EntryNode entryNode) {
        byte[] top = path(root.inode.fd);
        byte[] path = path(entryNode.inode.fd);
        int skip = top.length == 1 ? 1 : top.length + 1;
        boolean inside = top.length > 0 && path.length > skip && path[skip - 1] == '/'
                && Arrays.equals(top, 0, skip - 1, path, 0, skip - 1);
        return inside ? Arrays.copyOfRange(path, skip, path.length) : NOT_THERE;
    }

    /** Empty if the kernel cannot tell, as it cannot for a path longer than a page. */
    private static byte[] path(int fd) {
        int length = NameCalls.readPath(fd);
        return length < 0 ? NOT_THERE : CallMemory.ofThread().fromBlock(length);
    }

    private static int slash(byte[] path, int from) {
        int at = from;
        while (at < path.length && path[at] != '/') {
            at++;
        }
        return at;
    }
}
