package dev.ninetunnel.mux;

import dev.ninetunnel.errno.Errno;

/**
 * Why a request of a local client is answered here and never reaches the far side. The words are those that Plan 9
 * uses, and that the Linux client's table ({@code net/9p/error.c}) turns back into the number beside them.
 */
enum Refusal {
    UNKNOWN_FID(Errno.EBADF, "fid unknown or out of range"), FID_IN_USE(Errno.EBADF,
            "fid already in use"), TOO_MANY_FIDS(Errno.EMFILE, Errno.EMFILE.words()), DUPLICATE_TAG(Errno.EINVAL,
                    "duplicate tag"), NOTAG(Errno.EINVAL, "the tag ffff is for Tversion alone"), NO_VERSION(
                            Errno.EPROTO, "no version is agreed: Tversion comes first"), NUMERIC_USER(Errno.EPROTO,
                                    "n_uname must be there in 9P2000.L, and must not be in 9P2000"), LONG_WALK(
                                            Errno.EINVAL, "too many names in a walk"), LONG_CLIENT_ID(Errno.EINVAL,
                                                    "the client_id of a lock is too long"), UNKNOWN_TYPE(
                                                            Errno.EOPNOTSUPP,
                                                            Errno.EOPNOTSUPP.words()), WRONG_REPLY(Errno.EIO,
                                                                    Errno.EIO.words());

    private final Errno errno;
    private final String words;

    Refusal(Errno errno, String words) {
        this.errno = errno;
        this.words = words;
    }

    Errno errno() {
        return errno;
    }

    String words() {
        return words;
    }
}
