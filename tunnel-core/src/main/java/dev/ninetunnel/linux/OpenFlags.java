package dev.ninetunnel.linux;

/** The bits of open(2). */
public final class OpenFlags {
    public static final int READ_ONLY = 0;
    public static final int WRITE_ONLY = 1;
    public static final int READ_WRITE = 2;
    public static final int CREATE = 0100;
    public static final int EXCLUSIVE = 0200;
    public static final int NO_TERMINAL = 0400;
    public static final int TRUNCATE = 01000;
    public static final int APPEND = 02000;
    public static final int NON_BLOCKING = 04000;
    public static final int SYNC = 04010000;
    public static final int CLOSE_ON_EXEC = 02000000;
    public static final int PATH = 010000000;
    public static final int DIRECTORY = Machine.get().directory();
    public static final int WITHOUT_NAME = 020000000 | DIRECTORY;
    public static final int NO_FOLLOW = Machine.get().noFollow();

    /** For a descriptor that names a file and opens nothing. */
    public static final int NAME_ONLY = PATH | NO_FOLLOW | CLOSE_ON_EXEC;

    private OpenFlags() {}
}
