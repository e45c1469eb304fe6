package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;

/** Names of errors, for the record. */
final class Errnos {
    private Errnos() {}

    /** As the manuals have it, such as {@code EROFS}; the number, where the table has no name for it. */
    static String name(FsException e) {
        Errno known = Errno.of(e.number());
        return known.number() == e.number() ? known.name() : String.valueOf(e.number());
    }
}
