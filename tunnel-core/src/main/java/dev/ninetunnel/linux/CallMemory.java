package dev.ninetunnel.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A thread's memory for the arguments and results of system calls, so that none is allocated for a call. It is freed
 * some time after its thread has ended. What a call leaves here is good until the thread's next call.
 */
public final class CallMemory {
    /** The longest name or path, without its NUL ({@code PATH_MAX} counts that). */
    public static final int NAME_LIMIT = 4095;
    /** As much as one extended attribute, or one portion of a directory, may have. */
    public static final int BLOCK = 65536;

    private static final ThreadLocal<CallMemory> OF_THREAD = ThreadLocal.withInitial(CallMemory::new);
    private static final byte[] OPEN_FILES = "/proc/self/fd/".getBytes(StandardCharsets.US_ASCII);

    public final MemorySegment state;
    public final MemorySegment block;
    public final MemorySegment struct;
    public final MemorySegment empty;
    private final MemorySegment name;
    private final MemorySegment otherName;
    private final MemorySegment openFile;

    private CallMemory() {
        Arena arena = Arena.ofAuto();
        state = arena.allocate(Native.stateSize(), 8);
        struct = arena.allocate(256, 8);
        empty = arena.allocate(1);
        name = arena.allocate(NAME_LIMIT + 1L);
        otherName = arena.allocate(NAME_LIMIT + 1L);
        openFile = arena.allocate(32);
        MemorySegment.copy(OPEN_FILES, 0, openFile, ValueLayout.JAVA_BYTE, 0, OPEN_FILES.length);
        block = arena.allocate(BLOCK, 8);
    }

    public static CallMemory ofThread() {
        return OF_THREAD.get();
    }

    /** The bytes as a C string. They are at most {@link #NAME_LIMIT}. */
    public MemorySegment name(byte[] bytes) {
        return put(name, bytes);
    }

    /** The bytes as a C string, for a call that takes two. */
    public MemorySegment otherName(byte[] bytes) {
        return put(otherName, bytes);
    }

    /** The C string that names an open descriptor of this process in /proc, as the link to what it has open. */
    public MemorySegment openFile(int fd) {
        int end = OPEN_FILES.length;
        int digits = 1;
        for (int rest = fd / 10; rest > 0; rest /= 10) {
            digits++;
        }
        openFile.set(ValueLayout.JAVA_BYTE, end + digits, (byte) 0);
        int rest = fd;
        for (int i = digits - 1; i >= 0; i--) {
            openFile.set(ValueLayout.JAVA_BYTE, end + i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return openFile;
    }

    /** A copy of the first bytes of the block. */
    public byte[] fromBlock(int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(block, ValueLayout.JAVA_BYTE, 0, bytes, 0, length);
        return bytes;
    }

    /** Puts bytes, at most {@link #BLOCK} of them, at the start of the block. */
    public MemorySegment toBlock(byte[] bytes) {
        MemorySegment.copy(bytes, 0, block, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return block;
    }

    private static MemorySegment put(MemorySegment to, byte[] bytes) {
        MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, 0, bytes.length);
        to.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
        return to;
    }
}
