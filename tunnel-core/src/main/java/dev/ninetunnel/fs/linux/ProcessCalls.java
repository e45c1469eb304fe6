package dev.ninetunnel.fs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls on the process and on the calling thread's identity (setfsuid(2), setgroups(2), capset(2), umask(2),
 * setrlimit(2)).
 * The C library's setgroups changes all threads of a process; the bare system call made here changes the calling one.
 * One call a method, without any policy; what is negative is an error number.
 */
final class ProcessCalls {
    private static final int OPEN_FILES = 7;
    private static final int SHARED_FS_STATE = 0x200;
    /** {@code _LINUX_CAPABILITY_VERSION_3} of linux/capability.h: 64 bits in two words. */
    private static final int CAPABILITY_VERSION = 0x20080522;
    /** {@code __user_cap_header_struct} is version[4] pid[4]; the sets stand behind it here. */
    private static final int CAPABILITY_SETS = 8;
    private static final long SETGROUPS = Machine.get().setgroups();

    private static final MethodHandle SYSCALL2 = Native.bindSyscall(2);
    private static final MethodHandle GETEUID = Native.bind("geteuid", JAVA_INT);
    private static final MethodHandle GETEGID = Native.bind("getegid", JAVA_INT);
    private static final MethodHandle GETGROUPS = Native.bind("getgroups", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SETFSUID = Native.bind("setfsuid", JAVA_INT, JAVA_INT);
    private static final MethodHandle SETFSGID = Native.bind("setfsgid", JAVA_INT, JAVA_INT);
    private static final MethodHandle CAPGET = Native.bind("capget", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle CAPSET = Native.bind("capset", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle UMASK = Native.bind("umask", JAVA_INT, JAVA_INT);
    private static final MethodHandle UNSHARE = Native.bind("unshare", JAVA_INT, JAVA_INT);
    private static final MethodHandle GETRLIMIT = Native.bind("getrlimit64", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SETRLIMIT = Native.bind("setrlimit64", JAVA_INT, JAVA_INT, ADDRESS);

    private ProcessCalls() {}

    static int uid() {
        return plain(GETEUID);
    }

    static int gid() {
        return plain(GETEGID);
    }

    private static int plain(MethodHandle call) {
        try {
            return (int) call.invokeExact(Scratch.ofThread().state);
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** The groups of the process; empty if they cannot be told. */
    static int[] groups() {
        Scratch s = Scratch.ofThread();
        try {
            int count = (int) GETGROUPS.invokeExact(s.state, Scratch.BLOCK / 4, s.block);
            int[] groups = new int[Math.max(count, 0)];
            for (int i = 0; i < groups.length; i++) {
                groups[i] = s.block.getAtIndex(JAVA_INT, i);
            }
            return groups;
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Sets the groups of this thread alone, at most 16,384 of them. */
    static int setGroups(int[] groups) {
        Scratch s = Scratch.ofThread();
        try {
            for (int i = 0; i < groups.length; i++) {
                s.block.setAtIndex(JAVA_INT, i, groups[i]);
            }
            return (int) Native.result(s,
                    (long) SYSCALL2.invokeExact(s.state, SETGROUPS, (long) groups.length, s.block.address()));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Sets the file-system user of this thread, and gives the one before; -1 only asks. */
    static int setFileUid(int uid) {
        try {
            return (int) SETFSUID.invokeExact(Scratch.ofThread().state, uid);
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Sets the file-system group of this thread, and gives the one before; -1 only asks. */
    static int setFileGid(int gid) {
        try {
            return (int) SETFSGID.invokeExact(Scratch.ofThread().state, gid);
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /**
     * The capabilities of a thread, each a set of bits.
     *
     * @param effective those that count now
     * @param permitted those that can be made to count
     */
    record Capabilities(long effective, long permitted, long inheritable) {
        /** None, but all of them to be had back. */
        Capabilities dropped() {
            return new Capabilities(0, permitted, inheritable);
        }
    }

    /** Those of this thread; null if they cannot be told. */
    static Capabilities capabilities() {
        Scratch s = Scratch.ofThread();
        try {
            int failed = (int) CAPGET.invokeExact(s.state, capabilityHeader(s), s.struct.asSlice(CAPABILITY_SETS));
            return failed != 0 ? null : new Capabilities(capabilitySet(s, 0), capabilitySet(s, 1), capabilitySet(s, 2));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Sets those of this thread alone. */
    static int setCapabilities(Capabilities sets) {
        Scratch s = Scratch.ofThread();
        long[] words = {sets.effective, sets.permitted, sets.inheritable};
        for (int i = 0; i < words.length; i++) {
            s.struct.set(JAVA_INT, CAPABILITY_SETS + 4L * i, (int) words[i]);
            s.struct.set(JAVA_INT, CAPABILITY_SETS + 4L * (i + words.length), (int) (words[i] >>> 32));
        }
        try {
            return Native.result(s,
                    (int) CAPSET.invokeExact(s.state, capabilityHeader(s), s.struct.asSlice(CAPABILITY_SETS)));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    private static MemorySegment capabilityHeader(Scratch s) {
        s.struct.set(JAVA_INT, 0, CAPABILITY_VERSION);
        s.struct.set(JAVA_INT, 4, 0);
        return s.struct;
    }

    /** The low words of the three sets stand before their high words. */
    private static long capabilitySet(Scratch s, int index) {
        long low = s.struct.get(JAVA_INT, CAPABILITY_SETS + 4L * index) & 0xffffffffL;
        long high = s.struct.get(JAVA_INT, CAPABILITY_SETS + 4L * (index + 3)) & 0xffffffffL;
        return high << 32 | low;
    }

    /** Sets the umask of all threads that share it with this one, and gives the one before. */
    static int setUmask(int mask) {
        try {
            return (int) UMASK.invokeExact(Scratch.ofThread().state, mask);
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Gives this thread a umask (and working directory) of its own; cheap if it has. */
    static int unshareUmask() {
        Scratch s = Scratch.ofThread();
        try {
            return Native.result(s, (int) UNSHARE.invokeExact(s.state, SHARED_FS_STATE));
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Raises the limit of open descriptors as far as allowed, and gives it. */
    static long raiseOpenFiles() {
        Scratch s = Scratch.ofThread();
        try {
            int failed = (int) GETRLIMIT.invokeExact(s.state, OPEN_FILES, s.struct);
            if (failed != 0) {
                return 1024;
            }
            long soft = s.struct.get(JAVA_LONG, 0);
            long hard = s.struct.get(JAVA_LONG, 8);
            if (soft == hard) {
                return limit(soft);
            }
            s.struct.set(JAVA_LONG, 0, hard);
            failed = (int) SETRLIMIT.invokeExact(s.state, OPEN_FILES, s.struct);
            return limit(failed == 0 ? hard : soft);
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** {@code RLIM_INFINITY} is -1. */
    private static long limit(long value) {
        return value < 0 ? Integer.MAX_VALUE : value;
    }
}
