package dev.ninetunnel.fs.portable;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/** What java.nio throws, as the error numbers of Linux. */
final class Failures {
    private static final String LINK_MET = "Too many levels of symbolic links";

    private Failures() {}

    /** What is done by java.nio. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does work, and turns what it throws into an error number. */
    static <T> T translate(Work<T> work) throws FsException {
        try {
            return work.run();
        } catch (FsException e) {
            throw e;
        } catch (IOException e) {
            throw new FsException(of(e));
        } catch (NonReadableChannelException | NonWritableChannelException e) {
            throw new FsException(Errno.EBADF);
        } catch (ReadOnlyFileSystemException e) {
            throw new FsException(Errno.EROFS);
        } catch (UnsupportedOperationException e) {
            throw new FsException(Errno.EOPNOTSUPP);
        } catch (IllegalArgumentException e) {
            throw new FsException(Errno.EINVAL);
        }
    }

    static Errno of(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> Errno.ENOENT;
            case FileAlreadyExistsException _ -> Errno.EEXIST;
            case DirectoryNotEmptyException _ -> Errno.ENOTEMPTY;
            case AccessDeniedException _ -> Errno.EACCES;
            case NotDirectoryException _ -> Errno.ENOTDIR;
            case NotLinkException _ -> Errno.EINVAL;
            case FileSystemLoopException _ -> Errno.ELOOP;
            case AtomicMoveNotSupportedException _ -> Errno.EXDEV;
            case ClosedChannelException _ -> Errno.EBADF;
            case UserPrincipalNotFoundException _ -> Errno.EINVAL;
            case FileSystemException f -> ofWords(f.getReason());
            default -> ofWords(e.getMessage());
        };
    }

    /** On Unix the words are those of strerror(3), which the table has too. */
    private static Errno ofWords(String words) {
        if (words == null) {
            return Errno.EIO;
        }
        return words.startsWith(LINK_MET) ? Errno.ELOOP : Errno.of(words);
    }
}
