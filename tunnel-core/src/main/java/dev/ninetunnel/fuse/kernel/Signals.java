package dev.ninetunnel.fuse.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the signals that wait for a thread are going to do to it (signal(7), proc_pid_status(5)). */
public enum Signals {
    /** Its handler runs, or nothing happens, and the program goes on: a timer, a child's end, a window's new size. */
    NONE_THAT_MATTERS,
    /** Somebody asks the program to stop what it does, and it has a handler for that. */
    INTERRUPT,
    /** It ends the program. */
    END;

    private static final long HUP = bit(1);
    private static final long INT = bit(2);
    private static final long QUIT = bit(3);
    private static final long KILL = bit(9);
    private static final long TERM = bit(15);
    /** By default, these do nothing (CHLD, CONT, URG, WINCH) or stop the program for a while (STOP, TSTP, TTIN, TTOU). */
    private static final long HARMLESS = bit(17) | bit(18) | bit(23) | bit(28) | bit(19) | bit(20) | bit(21) | bit(22);
    private static final long REQUESTS_TO_STOP = HUP | INT | QUIT | TERM;

    /**
     * Of a thread by its number in this process's namespace.
     *
     * @param byAny whether any handler is to interrupt it, as for a program that waits for a lock until its alarm
     */
    public static Signals of(int thread, boolean byAny) {
        try {
            return read(Files.readAllLines(Path.of("/proc/" + thread + "/status"), StandardCharsets.ISO_8859_1), byAny);
        } catch (IOException | UncheckedIOException _) {
            return INTERRUPT; // it is not to be seen from here, and may have been ended
        }
    }

    public static Signals read(List<String> status, boolean byAny) {
        long pending = (set(status, "SigPnd:") | set(status, "ShdPnd:")) & ~(set(status, "SigBlk:") & ~KILL);
        long caught = set(status, "SigCgt:");
        if ((pending & ~caught & ~set(status, "SigIgn:") & ~HARMLESS) != 0) {
            return END;
        }
        return (pending & caught & (byAny ? -1 : REQUESTS_TO_STOP)) != 0 ? INTERRUPT : NONE_THAT_MATTERS;
    }

    private static long set(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(name.length()).strip(), 16))
                .findFirst()
                .orElse(0);
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }
}
