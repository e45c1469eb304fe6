package dev.ninetunnel.errno;

import java.util.HashMap;
import java.util.Map;

/**
 * What can go wrong with a request, by the numbers of Linux ({@code asm-generic/errno.h}) that 9P2000.L sends in
 * Rlerror, and by the words that 9P2000 sends in Rerror. The words are those of the Linux client's table
 * ({@code net/9p/error.c}), which turns them back into numbers; Plan 9 programs show them as they are.
 */
public enum Errno {
    EPERM(1, "Operation not permitted"), ENOENT(2, "No such file or directory"), EINTR(4,
            "Interrupted system call"), EIO(5, "Input/output error"), ENXIO(6, "No such device or address"), E2BIG(7,
                    "Argument list too long"), EBADF(9, "Bad file descriptor"), EAGAIN(11,
                            "Resource temporarily unavailable"), ENOMEM(12, "Cannot allocate memory"), EACCES(13,
                                    "Permission denied"), ENOTBLK(15, "Block device required"), EBUSY(16,
                                            "Device or resource busy"), EEXIST(17, "File exists"), EXDEV(18,
                                                    "Invalid cross-device link"), ENODEV(19, "No such device"), ENOTDIR(
                                                            20,
                                                            "Not a directory"), EISDIR(21, "Is a directory"), EINVAL(22,
                                                                    "Invalid argument"), ENFILE(23,
                                                                            "Too many open files in system"), EMFILE(24,
                                                                                    "Too many open files"), ETXTBSY(26,
                                                                                            "Text file busy"), EFBIG(27,
                                                                                                    "File too large"), ENOSPC(
                                                                                                            28,
                                                                                                            "No space left on device"), ESPIPE(
                                                                                                                    29,
                                                                                                                    "Illegal seek"), EROFS(
                                                                                                                            30,
                                                                                                                            "Read-only file system"), EMLINK(
                                                                                                                                    31,
                                                                                                                                    "Too many links"), EPIPE(
                                                                                                                                            32,
                                                                                                                                            "Broken pipe"), EDOM(
                                                                                                                                                    33,
                                                                                                                                                    "Numerical argument out of domain"), ERANGE(
                                                                                                                                                            34,
                                                                                                                                                            "Numerical result out of range"), EDEADLK(
                                                                                                                                                                    35,
                                                                                                                                                                    "Resource deadlock avoided"), ENAMETOOLONG(
                                                                                                                                                                            36,
                                                                                                                                                                            "File name too long"), ENOLCK(
                                                                                                                                                                                    37,
                                                                                                                                                                                    "No locks available"), ENOSYS(
                                                                                                                                                                                            38,
                                                                                                                                                                                            "Function not implemented"), ENOTEMPTY(
                                                                                                                                                                                                    39,
                                                                                                                                                                                                    "Directory not empty"), ELOOP(
                                                                                                                                                                                                            40,
                                                                                                                                                                                                            "Too many levels of symbolic links"), ENODATA(
                                                                                                                                                                                                                    61,
                                                                                                                                                                                                                    "No data available"), EREMOTEIO(
                                                                                                                                                                                                                            121,
                                                                                                                                                                                                                            "Remote I/O error"), EPROTO(
                                                                                                                                                                                                                                    71,
                                                                                                                                                                                                                                    "Protocol error"), EBADMSG(
                                                                                                                                                                                                                                            74,
                                                                                                                                                                                                                                            "Bad message"), EOVERFLOW(
                                                                                                                                                                                                                                                    75,
                                                                                                                                                                                                                                                    "Value too large for defined data type"), EOPNOTSUPP(
                                                                                                                                                                                                                                                            95,
                                                                                                                                                                                                                                                            "Operation not supported"), ECONNRESET(
                                                                                                                                                                                                                                                                    104,
                                                                                                                                                                                                                                                                    "Connection reset by peer"), ENOTCONN(
                                                                                                                                                                                                                                                                            107,
                                                                                                                                                                                                                                                                            "Transport endpoint is not connected"), ETIMEDOUT(
                                                                                                                                                                                                                                                                                    110,
                                                                                                                                                                                                                                                                                    "Connection timed out"), ESTALE(
                                                                                                                                                                                                                                                                                            116,
                                                                                                                                                                                                                                                                                            "Stale file handle"), EDQUOT(
                                                                                                                                                                                                                                                                                                    122,
                                                                                                                                                                                                                                                                                                    "Disk quota exceeded"), ECANCELED(
                                                                                                                                                                                                                                                                                                            125,
                                                                                                                                                                                                                                                                                                            "Operation canceled");

    private static final Map<Integer, Errno> BY_NUMBER = new HashMap<>();
    private static final Map<String, Errno> BY_WORDS = new HashMap<>();

    static {
        for (Errno e : values()) {
            BY_NUMBER.put(e.number, e);
            BY_WORDS.put(e.words, e);
        }
    }

    private final int number;
    private final String words;

    Errno(int number, String words) {
        this.number = number;
        this.words = words;
    }

    /** The number on Linux, 1 to 4095, whatever this machine's own system calls it. */
    public int number() {
        return number;
    }

    /** The words for it in 9P2000. */
    public String words() {
        return words;
    }

    /** The error with this Linux number, or {@link #EIO} for one that is not in the table. */
    public static Errno of(int number) {
        return BY_NUMBER.getOrDefault(number, EIO);
    }

    /** The error that these words of an Rerror mean, or {@link #EIO} for words that are not in the table. */
    public static Errno of(String words) {
        return BY_WORDS.getOrDefault(words, EIO);
    }
}
