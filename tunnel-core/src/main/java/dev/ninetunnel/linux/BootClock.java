package dev.ninetunnel.linux;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** CLOCK_BOOTTIME (clock_gettime(2)): goes on while the host sleeps, which {@link System#nanoTime} does not. */
public final class BootClock {
    private static final int CLOCK_BOOTTIME = 7;
    private static final long NANOS = 1_000_000_000L;
    private static final MethodHandle GETTIME = Native.bind("clock_gettime", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS);

    private BootClock() {}

    /** Nanoseconds since the host was started. */
    public static long nanoTime() {
        CallMemory s = CallMemory.ofThread();
        try {
            int failed = Native.result(s, (int) GETTIME.invokeExact(s.state, CLOCK_BOOTTIME, s.struct));
            if (failed != 0) {
                throw new IllegalStateException("clock_gettime(CLOCK_BOOTTIME): error " + -failed);
            }
        } catch (Throwable t) {
            throw Native.fault(t);
        }
        return s.struct.get(ValueLayout.JAVA_LONG, 0) * NANOS + s.struct.get(ValueLayout.JAVA_LONG, Long.BYTES);
    }
}
