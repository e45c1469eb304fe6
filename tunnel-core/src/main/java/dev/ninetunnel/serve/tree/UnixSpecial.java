package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.EntryNames;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tmessage;
import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;

/**
 * What 9P2000.u makes by Tcreate beside files and directories, told by mode bits, with more in the extension: the target of a
 * symbolic link, the fid (by number) of a file to be linked, or the kind and numbers of a device, as {@code b 8 1}.
 */
public final class UnixSpecial {
    private static final int SYMLINK = 0x0200_0000;
    private static final int LINK = 0x0100_0000;
    private static final int DEVICE = 0x0080_0000;
    private static final int FIFO = 0x0020_0000;
    private static final int SOCKET = 0x0010_0000;
    private static final int ANY = SYMLINK | LINK | DEVICE | FIFO | SOCKET;

    private UnixSpecial() {}

    static boolean isSpecial(Tcreate t) {
        return (t.perm() & ANY) != 0;
    }

    /** The fid of the file that a Tcreate would give a further name; empty if it is not that. */
    public static OptionalInt linkedFid(ByteBuf frame) {
        if (Tmessage.readChecked(frame) instanceof Tcreate t && (t.perm() & LINK) != 0) {
            try {
                String number = t.extension().orElse(Text.EMPTY).utf8().strip();
                return OptionalInt.of(Integer.parseUnsignedInt(number));
            } catch (NumberFormatException e) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    /** Makes it, and returns it. */
    static Node make(TreeFid in, Tcreate t, Node linked) throws FsException {
        Node directory = in.node;
        byte[] name = EntryNames.entry(t.name());
        Text extension = t.extension().orElse(Text.EMPTY);
        int mode = (t.perm() & Stats.PERMISSIONS) | Stats.specialBits(t.perm());
        return switch (t.perm() & ANY) {
            case SYMLINK -> symlink(directory, name, extension);
            case LINK -> link(directory, name, linked);
            case DEVICE -> device(in, name, extension, mode);
            case FIFO -> directory.makeNode(name, FileId.Kind.FIFO.bits() | mode, 0, 0, -1);
            case SOCKET -> directory.makeNode(name, FileId.Kind.SOCKET.bits() | mode, 0, 0, -1);
            default -> throw new FsException(Errno.EINVAL);
        };
    }

    private static Node symlink(Node directory, byte[] name, Text target) throws FsException {
        if (target.isEmpty()) {
            throw new FsException(Errno.ENOENT);
        }
        return directory.makeSymlink(name, target.bytes(), -1);
    }

    private static Node link(Node directory, byte[] name, Node linked) throws FsException {
        if (linked == null) {
            throw new FsException(Errno.EINVAL);
        }
        directory.link(name, linked);
        return directory.walk(name);
    }

    private static Node device(TreeFid in, byte[] name, Text extension, int mode) throws FsException {
        String[] words = extension.utf8().strip().split(" ", -1);
        FileId.Kind kind = switch (words[0]) {
            case "b" -> FileId.Kind.BLOCK_DEVICE;
            case "c" -> FileId.Kind.CHARACTER_DEVICE;
            default -> throw new FsException(Errno.EINVAL);
        };
        in.area.permit(kind);
        try {
            return in.node.makeNode(name, kind.bits() | mode, Integer.parseInt(words[1]), Integer.parseInt(words[2]),
                    -1);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new FsException(Errno.EINVAL);
        }
    }
}
