package dev.ninetunnel.fs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.linux.Native;
import dev.ninetunnel.linux.Scratch;
import java.lang.invoke.MethodHandle;

/**
 * Gives up the power of root for good. The kernel keeps users, groups and capabilities for each thread; the C library's
 * setgroups(2), setresgid(2) and setresuid(2) have every thread of the process make the call (nptl(7)), those that the Java
 * machine has made of itself, too. Whether they all did is for the caller to look up.
 */
public final class Privileges {
    private static final MethodHandle SETGROUPS = Native.bind("setgroups", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SETRESGID = Native.bind("setresgid", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SETRESUID = Native.bind("setresuid", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

    private Privileges() {}

    /**
     * Makes the process that user's, with these groups and no others. There is no way back. When this throws, some of it may
     * have been done: the process is not to go on.
     *
     * @throws FsException if the kernel refuses
     */
    public static void giveUp(Caller.User user) throws FsException {
        Scratch s = Scratch.ofThread();
        try {
            for (int i = 0; i < user.groups().size(); i++) {
                s.block.setAtIndex(JAVA_INT, i, user.groups().get(i));
            }
            require(Native.result(s, (int) SETGROUPS.invokeExact(s.state, (long) user.groups().size(), s.block)));
            int gid = user.gid();
            require(Native.result(s, (int) SETRESGID.invokeExact(s.state, gid, gid, gid)));
            int uid = user.uid();
            require(Native.result(s, (int) SETRESUID.invokeExact(s.state, uid, uid, uid)));
        } catch (FsException e) {
            throw e;
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    private static void require(int result) throws FsException {
        if (result < 0) {
            throw FsException.of(-result);
        }
    }
}
