package dev.ninetunnel.fs.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.Syscall;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells of changes of regular files by other processes, and not of those by this one, by fanotify(7). It needs no privilege since Linux
 * 5.13: the number of a process is told then for this one alone. What it cannot watch is told of by nobody here. One thread at a time.
 */
final class OthersWatch {
    /** FAN_CLOEXEC, FAN_NONBLOCK, FAN_CLASS_NOTIF and FAN_REPORT_FID. */
    private static final int INIT = 0x1 | 0x2 | 0x200;
    private static final int FAN_MARK_ADD = 1;
    private static final int FAN_MARK_REMOVE = 2;
    /** FAN_MODIFY, FAN_ATTRIB, FAN_DELETE_SELF and FAN_MOVE_SELF. */
    private static final long WATCHED = 0x2 | 0x4 | 0x400 | 0x800;
    private static final int FAN_Q_OVERFLOW = 0x4000;
    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;

    /** {@code struct fanotify_event_metadata}: event_len[4] vers[1] reserved[1] metadata_len[2] mask[8] fd[4] pid[4]. */
    private static final int METADATA_LENGTH_AT = 6;
    private static final int MASK_AT = 8;
    private static final int PID_AT = 20;
    /** {@code struct fanotify_event_info_fid}: info_type[1] pad[1] len[2] fsid[8], and then as name_to_handle_at(2) has it. */
    private static final int HANDLE_AT = 4 + 8;
    /** {@code struct file_handle}: handle_bytes[4] handle_type[4] f_handle. */
    private static final int HANDLE_HEADER = 8;
    private static final int MOST_HANDLE_BYTES = 128;
    /** The three of these. */
    private static final int LARGEST_EVENT = 24 + HANDLE_AT + HANDLE_HEADER + MOST_HANDLE_BYTES;
    /** Behind the handle, where that is asked for. */
    private static final int MOUNT_AT = 192;

    private final int fd;
    private final int own = (int) ProcessHandle.current().pid();
    private final Map<FileId, ByteBuffer> handles = new HashMap<>();
    /** Files of two file systems may have the same. */
    private final Map<ByteBuffer, Set<FileId>> byHandle = new HashMap<>();

    private OthersWatch(int fd) {
        this.fd = fd;
    }

    /** One that watches nothing yet; empty if the system has none. */
    static Optional<OthersWatch> open() {
        int fd = (int) Syscall.FANOTIFY_INIT.call(CallMemory.ofThread(), INIT, 0);
        return fd < 0 ? Optional.empty() : Optional.of(new OthersWatch(fd));
    }

    int descriptor() {
        return fd;
    }

    /** Watches a regular file, if it can. */
    void add(FileId id, int descriptor) {
        if (id.kind() != FileId.Kind.FILE) {
            return;
        }
        ByteBuffer handle = handle(descriptor);
        if (handle != null && mark(FAN_MARK_ADD, descriptor) >= 0) {
            handles.put(id, handle);
            byHandle.computeIfAbsent(handle, _ -> new HashSet<>(2)).add(id);
        }
    }

    void remove(FileId id, int descriptor) {
        ByteBuffer handle = handles.remove(id);
        if (handle != null) {
            mark(FAN_MARK_REMOVE, descriptor);
            Set<FileId> files = byHandle.get(handle);
            files.remove(id);
            if (files.isEmpty()) {
                byHandle.remove(handle);
            }
        }
    }

    private long mark(int what, int descriptor) {
        CallMemory s = CallMemory.ofThread();
        return Syscall.FANOTIFY_MARK.call(s, fd, what, WATCHED, AT_FDCWD, s.openFile(descriptor).address());
    }

    private static ByteBuffer handle(int descriptor) {
        CallMemory s = CallMemory.ofThread();
        s.struct.set(JAVA_INT_UNALIGNED, 0, MOST_HANDLE_BYTES);
        long done = Syscall.NAME_TO_HANDLE_AT.call(s, descriptor, s.empty.address(), s.struct.address(),
                s.struct.address() + MOUNT_AT, AT_EMPTY_PATH);
        return done < 0 ? null : handle(s.struct, 0);
    }

    private static ByteBuffer handle(MemorySegment at, long offset) {
        int bytes = HANDLE_HEADER + at.get(JAVA_INT_UNALIGNED, offset);
        return ByteBuffer.wrap(at.asSlice(offset, bytes).toArray(JAVA_BYTE));
    }

    /** Tells what other processes have changed and has not been told. */
    void take(Consumer<FileId> changed, Runnable lost) {
        CallMemory s = CallMemory.ofThread();
        long got;
        do {
            got = Math.max(read(s), 0);
            MemorySegment events = MemorySegment.ofArray(s.fromBlock((int) got));
            for (long at = 0; at < got; at += events.get(JAVA_INT_UNALIGNED, at)) {
                tell(events, at, changed, lost);
            }
        } while (CallMemory.BLOCK - got < LARGEST_EVENT); // else that was all
    }

    private long read(CallMemory s) {
        return Syscall.READ.call(s, fd, s.block.address(), CallMemory.BLOCK);
    }

    private void tell(MemorySegment events, long at, Consumer<FileId> changed, Runnable lost) {
        if ((events.get(JAVA_LONG_UNALIGNED, at + MASK_AT) & FAN_Q_OVERFLOW) != 0) {
            lost.run();
        } else if (events.get(JAVA_INT_UNALIGNED, at + PID_AT) != own) {
            int metadata = events.get(JAVA_SHORT_UNALIGNED, at + METADATA_LENGTH_AT);
            byHandle.getOrDefault(handle(events, at + metadata + HANDLE_AT), Set.of()).forEach(changed);
        }
    }

    void close() {
        Syscall.CLOSE.call(CallMemory.ofThread(), fd);
    }
}
