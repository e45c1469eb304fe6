package dev.ninetunnel.fs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.HeldRanges;
import dev.ninetunnel.fs.OpenFile.Lock;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.OpenFlags;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The locks on one file. Each owner has an open file description of its own ({@code F_OFD_SETLK} of fcntl(2)), so the
 * kernel itself keeps owners apart from one another and from other programs' locks, of either kind, on this machine. An
 * owner's description is open for reading and writing where the file's mode allows, so that a lock for writing is to be
 * had through a file that is open for reading (which flock(2) on a client asks for); else EBADF, as fcntl(2) gives. That
 * of an owner who only reads is open for reading alone: as long as a file is open for writing, it cannot be run.
 *
 * <p>{@code struct flock} is {@code l_type[2] l_whence[2] pad[4] l_start[8] l_len[8] l_pid[4] pad[4]}.
 */
final class Locks {
    private static final int GET = 36;
    private static final int SET = 37;
    private static final short READ = 0;
    private static final short WRITE = 1;
    private static final short UNLOCK = 2;

    private final int file;
    private final Descriptors descriptors;
    private final Map<Object, Holder> holders = new HashMap<>(0);

    private record Holder(int fd, HeldRanges ranges, DescriptorShare share) {}

    Locks(int file, Descriptors descriptors) {
        this.file = file;
        this.descriptors = descriptors;
    }

    /** Locks or unlocks; false if another is in the way. Runs as the caller, whose permissions count. */
    synchronized boolean set(LinuxOpenFile through, Lock lock) throws FsException {
        HeldRanges.check(lock);
        Holder holder = holders.get(lock.owner());
        if (holder == null) {
            if (lock.kind() == Lock.Kind.UNLOCK) {
                return true;
            }
            holder = new Holder(open(lock, through.share()), new HeldRanges(), through.share());
            holders.put(lock.owner(), holder);
        }
        int fd = holder.fd;
        try {
            return holder.ranges.set(HeldRanges.Range.of(lock, through), () -> done(fd, lock));
        } finally {
            if (holder.ranges.isEmpty()) {
                holders.remove(lock.owner());
                close(holder);
            }
        }
    }

    private static boolean done(int fd, Lock lock) throws FsException {
        int result = call(fd, SET, number(lock.kind()), lock.start(), lock.length());
        if (result == -Errno.EAGAIN.number() || result == -Errno.EACCES.number()) {
            return false;
        }
        Check.done(result);
        return true;
    }

    /** What of others is in the way of a lock, or null. */
    synchronized Lock conflict(LinuxOpenFile through, Lock lock) throws FsException {
        HeldRanges.check(lock);
        if (lock.kind() == Lock.Kind.UNLOCK) {
            throw new FsException(Errno.EINVAL);
        }
        Holder own = holders.get(lock.owner());
        int fd = own == null ? through.fd() : own.fd; // what is open for data never holds a lock itself
        Check.done(call(fd, GET, number(lock.kind()), lock.start(), lock.length()));
        MemorySegment s = CallMemory.ofThread().struct;
        if (s.get(JAVA_SHORT, 0) == UNLOCK) {
            return null;
        }
        Lock.Kind kind = s.get(JAVA_SHORT, 0) == WRITE ? Lock.Kind.WRITE : Lock.Kind.READ;
        Lock found = new Lock(kind, s.get(JAVA_LONG, 8), s.get(JAVA_LONG, 16), new Object(),
                Math.max(0, s.get(JAVA_INT, 24)));
        return ours(lock, found);
    }

    /** The same lock with its owner, if that is one of ours. */
    private Lock ours(Lock asked, Lock found) {
        for (Map.Entry<Object, Holder> e : holders.entrySet()) {
            HeldRanges.Range r = e.getKey().equals(asked.owner())
                    ? null
                    : e.getValue().ranges.inTheWay(found.start(), HeldRanges.last(found), asked.kind());
            if (r != null) {
                return new Lock(r.kind(), r.first(), r.length(), e.getKey(), r.process());
            }
        }
        return found;
    }

    /** Drops the locks that were taken through an open file. */
    synchronized void dropAll(LinuxOpenFile through) {
        for (Iterator<Holder> all = holders.values().iterator(); all.hasNext();) {
            Holder holder = all.next();
            for (HeldRanges.Range r : holder.ranges.take(through)) {
                call(holder.fd, SET, UNLOCK, r.first(), r.length());
            }
            if (holder.ranges.isEmpty()) {
                all.remove();
                close(holder);
            }
        }
    }

    /**
     * Drops the locks for writing that were taken through an open file. Where their owner has none left, what holds its other
     * locks is open for reading alone from then on. Runs as the caller, whose permissions count.
     */
    synchronized void stopWriting(LinuxOpenFile through) throws FsException {
        for (Iterator<Holder> all = holders.values().iterator(); all.hasNext();) {
            Holder holder = all.next();
            if (holder.ranges.all().stream().noneMatch(r -> r.file().equals(through))) {
                continue;
            }
            for (HeldRanges.Range r : holder.ranges.takeWriting(through)) {
                call(holder.fd, SET, UNLOCK, r.first(), r.length());
            }
            List<HeldRanges.Range> left = holder.ranges.all();
            if (left.isEmpty()) {
                all.remove();
                close(holder);
            } else if (left.stream().allMatch(r -> r.kind() == Lock.Kind.READ)) {
                moveToReader(holder.fd, left);
            }
        }
    }

    /** Without a gap: locks for reading of two descriptions stand side by side. */
    private void moveToReader(int holder, List<HeldRanges.Range> reading) throws FsException {
        int reader = open(OpenFlags.READ_ONLY);
        try {
            for (HeldRanges.Range r : reading) {
                Check.done(call(reader, SET, READ, r.first(), r.length()));
            }
            Check.done(DescriptorCalls.replace(holder, reader));
        } finally {
            descriptors.close(reader);
        }
    }

    private void close(Holder holder) {
        descriptors.close(holder.fd);
        holder.share.add(-1);
    }

    private int open(Lock lock, DescriptorShare share) throws FsException {
        try {
            descriptors.permit(share);
        } catch (FsException _) {
            throw new FsException(Errno.ENOLCK);
        }
        int fd = open(lock);
        share.add(1);
        return fd;
    }

    private int open(Lock lock) throws FsException {
        if (lock.reading()) {
            return open(OpenFlags.READ_ONLY);
        }
        try {
            return open(OpenFlags.READ_WRITE);
        } catch (FsException e) {
            if (e.number() == Errno.ENOLCK.number()) {
                throw e;
            }
        }
        return open(lock.kind() == Lock.Kind.WRITE ? OpenFlags.WRITE_ONLY : OpenFlags.READ_ONLY);
    }

    private int open(int access) throws FsException {
        int flags = OpenFlags.CLOSE_ON_EXEC | OpenFlags.NO_TERMINAL | access;
        try {
            return descriptors.open(() -> DescriptorCalls.reopen(file, flags));
        } catch (FsException e) {
            boolean full = e.number() == Errno.ENFILE.number() || e.number() == Errno.EMFILE.number();
            throw new FsException(full ? Errno.ENOLCK : Errno.EBADF);
        }
    }

    private static int call(int fd, int command, short type, long start, long length) {
        MemorySegment s = CallMemory.ofThread().struct;
        s.set(JAVA_SHORT, 0, type);
        s.set(JAVA_SHORT, 2, (short) 0);
        s.set(JAVA_LONG, 8, start);
        s.set(JAVA_LONG, 16, length);
        s.set(JAVA_INT, 24, 0);
        return DescriptorCalls.lock(fd, command);
    }

    private static short number(Lock.Kind kind) {
        return switch (kind) {
            case READ -> READ;
            case WRITE -> WRITE;
            case UNLOCK -> UNLOCK;
        };
    }
}
