package dev.ninetunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * System calls on the process and on the calling thread's identity (setfsuid(2), setgroups(2), capset(2), umask(2),
 * prlimit(2)).
 * The C library's setgroups changes all threads of a process; the bare system call made here changes the calling one.
 * One call a method, without any policy; what is negative is an error number.
 */
public final class ProcessCalls {
    /** Of prlimit(2). */
    private static final long THIS_PROCESS = 0;
    private static final int OPEN_FILES = 7;
    private static final int SHARED_FS_STATE = 0x200;
    /** {@code _LINUX_CAPABILITY_VERSION_3} of linux/capability.h: 64 bits in two words. */
    private static final int CAPABILITY_VERSION = 0x20080522;
    /** {@code __user_cap_header_struct} is version[4] pid[4]; the sets stand behind it here. */
    private static final int CAPABILITY_SETS = 8;

    private ProcessCalls() {}

    /** The effective user of this thread (geteuid(2)), as whom the process deals with files. */
    public static int uid() {
        return (int) Syscall.GETEUID.call(CallMemory.ofThread());
    }

    /** The effective group of this thread (getegid(2)). */
    public static int gid() {
        return (int) Syscall.GETEGID.call(CallMemory.ofThread());
    }

    /** The groups of the process; empty if they cannot be told. */
    public static int[] groups() {
        CallMemory s = CallMemory.ofThread();
        int count = (int) Syscall.GETGROUPS.call(s, CallMemory.BLOCK / 4, s.block.address());
        int[] groups = new int[Math.max(count, 0)];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = s.block.getAtIndex(JAVA_INT, i);
        }
        return groups;
    }

    /** Sets the groups of this thread alone, at most 16,384 of them. */
    public static int setGroups(int[] groups) {
        CallMemory s = CallMemory.ofThread();
        for (int i = 0; i < groups.length; i++) {
            s.block.setAtIndex(JAVA_INT, i, groups[i]);
        }
        return (int) Syscall.SETGROUPS.call(s, groups.length, s.block.address());
    }

    /** Sets the file-system user of this thread, and gives the one before; -1 only asks. */
    public static int setFileUid(int uid) {
        return (int) Syscall.SETFSUID.call(CallMemory.ofThread(), uid);
    }

    /** Sets the file-system group of this thread, and gives the one before; -1 only asks. */
    public static int setFileGid(int gid) {
        return (int) Syscall.SETFSGID.call(CallMemory.ofThread(), gid);
    }

    /**
     * The capabilities of a thread, each a set of bits.
     *
     * @param effective those that count now
     * @param permitted those that can be made to count
     */
    public record Capabilities(long effective, long permitted, long inheritable) {
        /** None, but all of them to be had back. */
        public Capabilities dropped() {
            return new Capabilities(0, permitted, inheritable);
        }
    }

    /** Those of this thread; null if they cannot be told. */
    public static Capabilities capabilities() {
        CallMemory s = CallMemory.ofThread();
        long failed = Syscall.CAPGET.call(s, capabilityHeader(s), s.struct.address() + CAPABILITY_SETS);
        return failed != 0 ? null : new Capabilities(capabilitySet(s, 0), capabilitySet(s, 1), capabilitySet(s, 2));
    }

    /** Sets those of this thread alone. */
    public static int setCapabilities(Capabilities sets) {
        CallMemory s = CallMemory.ofThread();
        long[] words = {sets.effective, sets.permitted, sets.inheritable};
        for (int i = 0; i < words.length; i++) {
            s.struct.set(JAVA_INT, CAPABILITY_SETS + 4L * i, (int) words[i]);
            s.struct.set(JAVA_INT, CAPABILITY_SETS + 4L * (i + words.length), (int) (words[i] >>> 32));
        }
        return (int) Syscall.CAPSET.call(s, capabilityHeader(s), s.struct.address() + CAPABILITY_SETS);
    }

    private static long capabilityHeader(CallMemory s) {
        s.struct.set(JAVA_INT, 0, CAPABILITY_VERSION);
        s.struct.set(JAVA_INT, 4, 0);
        return s.struct.address();
    }

    /** The low words of the three sets stand before their high words. */
    private static long capabilitySet(CallMemory s, int index) {
        long low = s.struct.get(JAVA_INT, CAPABILITY_SETS + 4L * index) & 0xffffffffL;
        long high = s.struct.get(JAVA_INT, CAPABILITY_SETS + 4L * (index + 3)) & 0xffffffffL;
        return high << 32 | low;
    }

    /** Sets the umask of all threads that share it with this one, and gives the one before. */
    public static int setUmask(int mask) {
        return (int) Syscall.UMASK.call(CallMemory.ofThread(), mask);
    }

    /** Gives this thread a umask (and working directory) of its own; cheap if it has. */
    public static int unshareUmask() {
        return (int) Syscall.UNSHARE.call(CallMemory.ofThread(), SHARED_FS_STATE);
    }

    /** Raises the limit of open descriptors as far as allowed, and gives it. */
    public static long raiseOpenFiles() {
        CallMemory s = CallMemory.ofThread();
        if (Syscall.PRLIMIT64.call(s, THIS_PROCESS, OPEN_FILES, 0, s.struct.address()) != 0) {
            return 1024;
        }
        long soft = s.struct.get(JAVA_LONG, 0);
        long hard = s.struct.get(JAVA_LONG, 8);
        if (soft == hard) {
            return limit(soft);
        }
        s.struct.set(JAVA_LONG, 0, hard);
        long failed = Syscall.PRLIMIT64.call(s, THIS_PROCESS, OPEN_FILES, s.struct.address(), 0);
        return limit(failed == 0 ? hard : soft);
    }

    /** {@code RLIM_INFINITY} is -1. */
    private static long limit(long value) {
        return value < 0 ? Integer.MAX_VALUE : value;
    }
}
