package dev.ninetunnel.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;
import java.util.List;

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
     * Makes the process that user's, with these groups and no others. There is no way back. When it fails, some of it may
     * have been done: the process is not to go on.
     *
     * @return 0, or minus the number of the error for which the kernel refuses
     */
    public static int giveUp(int uid, int gid, List<Integer> groups) {
        CallMemory s = CallMemory.ofThread();
        for (int i = 0; i < groups.size(); i++) {
            s.block.setAtIndex(JAVA_INT, i, groups.get(i));
        }
        try {
            int result = Native.result(s, (int) SETGROUPS.invokeExact(s.state, (long) groups.size(), s.block));
            if (result == 0) {
                result = Native.result(s, (int) SETRESGID.invokeExact(s.state, gid, gid, gid));
            }
            if (result == 0) {
                result = Native.result(s, (int) SETRESUID.invokeExact(s.state, uid, uid, uid));
            }
            return result;
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }
}
