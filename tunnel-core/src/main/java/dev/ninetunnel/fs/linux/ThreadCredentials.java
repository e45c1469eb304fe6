package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.ProcessCalls;
import java.util.List;

/**
 * As whom a thread deals with files. A call for another user takes on that user's file-system ids and groups
 * (setfsuid(2)) on the calling thread alone, and gives them back before it returns, so that a thread is never found
 * with an identity that its next user does not expect. Platform threads only: a virtual one might change its carrier.
 *
 * <p>For a user who is not root the thread gives up all capabilities meanwhile. Of itself setfsuid(2) takes only those
 * away that override permissions; with CAP_SYS_ADMIN and CAP_SETFCAP anybody could set {@code trusted.*} attributes of
 * others' files and {@code security.capability} of their own programs, with CAP_SYS_RESOURCE fill what is kept for root.
 */
final class ThreadCredentials {
    private static final int ASK = -1;
    private static final int MOST_GROUPS = CallMemory.BLOCK / Integer.BYTES;

    private final int uid = ProcessCalls.uid();
    private final int gid = ProcessCalls.gid();
    private final int[] groups = ProcessCalls.groups();
    private final ProcessCalls.Capabilities capabilities = ProcessCalls.capabilities();

    /** What is done as somebody. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws FsException;
    }

    /** The user of the process. */
    int uid() {
        return uid;
    }

    /** That this process can act as the caller, which is tried. */
    void permit(Caller caller) throws FsException {
        if (caller instanceof Caller.User user) {
            if (uid != 0 || capabilities == null) {
                throw new FsException(Errno.EPERM);
            }
            if (user.groups().size() > MOST_GROUPS) {
                throw new FsException(Errno.EINVAL);
            }
            as(user, () -> null);
        }
    }

    /** Does work as the caller. */
    <T> T as(Caller caller, Work<T> work) throws FsException {
        return switch (caller) {
            case Caller.Self self -> work.run();
            case Caller.User user -> switched(user, user.gid(), work);
        };
    }

    /**
     * Does work that makes a file as the caller, so that it belongs to this group from the start, where the caller may
     * make such a file: root for any group, a user for the groups that it is in; -1 says that it does not matter.
     */
    <T> T making(Caller caller, int wanted, Work<T> work) throws FsException {
        return switch (caller) {
            case Caller.Self self when uid != 0 || wanted == -1 || wanted == gid -> work.run();
            case Caller.Self self -> inGroup(wanted, work);
            case Caller.User user -> switched(user, mayGive(user, wanted) ? wanted : user.gid(), work);
        };
    }

    private static boolean mayGive(Caller.User user, int group) {
        return group != -1 && (user.uid() == 0 || user.groups().contains(group));
    }

    private <T> T inGroup(int wanted, Work<T> work) throws FsException {
        try {
            ProcessCalls.setFileGid(wanted);
            return work.run();
        } finally {
            ProcessCalls.setFileGid(gid);
        }
    }

    private <T> T switched(Caller.User user, int group, Work<T> work) throws FsException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("acting as a user needs a platform thread");
        }
        try {
            become(user, group);
            return work.run();
        } finally {
            restore();
        }
    }

    /** setfsuid(2) reports no failure, so the outcome is asked for: what goes on as root must not. */
    private void become(Caller.User user, int group) throws FsException {
        int result = ProcessCalls.setGroups(toArray(user.groups()));
        ProcessCalls.setFileGid(group);
        ProcessCalls.setFileUid(user.uid());
        if (result >= 0 && user.uid() != 0) {
            result = ProcessCalls.setCapabilities(capabilities.dropped());
        }
        if (result < 0 || ProcessCalls.setFileGid(ASK) != group || ProcessCalls.setFileUid(ASK) != user.uid()) {
            throw new FsException(Errno.EPERM);
        }
    }

    private void restore() {
        // First, as the rest needs some of them. Becoming root of itself gives only those back that override permissions.
        ProcessCalls.setCapabilities(capabilities);
        ProcessCalls.setFileUid(uid);
        ProcessCalls.setFileGid(gid);
        ProcessCalls.setGroups(groups);
        if (ProcessCalls.setFileUid(ASK) != uid || ProcessCalls.setFileGid(ASK) != gid) {
            throw new IllegalStateException("a thread could not take its own identity back");
        }
    }

    private static int[] toArray(List<Integer> list) {
        int[] array = new int[list.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = list.get(i);
        }
        return array;
    }
}
