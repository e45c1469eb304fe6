package dev.ninetunnel.fs.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.Syscall;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjLongConsumer;

/**
 * Watches inodes, whatever their names, by inotify(7). Events are queued before the call that brings them about returns. It does
 * not see what is written through a mapping of a file, and tells by itself of nobody who has made a change: beside it an {@link
 * OthersWatch} does, where there is one.
 */
public final class InotifyWatch implements ChangeWatch {
    private static final int IN_NONBLOCK = 0x800;
    private static final int IN_CLOEXEC = 0x80000;

    private static final int IN_MODIFY = 0x2;
    private static final int IN_ATTRIB = 0x4;
    private static final int IN_MOVED_FROM = 0x40;
    private static final int IN_MOVED_TO = 0x80;
    private static final int IN_CREATE = 0x100;
    private static final int IN_DELETE = 0x200;
    private static final int IN_DELETE_SELF = 0x400;
    private static final int IN_MOVE_SELF = 0x800;
    private static final int IN_UNMOUNT = 0x2000;
    private static final int IN_Q_OVERFLOW = 0x4000;
    private static final int IN_IGNORED = 0x8000;
    private static final int NAMES = IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE;
    private static final int WATCHED = IN_MODIFY | IN_ATTRIB | NAMES | IN_DELETE_SELF | IN_MOVE_SELF;

    /** {@code struct inotify_event}: wd[4] mask[4] cookie[4] len[4] name[len]. */
    private static final int MASK_AT = 4;
    private static final int LENGTH_AT = 12;
    private static final int EVENT = 16;
    private static final int LARGEST_EVENT = EVENT + 256;
    private static final short POLLIN = 1;
    private static final long POLLED = 8;
    /** As many as the kernel keeps ({@code max_queued_events}), as long as nobody is told. */
    private static final int MOST_EVENTS = 16_384;

    private final int fd;
    private final Optional<OthersWatch> others = OthersWatch.open();
    private final Map<FileId, Watched> byFile = new HashMap<>();
    private final Map<Integer, FileId> byNumber = new HashMap<>();
    /** What has been read and not told. */
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private long last;
    private boolean closed;

    /** A change, or that some may have been missed if it is null. */
    private record Event(Changed what, long number) {}

    private static final class Watched {
        final int number;
        int times = 1;

        Watched(int number) {
            this.number = number;
        }
    }

    private InotifyWatch(int fd) {
        this.fd = fd;
    }

    /** Whether the system tells a process's own changes of files from others'. */
    public static boolean tellsOthers() {
        Optional<OthersWatch> watch = OthersWatch.open();
        watch.ifPresent(OthersWatch::close);
        return watch.isPresent();
    }

    /** One that watches nothing yet; empty if the system has none left. */
    public static Optional<ChangeWatch> open() {
        int fd = (int) Syscall.INOTIFY_INIT1.call(CallMemory.ofThread(), IN_NONBLOCK | IN_CLOEXEC);
        return fd < 0 ? Optional.empty() : Optional.of(new InotifyWatch(fd));
    }

    @Override
    public synchronized boolean add(FileId id, int descriptor) {
        if (closed) {
            return false;
        }
        Watched watched = byFile.get(id);
        if (watched != null) {
            watched.times++;
            return true;
        }
        CallMemory s = CallMemory.ofThread();
        int number = (int) Syscall.INOTIFY_ADD_WATCH.call(s, fd, s.openFile(descriptor).address(), WATCHED);
        if (number < 0) {
            return false; // not to be read by this process, or no watches are left
        }
        byFile.put(id, new Watched(number));
        byNumber.put(number, id);
        others.ifPresent(watch -> watch.add(id, descriptor));
        return true;
    }

    @Override
    public synchronized void remove(FileId id, int descriptor) {
        Watched watched = byFile.get(id);
        if (watched == null || --watched.times > 0) {
            return;
        }
        byFile.remove(id);
        byNumber.remove(watched.number);
        if (!closed) {
            others.ifPresent(watch -> watch.remove(id, descriptor));
            Syscall.INOTIFY_RM_WATCH.call(CallMemory.ofThread(), fd, watched.number);
        }
    }

    @Override
    public synchronized long mark() {
        takeIn();
        return last;
    }

    @Override
    public synchronized boolean hasUntold() {
        return !events.isEmpty();
    }

    @Override
    public void drain(ObjLongConsumer<Changed> changed, Runnable lost) {
        for (Event event : take()) {
            if (event.what == null) {
                lost.run();
            } else {
                changed.accept(event.what, event.number);
            }
        }
    }

    private synchronized List<Event> take() {
        takeIn();
        List<Event> all = List.copyOf(events);
        events.clear();
        return all;
    }

    private void takeIn() {
        byte[] read;
        do {
            read = read();
            takeIn(MemorySegment.ofArray(read));
        } while (CallMemory.BLOCK - read.length < LARGEST_EVENT); // else that was all
        if (!closed) {
            others.ifPresent(watch -> watch.take(id -> add(Changed.byAnother(id)), () -> add(null)));
        }
    }

    private byte[] read() {
        CallMemory s = CallMemory.ofThread();
        long got = closed ? 0 : Syscall.READ.call(s, fd, s.block.address(), CallMemory.BLOCK);
        return got <= 0 ? new byte[0] : s.fromBlock((int) got);
    }

    private void takeIn(MemorySegment read) {
        for (long at = 0; at + EVENT <= read.byteSize();) {
            int number = read.get(JAVA_INT_UNALIGNED, at);
            int mask = read.get(JAVA_INT_UNALIGNED, at + MASK_AT);
            int length = read.get(JAVA_INT_UNALIGNED, at + LENGTH_AT);
            MemorySegment name = read.asSlice(at + EVENT, length);
            at += EVENT + length;
            if ((mask & (IN_Q_OVERFLOW | IN_UNMOUNT)) != 0) {
                add(null);
            } else if (isOfTheFile(mask, length > 0) && byNumber.containsKey(number)) {
                FileId id = byNumber.get(number);
                add(length == 0
                        ? Changed.file(id)
                        : Changed.name(id, untilNul(name), (mask & (IN_CREATE | IN_MOVED_TO)) != 0));
            }
        }
    }

    private void add(Changed what) {
        if (events.size() >= MOST_EVENTS) {
            events.clear();
            events.add(new Event(null, ++last));
        }
        events.add(new Event(what, ++last));
    }

    private static byte[] untilNul(MemorySegment padded) {
        int length = 0;
        while (length < padded.byteSize() && padded.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        return padded.asSlice(0, length).toArray(JAVA_BYTE);
    }

    /** A directory also tells of what is done to the data and attributes of the files in it. */
    private static boolean isOfTheFile(int mask, boolean named) {
        return (mask & IN_IGNORED) == 0 && (!named || (mask & NAMES) != 0);
    }

    @Override
    public boolean await(Duration longest) {
        if (hasUntold()) {
            return true;
        }
        CallMemory s = CallMemory.ofThread();
        poll(s, 0, fd);
        poll(s, POLLED, others.map(OthersWatch::descriptor).orElse(-1));
        s.struct.set(JAVA_LONG, 2 * POLLED, longest.toSeconds());
        s.struct.set(JAVA_LONG, 3 * POLLED, longest.toNanosPart());
        return Syscall.PPOLL.call(s, s.struct.address(), 2, s.struct.address() + 2 * POLLED, 0, 8) > 0;
    }

    /** A {@code struct pollfd}: fd[4] events[2] revents[2]; of a negative fd nothing is heard. */
    private static void poll(CallMemory s, long at, int descriptor) {
        s.struct.set(JAVA_INT_UNALIGNED, at, descriptor);
        s.struct.set(JAVA_SHORT, at + 4, POLLIN);
        s.struct.set(JAVA_SHORT, at + 6, (short) 0);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            others.ifPresent(OthersWatch::close);
            Syscall.CLOSE.call(CallMemory.ofThread(), fd);
        }
    }
}
