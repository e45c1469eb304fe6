package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.linux.AttributeCalls;
import dev.ninetunnel.linux.ProcessCalls;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * Makes files with exactly the mode asked for, and with the group asked for where that is allowed.
 *
 * <p>The umask is set to nothing for the length of the call, after the calling thread has been given one of its own
 * ({@code unshare(CLONE_FS)}), so that no other thread sees it; bits that a directory's default ACL takes away stay
 * away. The group is that of the thread while it makes the file ({@link ThreadCredentials#making}). What is missing then, because a
 * sandbox forbids a umask of one's own, mkdir(2) leaves bits out, or the process is not root, is put right afterwards only by
 * a descriptor that stands for nothing but what was made: the one that open(2) gave, or one that was opened by the name, in a
 * directory where no other user can have put another file under it.
 */
final class Maker {
    private static final int EXTRA_BITS = 06000;
    private static final int SET_GROUP = 02000;
    private static final byte[] ACL = "system.posix_acl_access".getBytes(StandardCharsets.US_ASCII);

    private final ThreadCredentials threadCredentials;
    /** Gives the calling thread a umask of its own, or an error number. */
    private final IntSupplier unshare;

    Maker(ThreadCredentials threadCredentials, IntSupplier unshare) {
        this.threadCredentials = threadCredentials;
        this.unshare = unshare;
    }

    /** Makes something by this call; gives what that gives, which is an error number if it is negative. */
    int make(Caller caller, int gid, IntSupplier call) {
        try {
            return threadCredentials.making(caller, gid, () -> withoutUmask(call));
        } catch (FsException e) {
            return -e.number();
        }
    }

    private int withoutUmask(IntSupplier call) {
        if (unshare.getAsInt() < 0) {
            return call.getAsInt();
        }
        int before = ProcessCalls.setUmask(0);
        try {
            return call.getAsInt();
        } finally {
            ProcessCalls.setUmask(before);
        }
    }

    /** Puts right what was found under the name that it was made by, where that can be nothing else. */
    void completeFound(Caller caller, Inode found, Inode directory, int mode, int gid) throws FsException {
        int user = caller instanceof Caller.User u ? u.uid() : threadCredentials.uid();
        if (isIncomplete(found, mode, gid) && Status.stepOf(directory.fd).guards(Status.stepOf(found.fd), user)) {
            complete(caller, found, directory, mode, gid);
        }
    }

    /** Puts right what the call that made a file could not do; {@code mode} and {@code gid} are those asked for. */
    void complete(Caller caller, Inode made, Inode directory, int mode, int gid) throws FsException {
        if (!isIncomplete(made, mode, gid)) {
            return;
        }
        threadCredentials.as(caller, () -> {
            Attributes now = Status.of(made.fd);
            boolean ours = caller instanceof Caller.User u
                    ? now.uid() == u.uid()
                    : now.uid() == threadCredentials.uid();
            if (ours && changesGroup(gid) && now.gid() != gid && (Status.of(directory.fd).mode() & SET_GROUP) == 0) {
                ignoreRefusal(AttributeCalls.changeOwner(made.fd, -1, gid));
                now = Status.of(made.fd);
            }
            int inherited = made.id.kind() == FileId.Kind.DIRECTORY ? now.mode() & SET_GROUP : 0;
            int wanted = mode | inherited;
            boolean differs = (now.mode() & wanted) != wanted;
            if (ours && differs && made.id.kind() != FileId.Kind.SYMLINK && !limitedByAcl(made)) {
                ignoreRefusal(AttributeCalls.changeMode(made.fd, wanted));
            }
            return null;
        });
    }

    private boolean isIncomplete(Inode made, int mode, int gid) {
        boolean bits = (mode & EXTRA_BITS) != 0 && made.id.kind() == FileId.Kind.DIRECTORY;
        return changesGroup(gid) || bits || unshare.getAsInt() < 0;
    }

    private boolean changesGroup(int gid) {
        return gid != -1 && threadCredentials.uid() != 0;
    }

    /** Whether a default ACL of the directory has given the file one: then that has set its mode. */
    private static boolean limitedByAcl(Inode made) {
        return AttributeCalls.attribute(made.fd, ACL) >= 0;
    }

    private static void ignoreRefusal(int result) throws FsException {
        if (result != -Errno.EPERM.number()) {
            Check.done(result);
        }
    }
}
