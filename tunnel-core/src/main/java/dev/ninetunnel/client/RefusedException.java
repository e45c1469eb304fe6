package dev.ninetunnel.client;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import java.io.IOException;
import java.util.concurrent.CompletionException;

/** The server answered a request with an error: by number (Rlerror), in words (Rerror) or both (9P2000.u). */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String words;
    private final String deed;

    private RefusedException(String deed, int errno, String words) {
        super(deed == null ? words : deed + ": " + words);
        this.deed = deed;
        this.errno = errno;
        this.words = words;
    }

    /** For an Rlerror. */
    public static RefusedException of(Rlerror error) {
        int number = error.ecode();
        return new RefusedException(null, number, wordsFor(number));
    }

    /** For an Rerror. The words are the server's own; without a number, they say which one is meant. */
    static RefusedException of(Rerror error) {
        int number = error.errno().orElse(Errno.of(error.ename().utf8()).number());
        return new RefusedException(null, number, error.ename().toString());
    }

    /** A reply that came in another one. Throws a {@link CompletionException} for it if it is an Rlerror. */
    public static Rmessage unlessError(Rmessage reply) {
        if (reply instanceof Rlerror error) {
            throw new CompletionException(of(error));
        }
        return reply;
    }

    /** For what this client finds out by itself. */
    static RefusedException of(Errno errno) {
        return of(errno, errno.words());
    }

    /** For what this client finds out by itself, in better words than the usual ones. */
    public static RefusedException of(Errno errno, String words) {
        return new RefusedException(null, errno.number(), words);
    }

    /** The same error, said of a certain file or deed: {@code etc/passwd: Permission denied}. */
    RefusedException about(String file) {
        RefusedException named = new RefusedException(file, errno, words);
        named.initCause(this);
        return named;
    }

    /** Whether the message says already what file or deed it is about. */
    boolean isAboutSomething() {
        return deed != null;
    }

    private static String wordsFor(int number) {
        Errno errno = Errno.of(number);
        return errno.number() == number ? errno.words() : "Error " + Integer.toUnsignedString(number);
    }

    /** The Linux number of the error; that of EIO if the server said it in words that are not known. */
    public int errno() {
        return errno;
    }

    /** What went wrong, without the file's name, safe to show. */
    public String words() {
        return words;
    }

    /** Whether it is this error. */
    public boolean is(Errno other) {
        return errno == other.number();
    }
}
