package dev.ninetunnel.fuse.kernel;

/** What the kernel asks ({@code enum fuse_opcode}). What is not here is answered with ENOSYS, and then not asked again. */
public enum Opcode {
    LOOKUP(1), FORGET(2), GETATTR(3), SETATTR(4), READLINK(5), SYMLINK(6), MKNOD(8), MKDIR(9), UNLINK(10), RMDIR(11), //
    RENAME(12), LINK(13), OPEN(14), READ(15), WRITE(16), STATFS(17), RELEASE(18), FSYNC(20), SETXATTR(21), GETXATTR(22), //
    LISTXATTR(23), REMOVEXATTR(24), FLUSH(25), INIT(26), OPENDIR(27), READDIR(28), RELEASEDIR(29), FSYNCDIR(30), //
    GETLK(31), SETLK(32), SETLKW(33), ACCESS(34), CREATE(35), INTERRUPT(36), DESTROY(38), IOCTL(39), BATCH_FORGET(42), //
    FALLOCATE(43), READDIRPLUS(44), RENAME2(45), LSEEK(46), COPY_FILE_RANGE(47), //
    TMPFILE(51);

    private static final Opcode[] BY_NUMBER = new Opcode[TMPFILE.number + 1];

    static {
        for (Opcode opcode : values()) {
            BY_NUMBER[opcode.number] = opcode;
        }
    }

    private final int number;

    Opcode(int number) {
        this.number = number;
    }

    /** The one with this number, or null. */
    public static Opcode of(int number) {
        return number < 0 || number >= BY_NUMBER.length ? null : BY_NUMBER[number];
    }

    /** Whether the kernel wants no answer. */
    public boolean isOneWay() {
        return this == FORGET || this == BATCH_FORGET || this == INTERRUPT;
    }
}
