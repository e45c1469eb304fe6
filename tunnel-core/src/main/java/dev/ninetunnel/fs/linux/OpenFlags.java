package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.linux.Machine;

/** The bits of open(2). */
final class OpenFlags {
    static final int READ_ONLY = 0;
    static final int WRITE_ONLY = 1;
    static final int READ_WRITE = 2;
    static final int CREATE = 0100;
    static final int EXCLUSIVE = 0200;
    static final int NO_TERMINAL = 0400;
    static final int TRUNCATE = 01000;
    static final int APPEND = 02000;
    static final int SYNC = 04010000;
    static final int CLOSE_ON_EXEC = 02000000;
    static final int PATH = 010000000;
    static final int DIRECTORY = Machine.get().directory();
    static final int NO_FOLLOW = Machine.get().noFollow();

    /** For a descriptor that names a file and opens nothing. */
    static final int NAME_ONLY = PATH | NO_FOLLOW | CLOSE_ON_EXEC;

    private OpenFlags() {}

    /** For a regular file, without making it. */
    static int of(OpenHow how) {
        int flags = CLOSE_ON_EXEC | NO_TERMINAL | access(how.access());
        flags |= how.append() ? APPEND : 0;
        flags |= how.truncate() ? TRUNCATE : 0;
        flags |= how.sync() ? SYNC : 0;
        return flags;
    }

    private static int access(OpenHow.Access access) {
        return switch (access) {
            case READ -> READ_ONLY;
            case WRITE -> WRITE_ONLY;
            case READ_WRITE -> READ_WRITE;
        };
    }
}
