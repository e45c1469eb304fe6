package dev.ninetunnel.fs.local;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The accounts of this machine, as the C library finds them (nsswitch.conf(5)): so those of a directory service too, for
 * which a call may wait. Any thread. Four functions of the library are bound when this is used first, which takes the JVM tens of
 * milliseconds: a start that asks for no account does without.
 *
 * <p>{@code struct passwd} begins with {@code pw_name[8] pw_passwd[8] pw_uid[4] pw_gid[4]} in glibc and musl, {@code struct group}
 * with {@code gr_name[8] gr_passwd[8] gr_gid[4]}.
 */
public final class Accounts {
    private static final MethodHandle GETPWNAM = Native.bind("getpwnam_r", JAVA_INT, ADDRESS, ADDRESS, ADDRESS,
            JAVA_LONG,
            ADDRESS);
    private static final MethodHandle GETPWUID = Native.bind("getpwuid_r", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS,
            JAVA_LONG,
            ADDRESS);
    private static final MethodHandle GETGRNAM = Native.bind("getgrnam_r", JAVA_INT, ADDRESS, ADDRESS, ADDRESS,
            JAVA_LONG,
            ADDRESS);
    private static final MethodHandle GETGROUPLIST = Native.bind("getgrouplist", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS,
            ADDRESS);

    private static final int PASSWD = 64;
    private static final int UID = 16;
    private static final int GID = 20;
    private static final int FIRST_TEXT = 4096;
    private static final int MOST_TEXT = 1 << 20;
    private static final int FIRST_GROUPS = 64;
    /** {@code NGROUPS_MAX}. */
    private static final int MOST_GROUPS = 65536;
    private static final int ATTEMPTS = 8;

    private Accounts() {}

    /** A call of the C library that fills in an account: 0, or an error number. */
    @FunctionalInterface
    private interface Query {
        int ask(CallMemory callMemory, MemorySegment passwd, MemorySegment text, MemorySegment found) throws Throwable;
    }

    /**
     * The user of this name, with all groups; empty if there is none.
     *
     * @throws FsException if that cannot be told now, as where a directory service does not answer
     */
    public static Optional<Caller.User> named(byte[] name) throws FsException {
        for (byte b : name) {
            if (b == 0) {
                return Optional.empty();
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(name.length + 1L);
            MemorySegment.copy(name, 0, key, ValueLayout.JAVA_BYTE, 0, name.length);
            return find(arena,
                    (callMemory, passwd, text, found) -> (int) GETPWNAM.invokeExact(callMemory.state, key, passwd,
                            text, text.byteSize(), found));
        }
    }

    /** The user of this number; see {@link #named}. */
    public static Optional<Caller.User> numbered(int uid) throws FsException {
        try (Arena arena = Arena.ofConfined()) {
            return find(arena,
                    (callMemory, passwd, text, found) -> (int) GETPWUID.invokeExact(callMemory.state, uid, passwd,
                            text, text.byteSize(), found));
        }
    }

    /**
     * The number of the group of this name; empty if there is none.
     *
     * @throws FsException if that cannot be told now
     */
    public static OptionalInt group(byte[] name) throws FsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(name.length + 1L);
            MemorySegment.copy(name, 0, key, ValueLayout.JAVA_BYTE, 0, name.length);
            MemorySegment group = arena.allocate(PASSWD, 8);
            boolean found = fill(arena, group, (callMemory, struct, text, result) -> (int) GETGRNAM
                    .invokeExact(callMemory.state, key, struct, text, text.byteSize(), result));
            return found ? OptionalInt.of(group.get(JAVA_INT, UID)) : OptionalInt.empty();
        }
    }

    private static Optional<Caller.User> find(Arena arena, Query query) throws FsException {
        MemorySegment passwd = arena.allocate(PASSWD, 8);
        return fill(arena, passwd, query) ? Optional.of(user(arena, passwd)) : Optional.empty();
    }

    /** Whether the struct was filled, or there is nothing to fill it with. */
    private static boolean fill(Arena arena, MemorySegment struct, Query query) throws FsException {
        MemorySegment found = arena.allocate(ADDRESS);
        int size = FIRST_TEXT;
        int result = 0;
        for (int i = 0; i < ATTEMPTS && size <= MOST_TEXT; i++) {
            result = ask(query, struct, arena.allocate(size), found);
            if (result == Errno.ERANGE.number()) {
                size *= 4;
            } else if (result != Errno.EINTR.number()) {
                break;
            }
        }
        if (found.get(JAVA_LONG, 0) != 0) {
            return true;
        }
        if (saysNobody(result)) {
            return false;
        }
        throw FsException.of(result);
    }

    private static int ask(Query query, MemorySegment passwd, MemorySegment text, MemorySegment found) {
        try {
            return query.ask(CallMemory.ofThread(), passwd, text, found);
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** The numbers that getpwnam(3) lists for a user who is not there. */
    private static boolean saysNobody(int result) {
        return result == 0 || result == Errno.ENOENT.number() || result == Errno.ESRCH.number()
                || result == Errno.EBADF.number() || result == Errno.EPERM.number();
    }

    private static Caller.User user(Arena arena, MemorySegment passwd) throws FsException {
        MemorySegment name = passwd.get(ADDRESS, 0);
        int gid = passwd.get(JAVA_INT, GID);
        return new Caller.User(passwd.get(JAVA_INT, UID), gid, groups(arena, name, gid));
    }

    private static List<Integer> groups(Arena arena, MemorySegment name, int gid) throws FsException {
        MemorySegment count = arena.allocate(JAVA_INT);
        for (int room = FIRST_GROUPS; room <= MOST_GROUPS; room *= 4) {
            MemorySegment groups = arena.allocate(MemoryLayout.sequenceLayout(room, JAVA_INT));
            count.set(JAVA_INT, 0, room);
            if (list(name, gid, groups, count) >= 0) {
                List<Integer> all = new ArrayList<>();
                for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
                    all.add(groups.getAtIndex(JAVA_INT, i));
                }
                return all;
            }
        }
        throw new FsException(Errno.EOVERFLOW);
    }

    private static int list(MemorySegment name, int gid, MemorySegment groups, MemorySegment count) {
        try {
            return (int) GETGROUPLIST.invokeExact(CallMemory.ofThread().state, name, gid, groups, count);
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }
}
