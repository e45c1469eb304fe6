package dev.ninetunnel.cli;

import dev.ninetunnel.client.ConversationException;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Escaped;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import java.util.Set;

/** Says what went wrong with a file, there or here, why, and what to do next. */
public final class FileProblems {
    /** What is wrong with the host or the disk, and not with one file. */
    private static final Set<Errno> ON_ALL = Set.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOSPC, Errno.EDQUOT,
            Errno.EROFS);

    private FileProblems() {}

    /** For work on files of a peer, with local ones perhaps on the other side of it. */
    static Failure explained(String peer, IOException e) {
        return switch (e) {
            case RefusedException refused -> refused(peer + ":" + refused.getMessage(), peer, refused);
            case ConversationException ended -> new Failure(Failure.IO, "the conversation with " + peer + " ended: "
                    + ended.getMessage() + "; what was under way may have happened or not. Look at what the endpoint "
                    + "logs, and try again", e);
            case FileSystemException local -> local(local);
            default -> new Failure(Failure.IO, String.valueOf(e.getMessage()), e);
        };
    }

    /** The reason, if it is one that other files suffer from as well; how the system words it (strerror(3)). */
    static Optional<String> commonReason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException refused && ON_ALL.contains(Errno.of(refused.errno()))) {
                return Optional.of(refused.words() + " on the far side");
            }
            if (cause instanceof FileSystemException local
                    && ON_ALL.stream().anyMatch(errno -> errno.words().equals(local.getReason()))) {
                return Optional.of(local.getReason() + " here");
            }
        }
        return Optional.empty();
    }

    /** For what was refused of a file that goes by another name meanwhile. */
    public static Failure explained(String shown, String peer, RefusedException e) {
        return refused(shown + ": " + e.words(), peer, e);
    }

    private static Failure refused(String what, String peer, RefusedException e) {
        Errno errno = Errno.of(e.errno());
        return switch (errno) {
            case ENOENT -> new Failure(Failure.NO_INPUT, what + " ('ninetunnel ls " + peer
                    + ":' and its directories show what there is)", e);
            case EACCES, EPERM -> new Failure(Failure.NO_PERMISSION, what
                    + " (the user who runs the far endpoint may not do this; 'ninetunnel stat' shows owner and mode)",
                    e);
            case EROFS -> new Failure(Failure.NO_PERMISSION, what
                    + " (the far side offers it for reading only, or its disk is mounted so)", e);
            case EISDIR -> new Failure(Failure.IO, what + " (with -r, ls, get, put and rm take directories)", e);
            case ENOSPC, EDQUOT -> new Failure(Failure.IO, what + " (make room on the far side)", e);
            case EOPNOTSUPP, ENOSYS -> new Failure(Failure.IO, what + " (the server there cannot do this)", e);
            default -> new Failure(Failure.IO, what, e);
        };
    }

    private static Failure local(FileSystemException e) {
        String file = Escaped.of(String.valueOf(e.getFile()));
        return switch (e) {
            case NoSuchFileException _ -> new Failure(Failure.NO_INPUT, file + ": there is no such file here", e);
            case AccessDeniedException _ -> new Failure(Failure.NO_PERMISSION, file
                    + ": permission denied here (see its owner and mode with ls -ld)", e);
            case FileAlreadyExistsException _ -> new Failure(Failure.CANNOT_CREATE, file + ": is there already", e);
            case NotDirectoryException _ -> new Failure(Failure.CANNOT_CREATE, file + ": is no directory", e);
            case DirectoryNotEmptyException _ -> new Failure(Failure.CANNOT_CREATE,
                    file + ": is a directory with something in it", e);
            default -> new Failure(Failure.IO, file + ": " + (e.getReason() == null ? "cannot be used" : e.getReason())
                    + " here", e);
        };
    }
}
