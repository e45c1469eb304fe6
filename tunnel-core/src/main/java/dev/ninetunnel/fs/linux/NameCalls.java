package dev.ninetunnel.fs.linux;

import dev.ninetunnel.linux.Scratch;
import dev.ninetunnel.linux.Syscall;

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

    private NameCalls() {}

    static int makeDirectory(int directory, byte[] name, int mode) {
        Scratch s = Scratch.ofThread();
        return (int) Syscall.MKDIRAT.call(s, directory, s.name(name).address(), mode);
    }

    static int makeNode(int directory, byte[] name, int mode, long device) {
        Scratch s = Scratch.ofThread();
        return (int) Syscall.MKNODAT.call(s, directory, s.name(name).address(), mode, device);
    }

    static int makeSymlink(byte[] target, int directory, byte[] name) {
        Scratch s = Scratch.ofThread();
        return (int) Syscall.SYMLINKAT.call(s, s.otherName(target).address(), directory, s.name(name).address());
    }

    /** Gives a name to what a descriptor has open; a symbolic link itself, not what it points to. */
    static int link(int fd, int directory, byte[] name) {
        Scratch s = Scratch.ofThread();
        return (int) Syscall.LINKAT.call(s, DescriptorCalls.NO_DIRECTORY, s.openFile(fd).address(), directory,
                s.name(name).address(), SYMLINK_FOLLOW);
    }

    static int rename(int directory, byte[] name, int newDirectory, byte[] newName, int flags) {
        Scratch s = Scratch.ofThread();
        return (int) Syscall.RENAMEAT2.call(s, directory, s.name(name).address(), newDirectory,
                s.otherName(newName).address(), flags);
    }

    static int unlink(int directory, byte[] name, int flags) {
        Scratch s = Scratch.ofThread();
        return (int) Syscall.UNLINKAT.call(s, directory, s.name(name).address(), flags);
    }

    /** Where the symbolic link that a descriptor stands for points to, into the thread's block. */
    static int readLink(int fd) {
        Scratch s = Scratch.ofThread();
        return (int) Syscall.READLINKAT.call(s, fd, s.empty.address(), s.block.address(), Scratch.BLOCK);
    }

    /** The path of what a descriptor stands for, as the kernel tells it (proc(5)), into the thread's block. */
    static int readPath(int fd) {
        Scratch s = Scratch.ofThread();
        return (int) Syscall.READLINKAT.call(s, DescriptorCalls.NO_DIRECTORY, s.openFile(fd).address(),
                s.block.address(),
                Scratch.BLOCK);
    }
}
