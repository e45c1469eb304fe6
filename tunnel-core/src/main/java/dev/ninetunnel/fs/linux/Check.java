package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.linux.CallMemory;

/** Turns what system calls give, and what callers hand in, into failures. */
final class Check {
    private Check() {}

    /** The result of a call, unless it is an error number. */
    static int done(int result) throws FsException {
        if (result < 0) {
            throw FsException.of(-result);
        }
        return result;
    }

    /** The result of a call, unless it is an error number. */
    static long done(long result) throws FsException {
        if (result < 0) {
            throw FsException.of((int) -result);
        }
        return result;
    }

    /** That a name is one element of a path and may be looked up. */
    static byte[] walkable(byte[] name) throws FsException {
        return element(name, Errno.ENOENT);
    }

    /** That a name is one element of a path and may be made or removed. */
    static byte[] name(byte[] name) throws FsException {
        return element(name, Errno.EINVAL);
    }

    /** That bytes can be handed over as a C string that is not too long. */
    static byte[] text(byte[] text) throws FsException {
        for (byte b : text) {
            if (b == 0) {
                throw new FsException(Errno.EINVAL);
            }
        }
        if (text.length > CallMemory.NAME_LIMIT) {
            throw new FsException(Errno.ENAMETOOLONG);
        }
        return text;
    }

    private static byte[] element(byte[] name, Errno otherwise) throws FsException {
        boolean dots = name.length <= 2;
        for (byte b : name) {
            if (b == '/' || b == 0) {
                throw new FsException(otherwise);
            }
            dots &= b == '.';
        }
        if (dots) {
            throw new FsException(otherwise);
        }
        if (name.length > CallMemory.NAME_LIMIT) {
            throw new FsException(Errno.ENAMETOOLONG);
        }
        return name;
    }

    /** That an offset or size is not negative, as one beyond 2^63 appears. */
    static long notNegative(long offset) throws FsException {
        if (offset < 0) {
            throw new FsException(Errno.EINVAL);
        }
        return offset;
    }
}
