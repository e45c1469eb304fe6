package dev.ninetunnel.linux;

/**
 * System calls on names in a directory, each a directory's descriptor and one element (mkdirat(2), renameat2(2) ...).
 * One call a method, without any policy; what is negative is an error number. Any thread.
 */
public final class NameCalls {
    /** Of unlinkat(2): a directory. */
    public static final int REMOVE_DIRECTORY = 0x200;
    /** Of renameat2(2): not over another. */
    public static final int NO_REPLACE = 1;
    /** The same: each takes the other's place. */
    public static final int EXCHANGE = 2;

    private static final int SYMLINK_FOLLOW = 0x400;

    private NameCalls() {}

    /** mkdirat(2). */
    public static int makeDirectory(int directory, byte[] name, int mode) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.MKDIRAT.call(s, directory, s.name(name).address(), mode);
    }

    /** mknodat(2), with a device number as the kernel has it. */
    public static int makeNode(int directory, byte[] name, int mode, long device) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.MKNODAT.call(s, directory, s.name(name).address(), mode, device);
    }

    /** symlinkat(2). */
    public static int makeSymlink(byte[] target, int directory, byte[] name) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.SYMLINKAT.call(s, s.otherName(target).address(), directory, s.name(name).address());
    }

    /** Gives a name to what a descriptor has open; a symbolic link itself, not what it points to. */
    public static int link(int fd, int directory, byte[] name) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.LINKAT.call(s, DescriptorCalls.NO_DIRECTORY, s.openFile(fd).address(), directory,
                s.name(name).address(), SYMLINK_FOLLOW);
    }

    /** renameat2(2). */
    public static int rename(int directory, byte[] name, int newDirectory, byte[] newName, int flags) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.RENAMEAT2.call(s, directory, s.name(name).address(), newDirectory,
                s.otherName(newName).address(), flags);
    }

    /** unlinkat(2). */
    public static int unlink(int directory, byte[] name, int flags) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.UNLINKAT.call(s, directory, s.name(name).address(), flags);
    }

    /** Where the symbolic link that a descriptor stands for points to, into the thread's block. */
    public static int readLink(int fd) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.READLINKAT.call(s, fd, s.empty.address(), s.block.address(), CallMemory.BLOCK);
    }

    /** The path of what a descriptor stands for, as the kernel tells it (proc(5)), into the thread's block. */
    public static int readPath(int fd) {
        CallMemory s = CallMemory.ofThread();
        return (int) Syscall.READLINKAT.call(s, DescriptorCalls.NO_DIRECTORY, s.openFile(fd).address(),
                s.block.address(),
                CallMemory.BLOCK);
    }
}
