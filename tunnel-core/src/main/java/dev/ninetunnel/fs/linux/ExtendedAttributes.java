package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.linux.AttributeCalls;
import dev.ninetunnel.linux.CallMemory;

/** Extended attributes (xattr(7)) of a file of any kind; those of a symbolic link are its own. */
final class ExtendedAttributes {
    /** {@code XATTR_NAME_MAX}; longer ones are ERANGE on Linux. */
    private static final int NAME_LIMIT = 255;

    private ExtendedAttributes() {}

    static byte[] get(Inode inode, byte[] name) throws FsException {
        int length = Check.done(AttributeCalls.attribute(inode.fd, checked(name)));
        return CallMemory.ofThread().fromBlock(length);
    }

    static byte[] names(Inode inode) throws FsException {
        int length = AttributeCalls.attributeNames(inode.fd);
        return length == -Errno.EOPNOTSUPP.number() ? new byte[0] : CallMemory.ofThread().fromBlock(Check.done(length));
    }

    static int set(Inode inode, byte[] name, byte[] value, Node.SetMode mode) throws FsException {
        if (value.length > CallMemory.BLOCK) {
            throw new FsException(Errno.E2BIG);
        }
        int flags = switch (mode) {
            case ANY -> 0;
            case CREATE -> 1;
            case REPLACE -> 2;
        };
        return Check.done(AttributeCalls.setAttribute(inode.fd, checked(name), value, flags));
    }

    static int remove(Inode inode, byte[] name) throws FsException {
        return Check.done(AttributeCalls.removeAttribute(inode.fd, checked(name)));
    }

    private static byte[] checked(byte[] name) throws FsException {
        if (name.length == 0 || name.length > NAME_LIMIT) {
            throw new FsException(Errno.ERANGE);
        }
        return Check.text(name);
    }
}
