package dev.ninetunnel.fs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;

/**
 * System calls on names in a directory, each a directory's descriptor and one element (mkdirat(2), renameat2(2) ...).
 * One call a method, without any policy; what is negative is an error number. Any thread.
 */
final class NameCalls {
    /** Of unlinkat(2): a directory. */
    static final int REMOVE_DIRECTORY = 0x200;
    /** Of renameat2(2): not over another. */
    static final int NO_REPLACE = 1;

    private static final int SYMLINK_FOLLOW = 0x400;
    private static final long RENAMEAT2 = Machine.get().renameat2();

    private static final MethodHandle SYSCALL5 = Native.bindSyscall(5);
    private static final MethodHandle MKDIRAT = Native.bind("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle MKNODAT = Native.bind("mknodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT,
            JAVA_LONG);
    private static final MethodHandle SYMLINKAT = Native.bind("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle LINKAT = Native.bind("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS,
            JAVA_INT);
    private static final MethodHandle UNLINKAT = Native.bind("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle READLINKAT = Native.bind("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS,
            JAVA_LONG);

    private NameCalls() {}

    static int makeDirectory(int directory, byte[] name, int mode) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) MKDIRAT.invokeExact(s.state, directory, s.name(name), mode));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static int makeNode(int directory, byte[] name, int mode, long device) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) MKNODAT.invokeExact(s.state, directory, s.name(name), mode, device));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static int makeSymlink(byte[] target, int directory, byte[] name) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s,
                    (int) SYMLINKAT.invokeExact(s.state, s.otherName(target), directory, s.name(name)));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Gives a name to what a descriptor has open; a symbolic link itself, not what it points to. */
    static int link(int fd, int directory, byte[] name) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) LINKAT.invokeExact(s.state, DescriptorCalls.NO_DIRECTORY, s.openFile(fd),
                    directory, s.name(name), SYMLINK_FOLLOW));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static int rename(int directory, byte[] name, int newDirectory, byte[] newName, int flags) {
        Scratch s = Scratch.ofThread();
        try {
            return (int) Native.result(s, (long) SYSCALL5.invokeExact(s.state, RENAMEAT2, (long) directory,
                    s.name(name).address(), (long) newDirectory, s.otherName(newName).address(), (long) flags));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    static int unlink(int directory, byte[] name, int flags) {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) UNLINKAT.invokeExact(s.state, directory, s.name(name), flags));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Where the symbolic link that a descriptor stands for points to, into the thread's block. */
    static int readLink(int fd) {
        Scratch s = Scratch.ofThread();
        try {
            return (int) Native.result(s,
                    (long) READLINKAT.invokeExact(s.state, fd, s.empty, s.block, (long) Scratch.BLOCK));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** The path of what a descriptor stands for, as the kernel tells it (proc(5)), into the thread's block. */
    static int readPath(int fd) {
        Scratch s = Scratch.ofThread();
        try {
            return (int) Native.result(s, (long) READLINKAT.invokeExact(s.state, DescriptorCalls.NO_DIRECTORY,
                    s.openFile(fd), s.block, (long) Scratch.BLOCK));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }
}
