package dev.ninetunnel.errno;

import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;

/** What the system said when a call on it failed, for people: the words alone, for any source. */
public final class SystemWords {
    /** Netty's native transports put the call and the number before the words. */
    private static final Pattern OF_NETTY = Pattern.compile("^.*failed with error\\(-?\\d+\\): ", Pattern.DOTALL);

    private SystemWords() {}

    /** Why it failed, as "connection reset by peer": no class of Java, no call, and no path, which the caller knows. */
    public static String of(Throwable failure) {
        return switch (failure) {
            case FileNotFoundException _ -> Errno.ENOENT.words();
            case NoSuchFileException _ -> Errno.ENOENT.words();
            case AccessDeniedException _ -> Errno.EACCES.words();
            case FileSystemException file when file.getReason() != null -> file.getReason();
            default -> failure.getMessage() == null || failure instanceof FileSystemException
                    ? "the system does not say why"
                    : OF_NETTY.matcher(failure.getMessage()).replaceFirst("");
        };
    }
}
