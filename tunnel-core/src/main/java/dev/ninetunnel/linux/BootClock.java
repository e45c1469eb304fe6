package dev.ninetunnel.linux;

import java.lang.foreign.ValueLayout;

/** CLOCK_BOOTTIME (clock_gettime(2)): goes on while the host sleeps, which {@link System#nanoTime} does not. */
public final class BootClock {
    private static final int CLOCK_BOOTTIME = 7;
    private static final long NANOS = 1_000_000_000L;

    private BootClock() {}

    /** Nanoseconds since the host was started. */
    public static long nanoTime() {
        CallMemory s = CallMemory.ofThread();
        long failed = Syscall.CLOCK_GETTIME.call(s, CLOCK_BOOTTIME, s.struct.address());
        if (failed != 0) {
            throw new IllegalStateException("clock_gettime(CLOCK_BOOTTIME): error " + -failed);
        }
        return s.struct.get(ValueLayout.JAVA_LONG, 0) * NANOS + s.struct.get(ValueLayout.JAVA_LONG, Long.BYTES);
    }
}
