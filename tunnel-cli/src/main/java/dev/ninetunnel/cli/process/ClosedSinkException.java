package dev.ninetunnel.cli.process;

/** Standard output was closed by its reader, such as {@code head}: the work has no reader any more. */
public final class ClosedSinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What a program ends with that SIGPIPE (13) takes down, as a shell shows it. */
    public static final int EXIT_CODE = 128 + 13;

    ClosedSinkException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
