package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Way;
import dev.ninetunnel.linux.Scratch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds places: downwards by name, each step beneath the descriptor of the directory above it, and upwards by asking
 * whether a file still is where it was found. Where others have renamed it, the kernel tells the path (proc(5)), which
 * is then walked from the root down like any other: what has left the tree is not found (ESTALE). Any thread; runs as
 * whoever the thread acts as.
 */
final class Lookup {
    private static final byte[] NOT_THERE = {};
    /** What the kernel puts behind the path of a name that is gone (proc(5)). */
    private static final byte[] REMOVED = " (deleted)".getBytes(StandardCharsets.US_ASCII);

    private final Places places;
    private final Descriptors descriptors;

    Lookup(Places places, Descriptors descriptors) {
        this.places = places;
        this.descriptors = descriptors;
    }

    /** The entry of a directory, held for the caller. */
    Place down(Place directory, byte[] name) throws FsException {
        Name key = new Name(name);
        if (places.knows(directory, key)) {
            Place known = places.find(directory, key, Status.idOf(directory.inode.fd, name));
            if (known != null) {
                return known;
            }
        }
        int fd = descriptors
                .open(() -> DescriptorCalls.openBeneath(directory.inode.fd, name, OpenFlags.NAME_ONLY, 0));
        return found(directory, key, fd);
    }

    /** The place of a file for which a descriptor was opened, which now belongs to it. */
    Place found(Place directory, Name name, int fd) throws FsException {
        FileId id;
        try {
            id = Status.idOf(fd);
        } catch (FsException e) {
            descriptors.close(fd);
            throw e;
        }
        return places.found(directory, name, id, fd);
    }

    /**
     * The directory and the name by which a file is to be found now; the directory is held for the caller.
     *
     * @throws FsException ESTALE if it is not in the tree, EBUSY for the root
     */
    Places.Spot up(Place place) throws FsException {
        Places.Spot spot = places.spot(place);
        if (spot == null) {
            throw new FsException(Errno.EBUSY);
        }
        if (holds(spot, place)) {
            return spot;
        }
        places.release(spot.above());
        // A file may have several names. Only the one by which its descriptor was opened is what the kernel tells.
        if (!place.opener && place.inode.id.kind() != FileId.Kind.DIRECTORY) {
            throw new FsException(Errno.ESTALE);
        }
        return relocate(place);
    }

    /** From the tree's root down to a file, as each is to be found now. ESTALE if it is not in the tree. */
    Way way(Place place) throws FsException {
        List<FileId> files = new ArrayList<>();
        List<byte[]> names = new ArrayList<>();
        Place at = places.hold(place);
        try {
            while (!at.root) {
                Places.Spot spot = up(at);
                files.add(at.inode.id);
                names.add(spot.name().bytes);
                places.release(at);
                at = spot.above();
            }
            files.add(at.inode.id);
            return new Way(files.reversed(), names.reversed());
        } catch (FsException e) {
            if (at == place && isRemoved(place)) {
                return Way.NOWHERE;
            }
            throw e;
        } finally {
            places.release(at);
        }
    }

    /** Whether a file that was not found is gone, or has lost the one of its names that it is known by. */
    private boolean isRemoved(Place place) throws FsException {
        if (Status.of(place.inode.fd).links() == 0) {
            return true;
        }
        Place top = places.holdTop(place);
        try {
            byte[] path = place.opener ? beneath(top, place) : NOT_THERE;
            int from = path.length - REMOVED.length;
            return from > 0 && Arrays.equals(path, from, path.length, REMOVED, 0, REMOVED.length);
        } finally {
            places.release(top);
        }
    }

    private static boolean holds(Places.Spot spot, Place place) {
        try {
            return Status.idOf(spot.above().inode.fd, spot.name().bytes).equals(place.inode.id);
        } catch (FsException _) {
            return false;
        }
    }

    private Places.Spot relocate(Place place) throws FsException {
        Place directory = places.holdTop(place);
        try {
            byte[] path = beneath(directory, place);
            int from = 0;
            for (int end = slash(path, from); end < path.length; end = slash(path, from)) {
                Place next = down(directory, Arrays.copyOfRange(path, from, end));
                places.release(directory);
                directory = next;
                from = end + 1;
            }
            Places.Spot spot = new Places.Spot(directory, new Name(Arrays.copyOfRange(path, from, path.length)));
            if (spot.name().bytes.length == 0 || !holds(spot, place)) {
                throw new FsException(Errno.ESTALE);
            }
            places.relocated(place, directory, spot.name());
            return spot;
        } catch (FsException e) {
            places.release(directory);
            throw e.number() == Errno.ENOENT.number() || e.number() == Errno.ENOTDIR.number()
                    || e.number() == Errno.ELOOP.number() ? new FsException(Errno.ESTALE) : e;
        }
    }

    /** The kernel's path of a file, from the root's own. */
    private static byte[] beneath(Place root, Place place) {
        byte[] top = path(root.inode.fd);
        byte[] path = path(place.inode.fd);
        int skip = top.length == 1 ? 1 : top.length + 1;
        boolean inside = top.length > 0 && path.length > skip && path[skip - 1] == '/'
                && Arrays.equals(top, 0, skip - 1, path, 0, skip - 1);
        return inside ? Arrays.copyOfRange(path, skip, path.length) : NOT_THERE;
    }

    /** Empty if the kernel cannot tell, as it cannot for a path longer than a page. */
    private static byte[] path(int fd) {
        int length = NameCalls.readPath(fd);
        return length < 0 ? NOT_THERE : Scratch.ofThread().fromBlock(length);
    }

    private static int slash(byte[] path, int from) {
        int at = from;
        while (at < path.length && path[at] != '/') {
            at++;
        }
        return at;
    }
}
