package dev.ninetunnel.testing;

import dev.ninetunnel.wire.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The C library in the hands of a test that needs to know what the system itself says, independent of the code under
 * test. What is negative is minus an errno. For the thread that made it.
 */
public final class Libc implements AutoCloseable {
    /** Stands for no directory, where a path is absolute. */
    public static final int NO_DIRECTORY = -100;
    /** How many bytes a call moves at most. */
    public static final int BLOCK = 1 << 17;

    /** Asks what is in the way of a lock of an open file description. */
    public static final int GET_LOCK = 36;
    /** Takes or drops one. */
    public static final int SET_LOCK = 37;

    private static final int STATX_BASIC = 0x7ff;
    private static final int EMPTY_PATH = 0x1000;
    private static final int SYMLINK_FOLLOW = 0x400;
    private static final int NO_FOLLOW = 0x100;
    private static final int SHARED_FS_STATE = 0x200;
    private static final int NETWORK = 0x40000000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPENAT = bind("openat", 4, 3);
    private static final MethodHandle CLOSE = bind("close", 1);
    private static final MethodHandle PREAD = bind("pread64", 4);
    private static final MethodHandle PWRITE = bind("pwrite64", 4);
    private static final MethodHandle FTRUNCATE = bind("ftruncate64", 2);
    private static final MethodHandle TRUNCATE = bind("truncate64", 2);
    private static final MethodHandle FSYNC = bind("fsync", 1);
    private static final MethodHandle GETDENTS = bind("getdents64", 3);
    private static final MethodHandle LSEEK = bind("lseek64", 3);
    private static final MethodHandle STATX = bind("statx", 5);
    private static final MethodHandle STATFS = bind("statfs64", 2);
    private static final MethodHandle MKDIRAT = bind("mkdirat", 3);
    private static final MethodHandle MKNODAT = bind("mknodat", 4);
    private static final MethodHandle SYMLINKAT = bind("symlinkat", 3);
    private static final MethodHandle LINKAT = bind("linkat", 5);
    private static final MethodHandle RENAMEAT = bind("renameat", 4);
    private static final MethodHandle UNLINKAT = bind("unlinkat", 3);
    private static final MethodHandle READLINKAT = bind("readlinkat", 4);
    private static final MethodHandle CHMOD = bind("chmod", 2);
    private static final MethodHandle CHOWNAT = bind("fchownat", 5);
    private static final MethodHandle UTIMENSAT = bind("utimensat", 4);
    private static final MethodHandle SETXATTR = bind("setxattr", 5);
    private static final MethodHandle GETXATTR = bind("getxattr", 4);
    private static final MethodHandle LISTXATTR = bind("listxattr", 3);
    private static final MethodHandle REMOVEXATTR = bind("removexattr", 2);
    private static final MethodHandle FCNTL = bind("fcntl", 3, 2);
    private static final MethodHandle UNSHARE = bind("unshare", 1);
    private static final MethodHandle UMASK = bind("umask", 1);

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(STATE);
    private final MemorySegment block = arena.allocate(BLOCK);
    private final MemorySegment one = arena.allocate(1 << 14);
    private final MemorySegment two = arena.allocate(1 << 14);

    /** What statx(2) tells. */
    public record Status(long inode, int mode, long links, int uid, int gid, long device, long size, int blockSize,
            long accessSeconds, int accessNanos, long changeSeconds, long modifiedSeconds, int modifiedNanos) {}

    /** An entry of a directory. */
    public record Entry(Text name, int type) {}

    /** What statfs(2) tells and does not change by itself. */
    public record Space(long type, long blockSize, long blocks, long files, long nameLength) {}

    private static MethodHandle bind(String name, int arguments) {
        return bind(name, arguments, -1);
    }

    /** Every argument is passed as a long, which registers do not mind. */
    private static MethodHandle bind(String name, int arguments, int firstVariadic) {
        MemoryLayout[] layouts = new MemoryLayout[arguments];
        Arrays.fill(layouts, ValueLayout.JAVA_LONG);
        List<Linker.Option> options = new ArrayList<>(List.of(Linker.Option.captureCallState("errno")));
        if (firstVariadic >= 0) {
            options.add(Linker.Option.firstVariadicArg(firstVariadic));
        }
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, layouts), options.toArray(Linker.Option[]::new))
                .asSpreader(1, long[].class, arguments);
    }

    private long wide(MethodHandle function, long... arguments) {
        try {
            long returned = (long) function.invokeExact(state, arguments);
            return returned == -1 ? -(int) ERRNO.get(state, 0L) : returned;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** For functions that return an int, of which the upper half of a register is not part. */
    private int call(MethodHandle function, long... arguments) {
        try {
            int returned = (int) (long) function.invokeExact(state, arguments);
            return returned == -1 ? -(int) ERRNO.get(state, 0L) : returned;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static long text(MemorySegment into, byte[] bytes) {
        MemorySegment.copy(bytes, 0, into, ValueLayout.JAVA_BYTE, 0, bytes.length);
        into.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
        return into.address();
    }

    private long one(byte[] bytes) {
        return text(one, bytes);
    }

    private long two(byte[] bytes) {
        return text(two, bytes);
    }

    /** A path that leads to what a descriptor stands for. */
    private long self(int fd) {
        return one(("/proc/self/fd/" + fd).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /** Gives the calling thread, and processes that it starts, a network of its own. Whether it may. */
    public boolean ownNetwork() {
        return call(UNSHARE, NETWORK) == 0;
    }

    /** Lets this thread alone make files with exactly the modes it asks for. */
    public void forgetUmask() {
        int failed = call(UNSHARE, SHARED_FS_STATE);
        if (failed < 0) {
            throw new AssertionError("unshare: errno " + -failed);
        }
        call(UMASK, 0);
    }

    public int open(int directory, byte[] path, int flags, int mode) {
        return call(OPENAT, directory, one(path), flags, mode);
    }

    /** Opens anew what a descriptor stands for. */
    public int reopen(int fd, int flags) {
        return call(OPENAT, NO_DIRECTORY, self(fd), flags, 0);
    }

    public int close(int fd) {
        return call(CLOSE, fd);
    }

    /** Reads at most {@link #BLOCK} bytes into the buffer. */
    public long read(int fd, ByteBuffer into, long offset) {
        long got = wide(PREAD, fd, block.address(), into.remaining(), offset);
        if (got > 0) {
            into.put(block.asSlice(0, got).asByteBuffer());
        }
        return got;
    }

    public long write(int fd, byte[] data, long offset) {
        MemorySegment.copy(data, 0, block, ValueLayout.JAVA_BYTE, 0, data.length);
        return wide(PWRITE, fd, block.address(), data.length, offset);
    }

    /** Cuts an open file. */
    public int truncate(int fd, long size) {
        return call(FTRUNCATE, fd, size);
    }

    /** Cuts what a descriptor stands for. */
    public int truncateSelf(int fd, long size) {
        return call(TRUNCATE, self(fd), size);
    }

    public int sync(int fd) {
        return call(FSYNC, fd);
    }

    /** Lists a directory from its start; null, and the errno in {@code failed}, if that fails. */
    public List<Entry> list(int fd, int[] failed) {
        wide(LSEEK, fd, 0, 0);
        List<Entry> entries = new ArrayList<>();
        while (true) {
            int filled = (int) wide(GETDENTS, fd, block.address(), BLOCK);
            if (filled < 0) {
                failed[0] = -filled;
                return null;
            }
            if (filled == 0) {
                return entries;
            }
            for (int at = 0; at < filled; at += block.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16)) {
                int end = at + 19;
                while (block.get(ValueLayout.JAVA_BYTE, end) != 0) {
                    end++;
                }
                byte[] name = block.asSlice(at + 19, end - at - 19).toArray(ValueLayout.JAVA_BYTE);
                entries.add(new Entry(Text.of(name), block.get(ValueLayout.JAVA_BYTE, at + 18)));
            }
        }
    }

    /** Of what a descriptor stands for. */
    public Status status(int fd) {
        return status(fd, new byte[0]);
    }

    /** Of an entry of a directory, without following a link; null if there is none. */
    public Status status(int directory, byte[] name) {
        int failed = call(STATX, directory, one(name), EMPTY_PATH | NO_FOLLOW, STATX_BASIC, block.address());
        if (failed < 0) {
            return null;
        }
        return new Status(int64(32), Short.toUnsignedInt(block.get(ValueLayout.JAVA_SHORT, 28)), int32(16), int32(20),
                int32(24), (int32(128) << 8) | int32(132), int64(40), int32(4), int64(64), int32(72), int64(96),
                int64(112), int32(120));
    }

    private int int32(int at) {
        return block.get(ValueLayout.JAVA_INT, at);
    }

    private long int64(int at) {
        return block.get(ValueLayout.JAVA_LONG, at);
    }

    public Space space(int fd) {
        int failed = call(STATFS, self(fd), block.address());
        return failed < 0 ? null : new Space(int64(0), int64(8), int64(16), int64(40), int64(64));
    }

    public int makeDirectory(int directory, byte[] name, int mode) {
        return call(MKDIRAT, directory, one(name), mode);
    }

    public int makeNode(int directory, byte[] name, int mode, long device) {
        return call(MKNODAT, directory, one(name), mode, device);
    }

    public int makeSymlink(byte[] target, int directory, byte[] name) {
        return call(SYMLINKAT, one(target), directory, two(name));
    }

    public int link(int file, int directory, byte[] name) {
        return call(LINKAT, NO_DIRECTORY, self(file), directory, two(name), SYMLINK_FOLLOW);
    }

    public int rename(int from, byte[] name, int to, byte[] newName) {
        return call(RENAMEAT, from, one(name), to, two(newName));
    }

    public int unlink(int directory, byte[] name, int flags) {
        return call(UNLINKAT, directory, one(name), flags);
    }

    /** Where a symbolic link points to, or what a descriptor of one does with an empty name; null if it is none. */
    public byte[] readLink(int directory, byte[] name) {
        int length = (int) wide(READLINKAT, directory, one(name), block.address(), 8192);
        return length < 0 ? null : block.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The path by which the kernel knows a descriptor. */
    public byte[] path(int fd) {
        return readLink(NO_DIRECTORY,
                ("/proc/self/fd/" + fd).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    public int changeMode(int fd, int mode) {
        return call(CHMOD, self(fd), mode);
    }

    public int changeOwner(int fd, int uid, int gid) {
        return call(CHOWNAT, fd, one(new byte[0]), uid, gid, EMPTY_PATH);
    }

    /** Sets both times; nanoseconds may be UTIME_NOW or UTIME_OMIT. */
    public int changeTimes(int fd, long accessSeconds, long accessNanos, long seconds, long nanos) {
        block.set(ValueLayout.JAVA_LONG, 0, accessSeconds);
        block.set(ValueLayout.JAVA_LONG, 8, accessNanos);
        block.set(ValueLayout.JAVA_LONG, 16, seconds);
        block.set(ValueLayout.JAVA_LONG, 24, nanos);
        return call(UTIMENSAT, NO_DIRECTORY, self(fd), block.address(), 0);
    }

    public int setAttribute(int fd, byte[] name, byte[] value, int flags) {
        MemorySegment.copy(value, 0, block, ValueLayout.JAVA_BYTE, 0, value.length);
        return call(SETXATTR, self(fd), two(name), block.address(), value.length, flags);
    }

    /** How long the value is, which is then in {@code into}. */
    public int attribute(int fd, byte[] name, byte[] into) {
        return taken((int) wide(GETXATTR, self(fd), two(name), block.address(), into.length), into);
    }

    /** How long the names are, which are then in {@code into}, each with a NUL behind it. */
    public int attributeNames(int fd, byte[] into) {
        return taken((int) wide(LISTXATTR, self(fd), block.address(), into.length), into);
    }

    private int taken(int length, byte[] into) {
        if (length > 0) {
            MemorySegment.copy(block, ValueLayout.JAVA_BYTE, 0, into, 0, length);
        }
        return length;
    }

    public int removeAttribute(int fd, byte[] name) {
        return call(REMOVEXATTR, self(fd), two(name));
    }

    /** Asks for a lock: 0 to read, 1 to write, 2 none. The type of what is in the way, or the one asked for. */
    public int lock(int fd, int command, int type, long start, long length) {
        block.set(ValueLayout.JAVA_SHORT, 0, (short) type);
        block.set(ValueLayout.JAVA_SHORT, 2, (short) 0);
        block.set(ValueLayout.JAVA_LONG, 8, start);
        block.set(ValueLayout.JAVA_LONG, 16, length);
        block.set(ValueLayout.JAVA_INT, 24, 0);
        int failed = call(FCNTL, fd, command, block.address());
        return failed < 0 ? failed : block.get(ValueLayout.JAVA_SHORT, 0);
    }

    @Override
    public void close() {
        arena.close();
    }
}
