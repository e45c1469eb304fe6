package dev.ninetunnel.export;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.wire.Text;

/** Which names of the wire may reach a file system (rule S11). */
public final class EntryNames {
    private static final int LONGEST = 255;

    private EntryNames() {}

    /** The bytes of a name for something new, or to remove. */
    public static byte[] entry(Text name) throws FsException {
        byte[] bytes = name.bytes();
        if (!isElement(bytes)) {
            throw new FsException(Errno.EINVAL);
        }
        if (bytes.length > LONGEST) {
            throw new FsException(Errno.ENAMETOOLONG);
        }
        return bytes;
    }

    /** The bytes of a name to walk to; not for {@code .} and {@code ..}, which are no entries. */
    public static byte[] step(Text name) throws FsException {
        byte[] bytes = name.bytes();
        if (!isElement(bytes)) {
            throw new FsException(Errno.ENOENT);
        }
        if (bytes.length > LONGEST) {
            throw new FsException(Errno.ENAMETOOLONG);
        }
        return bytes;
    }

    public static boolean isSelf(Text name) {
        byte[] bytes = name.bytes();
        return bytes.length == 1 && bytes[0] == '.';
    }

    public static boolean isParent(Text name) {
        return isParent(name.bytes());
    }

    public static boolean isParent(byte[] bytes) {
        return bytes.length == 2 && bytes[0] == '.' && bytes[1] == '.';
    }

    private static boolean isElement(byte[] bytes) {
        if (bytes.length == 0 || (bytes.length <= 2 && isDots(bytes))) {
            return false;
        }
        for (byte b : bytes) {
            if (b == '/' || b == 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDots(byte[] bytes) {
        for (byte b : bytes) {
            if (b != '.') {
                return false;
            }
        }
        return true;
    }
}
