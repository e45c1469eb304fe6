package dev.ninetunnel.fs;

import dev.ninetunnel.errno.Errno;
import java.io.IOException;

/** A file operation that failed, by the number that Linux would give. It is an answer, not a fault: it has no trace. */
public final class FsException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int number;

    /** With an error of the table. */
    public FsException(Errno errno) {
        this(errno.number(), errno.words());
    }

    /** With any error number of Linux, 1 to 4095, and its words. */
    public FsException(int number, String words) {
        super(words);
        this.number = number;
    }

    /** With an error number of Linux, and the words that the table has for it. */
    public static FsException of(int number) {
        Errno known = Errno.of(number);
        return known.number() == number ? new FsException(known) : new FsException(number, "Error " + number);
    }

    /** The number on Linux, 1 to 4095. */
    public int number() {
        return number;
    }

    /** The number's name as the manuals have it, such as {@code EROFS}; the number, where the table has no name for it. */
    public String name() {
        Errno known = Errno.of(number);
        return known.number() == number ? known.name() : String.valueOf(number);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
