package dev.ninetunnel.errno;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.Map;

/**
 * What can go wrong with a request, by the numbers of Linux ({@code asm-generic/errno.h}) that 9P2000.L sends in
 * Rlerror, and by the words that 9P2000 sends in Rerror. The words are those of the Linux client's table
 * ({@code net/9p/error.c}), which turns them back into numbers; Plan 9 programs show them as they are.
 */
public enum Errno {
    // @formatter:off
    EPERM(1, "Operation not permitted"),
    ENOENT(2, "No such file or directory"),
    ESRCH(3, "No such process"),
    EINTR(4, "Interrupted system call"),
    EIO(5, "Input/output error"),
    ENXIO(6, "No such device or address"),
    E2BIG(7, "Argument list too long"),
    EBADF(9, "Bad file descriptor"),
    EAGAIN(11, "Resource temporarily unavailable"),
    ENOMEM(12, "Cannot allocate memory"),
    EACCES(13, "Permission denied"),
    EFAULT(14, "Bad address"),
    ENOTBLK(15, "Block device required"),
    EBUSY(16, "Device or resource busy"),
    EEXIST(17, "File exists"),
    EXDEV(18, "Invalid cross-device link"),
    ENODEV(19, "No such device"),
    ENOTDIR(20, "Not a directory"),
    EISDIR(21, "Is a directory"),
    EINVAL(22, "Invalid argument"),
    ENFILE(23, "Too many open files in system"),
    EMFILE(24, "Too many open files"),
    ENOTTY(25, "Inappropriate ioctl for device"),
    ETXTBSY(26, "Text file busy"),
    EFBIG(27, "File too large"),
    ENOSPC(28, "No space left on device"),
    ESPIPE(29, "Illegal seek"),
    EROFS(30, "Read-only file system"),
    EMLINK(31, "Too many links"),
    EPIPE(32, "Broken pipe"),
    EDOM(33, "Numerical argument out of domain"),
    ERANGE(34, "Numerical result out of range"),
    EDEADLK(35, "Resource deadlock avoided"),
    ENAMETOOLONG(36, "File name too long"),
    ENOLCK(37, "No locks available"),
    ENOSYS(38, "Function not implemented"),
    ENOTEMPTY(39, "Directory not empty"),
    ELOOP(40, "Too many levels of symbolic links"),
    EIDRM(43, "Identifier removed"),
    ENODATA(61, "No data available"),
    EPROTO(71, "Protocol error"),
    EBADMSG(74, "Bad message"),
    EOVERFLOW(75, "Value too large for defined data type"),
    EILSEQ(84, "Invalid or incomplete multibyte or wide character"),
    EMSGSIZE(90, "Message too long"),
    EOPNOTSUPP(95, "Operation not supported"),
    ECONNRESET(104, "Connection reset by peer"),
    ENOTCONN(107, "Transport endpoint is not connected"),
    ETIMEDOUT(110, "Connection timed out"),
    ECONNREFUSED(111, "Connection refused"),
    EHOSTUNREACH(113, "No route to host"),
    ESTALE(116, "Stale file handle"),
    EREMOTEIO(121, "Remote I/O error"),
    EDQUOT(122, "Disk quota exceeded"),
    ECANCELED(125, "Operation canceled");
    // @formatter:on

    /** What Plan 9, its file servers and u9fs say, as the Linux client understands it. */
    private static final Map<String, Errno> OTHER_WORDS = Map.ofEntries(entry("wstat prohibited", EPERM),
            entry("directory entry not found", ENOENT), entry("file not found", ENOENT),
            entry("fid unknown or out of range", EBADF), entry("permission denied", EACCES),
            entry("file does not exist", ENOENT), entry("authentication failed", ECONNREFUSED),
            entry("bad offset in directory read", ESPIPE), entry("bad use of fid", EBADF),
            entry("wstat can't convert between files and directories", EPERM),
            entry("directory is not empty", ENOTEMPTY), entry("file exists", EEXIST),
            entry("file already exists", EEXIST), entry("file or directory already exists", EEXIST),
            entry("fid already in use", EBADF), entry("file in use", ETXTBSY), entry("i/o error", EIO),
            entry("file already open for I/O", ETXTBSY), entry("illegal mode", EINVAL),
            entry("illegal name", ENAMETOOLONG), entry("not a directory", ENOTDIR),
            entry("not a member of proposed group", EPERM), entry("not owner", EACCES),
            entry("only owner can change group in wstat", EACCES), entry("read only file system", EROFS),
            entry("no access to special file", EPERM), entry("unknown group", EINVAL), entry("unknown user", EINVAL),
            entry("bogus wstat buffer", EPROTO), entry("exclusive use file already open", EAGAIN),
            entry("illegal offset", EINVAL), entry("illegal path element", ENOENT), entry("protocol botch", EPROTO),
            entry("file system is full", ENOSPC), entry("file is in use", EAGAIN),
            entry("directory entry is not allocated", ENOENT), entry("file is read only", EROFS),
            entry("file has been removed", EIDRM), entry("cannot remove root", EPERM),
            entry("file too big", EFBIG));

    private static final Map<Integer, Errno> BY_NUMBER = new HashMap<>();
    private static final Map<String, Errno> BY_WORDS = new HashMap<>();

    static {
        for (Errno e : values()) {
            BY_NUMBER.put(e.number, e);
            BY_WORDS.put(e.words, e);
        }
        BY_WORDS.putAll(OTHER_WORDS);
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
