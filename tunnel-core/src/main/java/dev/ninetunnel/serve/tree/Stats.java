package dev.ninetunnel.serve.tree;

import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.PlainBits;
import dev.ninetunnel.export.Qids;
import dev.ninetunnel.export.Users;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Stat;
import java.util.Optional;

/**
 * A file's attributes as 9P2000 and 9P2000.u tell them (stat(5)). Plain 9P2000 knows files and directories only: all that
 * is neither is shown as a file, as the Linux client expects of it. Any thread.
 */
final class Stats {
    static final int DIRECTORY = 0x8000_0000;
    private static final long LATEST = 0xFFFF_FFFEL;
    private static final int SYMLINK = 0x0200_0000;
    private static final int DEVICE = 0x0080_0000;
    private static final int FIFO = 0x0020_0000;
    private static final int SOCKET = 0x0010_0000;
    private static final int SET_UID = 0x0008_0000;
    private static final int SET_GID = 0x0004_0000;
    private static final int STICKY = 0x0001_0000;
    static final int PERMISSIONS = 0777;
    private static final Text ROOT = Text.of("/");

    private final Qids qids;
    private final Users users;
    private final PlainBits bits;

    Stats(Exports exports) {
        this.qids = exports.qids();
        this.users = exports.users();
        this.bits = exports.plainBits();
    }

    /** Of a file by the name that it is shown with. */
    Stat of(Node node, Attributes a, Text name, Dialect dialect) throws FsException {
        int plainBits = bits.of(a);
        Qid qid = qids.of(a, dialect);
        Qid shown = new Qid(qid.type() | (plainBits >>> 24), qid.version(), qid.path());
        long length = a.id().kind() == FileId.Kind.DIRECTORY ? 0 : a.size();
        Text owner = users.user(a.uid());
        Optional<Stat.Unix> unix = dialect == Dialect.UNIX
                ? Optional.of(new Stat.Unix(extension(node, a), a.uid(), a.gid(), a.uid()))
                : Optional.empty();
        return new Stat(0, 0, shown, mode(a, dialect) | plainBits, time(a.access()),
                time(a.modification()), length, name.isEmpty() ? ROOT : name, owner, users.group(a.gid()),
                owner, unix);
    }

    private static int mode(Attributes a, Dialect dialect) {
        int mode = a.mode() & PERMISSIONS;
        if (a.id().kind() == FileId.Kind.DIRECTORY) {
            mode |= DIRECTORY;
        }
        return dialect == Dialect.UNIX ? mode | unixBits(a) : mode;
    }

    private static int unixBits(Attributes a) {
        int bits = switch (a.id().kind()) {
            case SYMLINK -> SYMLINK;
            case BLOCK_DEVICE, CHARACTER_DEVICE -> DEVICE;
            case FIFO -> FIFO;
            case SOCKET -> SOCKET;
            case FILE, DIRECTORY -> 0;
        };
        return bits | ((a.mode() & 04000) != 0 ? SET_UID : 0) | ((a.mode() & 02000) != 0 ? SET_GID : 0)
                | ((a.mode() & 01000) != 0 ? STICKY : 0);
    }

    /** The mode bits 07000 that 9P2000.u sets. */
    static int specialBits(int mode) {
        return ((mode & SET_UID) != 0 ? 04000 : 0) | ((mode & SET_GID) != 0 ? 02000 : 0)
                | ((mode & STICKY) != 0 ? 01000 : 0);
    }

    private static Text extension(Node node, Attributes a) throws FsException {
        long device = a.deviceNumber();
        String numbers = (((device >>> 8) & 0xfff) | ((device >>> 32) & 0xfffff000L)) + " "
                + ((device & 0xff) | ((device >>> 12) & 0xffffff00L));
        return switch (a.id().kind()) {
            case SYMLINK -> Text.of(node.readLink());
            case BLOCK_DEVICE -> Text.of("b " + numbers);
            case CHARACTER_DEVICE -> Text.of("c " + numbers);
            default -> Text.EMPTY;
        };
    }

    /** A stat's times are seconds from 1970 to 2106, the last of which would mean "don't touch" (stat(5)). */
    private static int time(Attributes.Time time) {
        return (int) Math.clamp(time.seconds(), 0, LATEST);
    }
}
