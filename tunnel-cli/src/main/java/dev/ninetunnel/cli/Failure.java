package dev.ninetunnel.cli;

/** A command that cannot go on, with a message for the person who typed it and an exit code of sysexits(3). */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The command was typed wrong. */
    static final int USAGE = 64;
    /** Something named does not exist or cannot be read. */
    public static final int NO_INPUT = 66;
    /** A host name is not known. */
    static final int NO_HOST = 68;
    /** A service is not there: no link, no endpoint, a port in use. */
    public static final int UNAVAILABLE = 69;
    /** A fault of ours. */
    static final int SOFTWARE = 70;
    /** A file cannot be made. */
    public static final int CANNOT_CREATE = 73;
    /** Reading or writing failed on the way. */
    static final int IO = 74;
    /** The far side does not keep to the protocol. */
    static final int PROTOCOL = 76;
    /** Not allowed: by the far side, or by a file's mode. */
    static final int NO_PERMISSION = 77;
    /** A file of ours, such as the list of peers, is not as it should be. */
    public static final int CONFIG = 78;

    private final int exitCode;

    public Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public Failure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
