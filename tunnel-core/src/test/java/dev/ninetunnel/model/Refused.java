package dev.ninetunnel.model;

import dev.ninetunnel.errno.Errno;

/** What was asked for is an error, and this one. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    final int number;

    Refused(int number) {
        super("errno " + number, null, false, false);
        this.number = number;
    }

    Refused(Errno errno) {
        this(errno.number());
    }

    /** What a call of the C library gave, if that is no error. */
    static int check(long returned) throws Refused {
        if (returned < 0) {
            throw new Refused((int) -returned);
        }
        return (int) returned;
    }
}
