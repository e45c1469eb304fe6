package dev.ninetunnel.model;

import static dev.ninetunnel.model.Refused.check;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.Libc;
import dev.ninetunnel.wire.Text;
import java.util.Arrays;
import java.util.List;

/**
 * The oracle: a directory of the local disk, used through the C library in the way in which 9P uses files. A slot is
 * what a fid is: it stands for an inode ({@code O_PATH}) and may be open. What the protocol says beyond the system
 * calls is written down here, and nothing of it comes from the code under test.
 */
final class Disk implements AutoCloseable {
    /** How many there are; the first stands for the directory. */
    static final int SLOTS = 6;

    static final int PATH = 010000000;
    static final int NO_FOLLOW = 0400000;
    static final int CREATE = 0100;
    static final int DIRECTORY_ONLY = 0200000;
    static final int EXCLUSIVE = 0200;
    static final int KIND = 0170000;
    static final int DIRECTORY = 0040000;
    static final int SYMLINK = 0120000;
    static final int FILE = 0100000;
    private static final byte[] UP = {'.', '.'};
    private static final byte[] HERE = {'.'};
    private static final byte[] DELETED = Text.of(" (deleted)").bytes();
    private static final int LONGEST_NAME = 255;
    private static final int MOST_NAMES = 16;

    final Libc libc;
    private final Slot[] slots = new Slot[SLOTS];
    private final long rootInode;

    /** What a fid stands for. */
    static final class Slot {
        int fd;
        int open = -1;
        /** What its locks are taken by. */
        int lock = -1;
        boolean reads;
        boolean writes;

        Slot(int fd) {
            this.fd = fd;
        }
    }

    Disk(Libc libc, byte[] root) {
        this.libc = libc;
        int fd = libc.open(Libc.NO_DIRECTORY, root, PATH, 0);
        if (fd < 0) {
            throw new AssertionError("cannot open " + Text.of(root) + ": errno " + -fd);
        }
        slots[0] = new Slot(fd);
        rootInode = libc.status(fd).inode();
    }

    Slot bound(int slot) throws Refused {
        if (slots[slot] == null) {
            throw new Refused(Errno.EBADF);
        }
        return slots[slot];
    }

    /** One that is not open. */
    Slot unused(int slot) throws Refused {
        Slot bound = bound(slot);
        if (bound.open >= 0) {
            throw new Refused(Errno.EBADF);
        }
        return bound;
    }

    Libc.Status status(Slot slot) {
        return libc.status(slot.fd);
    }

    int kind(Slot slot) {
        return status(slot).mode() & KIND;
    }

    /** Refuses names that no entry may have (rule S11). */
    static byte[] entry(Text name) throws Refused {
        byte[] bytes = name.bytes();
        if (!isElement(bytes) || Arrays.equals(bytes, HERE) || Arrays.equals(bytes, UP)) {
            throw new Refused(Errno.EINVAL);
        }
        return notTooLong(bytes);
    }

    private static boolean isElement(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '/' || b == 0) {
                return false;
            }
        }
        return bytes.length > 0;
    }

    private static byte[] notTooLong(byte[] bytes) throws Refused {
        if (bytes.length > LONGEST_NAME) {
            throw new Refused(Errno.ENAMETOOLONG);
        }
        return bytes;
    }

    /** The kinds of what was walked through; the new slot is bound if that is all of it. */
    String walk(int from, int to, List<Text> names) throws Refused {
        if (names.size() > MOST_NAMES) {
            throw new Refused(Errno.EINVAL);
        }
        Slot start = bound(from);
        if (to != from && slots[to] != null) {
            throw new Refused(Errno.EBADF);
        }
        if (names.isEmpty() && from == to) {
            return "walked";
        }
        int at = check(libc.reopen(start.fd, PATH));
        StringBuilder walked = new StringBuilder("walked");
        int done = 0;
        for (Text name : names) {
            int next;
            try {
                next = step(at, name.bytes());
            } catch (Refused e) {
                libc.close(at);
                if (done == 0) {
                    throw e;
                }
                return walked.toString();
            }
            libc.close(at);
            at = next;
            done++;
            walked.append(' ').append(qidType(libc.status(at).mode()));
        }
        if (from == to) {
            close(from);
        }
        slots[to] = new Slot(at);
        return walked.toString();
    }

    private int step(int at, byte[] name) throws Refused {
        boolean up = Arrays.equals(name, UP);
        if (up || Arrays.equals(name, HERE)) {
            Libc.Status status = libc.status(at);
            if ((status.mode() & KIND) != DIRECTORY) {
                throw new Refused(Errno.ENOTDIR);
            }
            boolean stays = !up || status.inode() == rootInode;
            if (!stays && isDeleted(libc.path(at))) {
                throw new Refused(Errno.ESTALE); // the kernel remembers where it was, but not whether that is inside
            }
            return check(stays ? libc.reopen(at, PATH) : libc.open(at, UP, PATH, 0));
        }
        if (!isElement(name)) {
            throw new Refused(Errno.ENOENT);
        }
        return check(libc.open(at, notTooLong(name), PATH | NO_FOLLOW, 0));
    }

    static int qidType(int mode) {
        return switch (mode & KIND) {
            case DIRECTORY -> 0x80;
            case SYMLINK -> 0x02;
            default -> 0;
        };
    }

    /** Opens what lies there; fifos and devices are not opened for anybody. */
    String open(int number, int flags) throws Refused {
        Slot slot = unused(number);
        opened(slot, check(libc.reopen(slot.fd, openable(kind(slot), flags))), flags);
        return "opened " + qidType(status(slot).mode());
    }

    private static int openable(int kind, int flags) throws Refused {
        if ((flags & 3) == 3) {
            throw new Refused(Errno.EINVAL);
        }
        if ((flags & DIRECTORY_ONLY) != 0 && kind != DIRECTORY) {
            throw new Refused(Errno.ENOTDIR);
        }
        if (kind != FILE && kind != DIRECTORY && kind != SYMLINK) {
            throw new Refused(Errno.ENXIO);
        }
        return flags;
    }

    private static void opened(Slot slot, int fd, int flags) {
        slot.open = fd;
        slot.reads = (flags & 3) != 1;
        slot.writes = (flags & 3) != 0;
    }

    /** Makes a file, or opens the one that is there. */
    String create(int number, Text name, int flags, int mode) throws Refused {
        Slot slot = unused(number);
        if ((flags & DIRECTORY_ONLY) != 0) {
            throw new Refused(Errno.EINVAL); // Linux before 6.4 made a file
        }
        openable(FILE, flags);
        byte[] entry = entry(name);
        Libc.Status there = libc.status(slot.fd, entry);
        if (there != null && (flags & EXCLUSIVE) == 0) {
            openable(there.mode() & KIND, flags);
        }
        int fd = check(libc.open(slot.fd, entry, flags | CREATE | NO_FOLLOW, mode));
        into(slot, entry);
        opened(slot, fd, flags);
        return "made " + qidType(status(slot).mode());
    }

    /** Makes a slot stand for an entry of the directory that it has stood for. */
    void into(Slot slot, byte[] entry) throws Refused {
        int made = check(libc.open(slot.fd, entry, PATH | NO_FOLLOW, 0));
        libc.close(slot.fd);
        slot.fd = made;
    }

    boolean isRoot(Slot slot) {
        return status(slot).inode() == rootInode;
    }

    /** Refuses what no mount point allows. */
    void requireNotRoot(Slot slot) throws Refused {
        if (isRoot(slot)) {
            throw new Refused(Errno.EBUSY);
        }
    }

    /** Where a slot's file is now: the path by which it was walked to, as renames have changed it. */
    byte[] path(Slot slot) throws Refused {
        requireNotRoot(slot);
        byte[] path = libc.path(slot.fd);
        if (isDeleted(path)) {
            throw new Refused(Errno.ESTALE);
        }
        return path;
    }

    private static boolean isDeleted(byte[] path) {
        return path.length > DELETED.length
                && Arrays.equals(path, path.length - DELETED.length, path.length, DELETED, 0, DELETED.length);
    }

    /** The name that a slot's file has, or had before it was removed. */
    Text name(Slot slot) {
        byte[] path = libc.path(slot.fd);
        int end = path.length - (isDeleted(path) ? DELETED.length : 0);
        return Text.of(Arrays.copyOfRange(path, directoryEnd(path) + 1, end));
    }

    /** Where the path of the directory above ends. */
    static int directoryEnd(byte[] path) {
        int end = path.length - 1;
        while (path[end] != '/') {
            end--;
        }
        return end;
    }

    void close(int number) throws Refused {
        Slot slot = bound(number);
        if (slot.open >= 0) {
            libc.close(slot.open);
        }
        if (slot.lock >= 0) {
            libc.close(slot.lock);
        }
        libc.close(slot.fd);
        slots[number] = null;
    }

    @Override
    public void close() {
        for (int i = 0; i < SLOTS; i++) {
            try {
                close(i);
            } catch (Refused _) {
                // It stands for nothing.
            }
        }
    }
}
