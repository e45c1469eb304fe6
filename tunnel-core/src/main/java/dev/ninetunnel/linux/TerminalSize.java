package dev.ninetunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.util.OptionalInt;

/** How large a terminal is (ioctl_tty(2), TIOCGWINSZ). Any thread. */
public final class TerminalSize {
    private static final long TIOCGWINSZ = 0x5413;
    /** {@code struct winsize} is rows, columns and two numbers of pixels, 16 bits each. */
    private static final int COLUMNS = 2;

    private TerminalSize() {}

    /** How many columns the terminal at a descriptor has; empty if it is none, or does not say. */
    public static OptionalInt columns(int descriptor) {
        if (!Linux.available()) {
            return OptionalInt.empty();
        }
        CallMemory s = CallMemory.ofThread();
        boolean told = Syscall.IOCTL.call(s, descriptor, TIOCGWINSZ, s.struct.address()) == 0;
        int columns = told ? Short.toUnsignedInt(s.struct.get(JAVA_SHORT, COLUMNS)) : 0;
        return columns > 0 ? OptionalInt.of(columns) : OptionalInt.empty();
    }
}
