package dev.ninetunnel.client;

import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tsetattr;
import java.time.Instant;
import java.util.Optional;

/** A file's attributes as 9P2000 and 9P2000.u tell and change them (stat(5)), and as Linux does. */
final class PlainStats {
    /** What a mode says besides permissions; of these, 9P2000 knows the first. */
    static final int DIRECTORY = 0x8000_0000;
    static final int SYMLINK = 0x0200_0000;
    static final int LINK = 0x0100_0000;
    static final int DEVICE = 0x0080_0000;
    private static final int FIFO = 0x0020_0000;
    private static final int SOCKET = 0x0010_0000;
    private static final int SET_UID = 0x0008_0000;
    private static final int SET_GID = 0x0004_0000;
    private static final int STICKY = 0x0001_0000;
    private static final int PERMISSIONS = 0777;

    /** The format bits of a mode of Linux (inode(7)). */
    private static final int FORMAT = 0170000;
    private static final int FORMAT_SOCKET = 0140000;
    private static final int FORMAT_SYMLINK = 0120000;
    private static final int FORMAT_FILE = 0100000;
    private static final int FORMAT_BLOCK = 0060000;
    private static final int FORMAT_DIRECTORY = 0040000;
    private static final int FORMAT_CHARACTER = 0020000;
    private static final int FORMAT_FIFO = 0010000;

    /** What a Tsetattr changes ({@code P9_ATTR_*}). */
    private static final int SET_MODE = 1;
    private static final int SET_OWNER = 1 << 1;
    private static final int SET_GROUP = 1 << 2;
    private static final int SET_SIZE = 1 << 3;
    private static final int SET_ATIME = 1 << 4;
    private static final int SET_MTIME = 1 << 5;
    private static final int ATIME_GIVEN = 1 << 7;
    private static final int MTIME_GIVEN = 1 << 8;

    /** In a Twstat: leave it as it is. */
    private static final int UNTOUCHED = -1;
    private static final Qid UNTOUCHED_QID = new Qid(0xFF, -1, -1);
    /** The last second that a stat can tell. */
    private static final long LATEST = 0xFFFF_FFFEL;
    /** Whom files belong to whose owner is told by name: nobody, as the Linux client shows it. */
    private static final int NOBODY = 65534;
    private static final int BLOCK = 512;
    private static final int GOOD_READ = 4096;
    /** All that stat(2) tells. */
    private static final long BASIC = 0x7ff;

    private final boolean unix;

    PlainStats(boolean unix) {
        this.unix = unix;
    }

    static FileStatus status(Stat stat) {
        return new FileStatus(kind(stat.mode()), stat.mode() & PERMISSIONS, Math.max(0, stat.length()),
                Instant.ofEpochSecond(Integer.toUnsignedLong(stat.mtime())), stat.uid(), stat.gid(), 1, stat.qid());
    }

    private static FileKind kind(int mode) {
        if ((mode & DIRECTORY) != 0) {
            return FileKind.DIRECTORY;
        }
        if ((mode & SYMLINK) != 0) {
            return FileKind.SYMLINK;
        }
        return (mode & (DEVICE | FIFO | SOCKET)) != 0 ? FileKind.OTHER : FileKind.FILE;
    }

    /** As Linux tells them. */
    static Rgetattr attributes(Stat stat) {
        Text extension = stat.unix().map(Stat.Unix::extension).orElse(Text.EMPTY);
        int format = format(stat.mode(), extension);
        long size = format == FORMAT_SYMLINK ? extension.length() : Math.max(0, stat.length());
        long changed = Integer.toUnsignedLong(stat.mtime());
        return new Rgetattr(BASIC, stat.qid(), format | linuxPermissions(stat.mode()),
                stat.unix().map(Stat.Unix::uid).orElse(NOBODY), stat.unix().map(Stat.Unix::gid).orElse(NOBODY), 1,
                device(extension), size, GOOD_READ, (size + BLOCK - 1) / BLOCK, Integer.toUnsignedLong(stat.atime()), 0,
                changed, 0, changed, 0, 0, 0, 0, 0);
    }

    private static int format(int mode, Text extension) {
        if ((mode & DIRECTORY) != 0) {
            return FORMAT_DIRECTORY;
        }
        if ((mode & SYMLINK) != 0) {
            return FORMAT_SYMLINK;
        }
        if ((mode & DEVICE) != 0) {
            return extension.utf8().startsWith("b") ? FORMAT_BLOCK : FORMAT_CHARACTER;
        }
        if ((mode & FIFO) != 0) {
            return FORMAT_FIFO;
        }
        return (mode & SOCKET) != 0 ? FORMAT_SOCKET : FORMAT_FILE;
    }

    private static int linuxPermissions(int mode) {
        return (mode & PERMISSIONS) | ((mode & SET_UID) != 0 ? 04000 : 0) | ((mode & SET_GID) != 0 ? 02000 : 0)
                | ((mode & STICKY) != 0 ? 01000 : 0);
    }

    /** The numbers of {@code b 8 1}, as {@code new_encode_dev} has them; 0 if there are none. */
    private static long device(Text extension) {
        String[] words = extension.utf8().strip().split("\\s+", -1);
        if (words.length != 3) {
            return 0;
        }
        try {
            int major = Integer.parseInt(words[1]);
            int minor = Integer.parseInt(words[2]);
            return (minor & 0xff) | ((major & 0xfff) << 8) | (((long) minor & 0xfff00) << 12);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** The type of a directory's entry, by the numbers of readdir(3). */
    static int entryType(int mode) {
        return switch (kind(mode)) {
            case DIRECTORY -> DirectoryEntry.DIRECTORY;
            case SYMLINK -> DirectoryEntry.SYMLINK;
            case FILE -> DirectoryEntry.FILE;
            case OTHER -> 0; // unknown: stat(2) tells
        };
    }

    /** What says the kind of a new file, by a mode of Linux: 0 for a plain one, negative for what cannot be made. */
    static int kindBits(int mode) {
        return switch (mode & FORMAT) {
            case FORMAT_FILE, 0 -> 0;
            case FORMAT_BLOCK, FORMAT_CHARACTER -> DEVICE;
            case FORMAT_FIFO -> FIFO;
            case FORMAT_SOCKET -> SOCKET;
            default -> -1;
        };
    }

    static boolean isBlockDevice(int mode) {
        return (mode & FORMAT) == FORMAT_BLOCK;
    }

    /** Linux's permissions, as far as the dialect has them. */
    int permissions(int mode) {
        int plain = mode & PERMISSIONS;
        return !unix
                ? plain
                : plain | ((mode & 04000) != 0 ? SET_UID : 0) | ((mode & 02000) != 0 ? SET_GID : 0)
                        | ((mode & 01000) != 0 ? STICKY : 0);
    }

    /** Whether it empties a file, and does nothing else. */
    static boolean empties(Tsetattr change) {
        return change.valid() == SET_SIZE && change.size() == 0;
    }

    /**
     * A stat that changes what a Tsetattr does, or null where the dialect cannot: owners and groups by number, and the time of the
     * last access, are 9P2000.u's. That time is left alone where other things change, too.
     */
    Stat change(Tsetattr c, boolean directory) {
        int valid = c.valid();
        if (!unix && (valid & (SET_OWNER | SET_GROUP)) != 0) {
            return null;
        }
        boolean atime = unix && (valid & SET_ATIME) != 0;
        if (!atime && (valid & (SET_MODE | SET_OWNER | SET_GROUP | SET_SIZE | SET_MTIME)) == 0) {
            return null;
        }
        int mode = (valid & SET_MODE) == 0 ? UNTOUCHED : permissions(c.mode()) | (directory ? DIRECTORY : 0);
        return new Stat(0xFFFF, UNTOUCHED, UNTOUCHED_QID, mode,
                atime ? time(valid, ATIME_GIVEN, c.atimeSec()) : UNTOUCHED,
                (valid & SET_MTIME) != 0 ? time(valid, MTIME_GIVEN, c.mtimeSec()) : UNTOUCHED,
                (valid & SET_SIZE) != 0 ? c.size() : UNTOUCHED, Text.EMPTY, Text.EMPTY, Text.EMPTY, Text.EMPTY,
                users((valid & SET_OWNER) != 0 ? c.uid() : UNTOUCHED, (valid & SET_GROUP) != 0 ? c.gid() : UNTOUCHED));
    }

    private static int time(int valid, int given, long seconds) {
        return (int) Math.clamp((valid & given) != 0 ? seconds : Instant.now().getEpochSecond(), 0, LATEST);
    }

    private Optional<Stat.Unix> users(int uid, int gid) {
        return unix ? Optional.of(new Stat.Unix(Text.EMPTY, uid, gid, UNTOUCHED)) : Optional.empty();
    }

    /** A stat that changes the name and nothing else; with an empty name, one that changes nothing. */
    Stat named(Text name) {
        return new Stat(0xFFFF, UNTOUCHED, UNTOUCHED_QID, UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED, name, Text.EMPTY,
                Text.EMPTY, Text.EMPTY, users(UNTOUCHED, UNTOUCHED));
    }
}
