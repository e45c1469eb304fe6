package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.SmallFile;
import dev.ninetunnel.linux.Linux;
import dev.ninetunnel.linux.ProcessCalls;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The run directory. A user who may change it decides whom local programs speak to, so it must be the endpoint's own, or root's,
 * and so must a link to it. One that others may write to is taken only if they cannot replace a socket in it (the sticky bit,
 * as of {@code /tmp}).
 *
 * @param path where it is, or is to be
 */
record SocketDirectory(Path path) {
    private static final int ROOT = 0;
    private static final int OTHERS_WRITE = 022;
    private static final int STICKY = 01000;

    /**
     * Makes it, with mode 0700, if it is not there.
     *
     * @throws EndpointException if that cannot be, or it is somebody else's
     */
    void make() throws EndpointException {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.createDirectory(path,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) {
                throw new EndpointException(EndpointException.Kind.CANNOT_CREATE,
                        path + " is to hold the sockets, but is "
                                + "no directory: give another with --run",
                        e);
            }
        } catch (IOException e) {
            throw unusable("cannot be made (" + why(e) + ")", e);
        }
        if (Linux.available()) {
            requireOwn();
        }
    }

    private void requireOwn() throws EndpointException {
        try {
            requireOwner(Files.isSymbolicLink(path) ? "a link to it" : "it",
                    (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS));
            requireOwner("it", (Integer) Files.getAttribute(path, "unix:uid"));
            int mode = (Integer) Files.getAttribute(path, "unix:mode");
            if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
                throw new EndpointException(EndpointException.Kind.CONFIG,
                        "other users may write to the directory for the "
                                + "sockets, " + path
                                + ", and could put theirs in the place of ours. Close it:  chmod go-w " + path);
            }
        } catch (IOException e) {
            throw unusable("cannot be looked at (" + why(e) + ")", e);
        }
    }

    private void requireOwner(String what, int uid) throws EndpointException {
        if (uid != ProcessCalls.uid() && uid != ROOT) {
            throw new EndpointException(EndpointException.Kind.CONFIG, "the directory for the sockets, " + path
                    + ", cannot be used: " + what + " belongs to user " + uid
                    + ", who could put another socket in the place "
                    + "of ours. Remove it, or give another with --run");
        }
    }

    private static String why(IOException e) {
        return e instanceof AccessDeniedException ? "this user may not write there" : SmallFile.why(e);
    }

    private EndpointException unusable(String why, IOException e) {
        return new EndpointException(EndpointException.Kind.CANNOT_CREATE,
                "the directory for the sockets, " + path + ", "
                        + why + ": give another with --run",
                e);
    }
}
