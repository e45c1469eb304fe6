package dev.ninetunnel.fuse;

import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.OpenFlags;
import dev.ninetunnel.wire.message.Tsetattr;
import java.util.concurrent.CompletableFuture;

/**
 * Set-user-ID and set-group-ID of files, which end when a program changes what is in them that may not set them (write(2),
 * chmod(2)): who exports them may itself be one that may. Any thread; nothing here waits.
 */
final class SetIds {
    private static final int USER = 04000;
    private static final int GROUP = 02000;
    private static final int GROUP_EXECUTES = 010;
    /** {@code valid} of Tsetattr. */
    private static final int MODE = 1;

    private SetIds() {}

    /** A mode without them. Set-group-ID of a file that the group may not execute says something else, and stays. */
    static int without(int mode) {
        return mode & ~(USER | ((mode & GROUP_EXECUTES) != 0 ? GROUP : 0));
    }

    /**
     * Takes them from a file, as far as is known that it has them. A server that refuses has an owner of the file in mind who is not the
     * user, and whose system has taken them itself, then. The kernel does not expect its own write to change the mode.
     */
    static CompletableFuture<Void> end(Remote remote, Attachment a, int fid, Inode inode) {
        int mode = inode.mode();
        int less = without(mode);
        if (less == mode) {
            return CompletableFuture.completedFuture(null);
        }
        Tsetattr change = new Tsetattr(fid, MODE, less & OpenFlags.PERMISSIONS, 0, 0, 0, 0, 0, 0, 0);
        return a.ops().setAttributes(change, false).handle((_, failure) -> {
            if (failure == null || isRefused(failure)) {
                inode.mode(less);
                return remote.forgetAttributes(inode);
            }
            return CompletableFuture.<Void>failedFuture(failure);
        }).thenCompose(all -> all);
    }

    private static boolean isRefused(Throwable failure) {
        return FuseException.cause(failure) instanceof RefusedException refused && refused.is(Errno.EPERM);
    }
}
