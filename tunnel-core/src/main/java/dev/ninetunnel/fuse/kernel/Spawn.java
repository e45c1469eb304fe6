package dev.ninetunnel.fuse.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.Native;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;

/**
 * Runs a program that inherits a descriptor (posix_spawn(3)), which Java's own processes do not. Its standard streams are those
 * of this process. Any thread.
 */
final class Spawn {
    private static final MethodHandle POSIX_SPAWN = Native.bind("posix_spawn", JAVA_INT, ADDRESS, ADDRESS, ADDRESS,
            ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle WAITPID = Native.bind("waitpid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    private Spawn() {}

    /**
     * Starts it, and gives the number of the process. What this process has open without close-on-exec, it has open, too.
     *
     * @param command the path of the program first
     */
    static int start(List<String> command, Map<String, String> environment) throws IOException {
        List<String> variables = environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment process = arena.allocate(JAVA_INT);
            int error = (int) POSIX_SPAWN.invokeExact(CallMemory.ofThread().state, process,
                    arena.allocateFrom(command.getFirst()), MemorySegment.NULL, MemorySegment.NULL,
                    strings(arena, command), strings(arena, variables));
            if (error != 0) {
                throw new IOException(command.getFirst() + " cannot be run: " + Errno.of(error).words());
            }
            return process.get(JAVA_INT, 0);
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    /** Waits for its end. Its exit code, or 128 and the signal that ended it. */
    static int await(int process) throws IOException {
        CallMemory s = CallMemory.ofThread();
        try {
            int found;
            do {
                found = Native.result(s, (int) WAITPID.invokeExact(s.state, process, s.struct, 0));
            } while (found == -Errno.EINTR.number());
            if (found < 0) {
                throw new IOException("waitpid: " + Errno.of(-found).words());
            }
            int status = s.struct.get(JAVA_INT, 0);
            int signal = status & 0x7f;
            return signal == 0 ? status >> 8 & 0xff : 128 + signal;
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw Native.fault(t);
        }
    }

    private static MemorySegment strings(Arena arena, List<String> strings) {
        MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
        }
        array.setAtIndex(ADDRESS, strings.size(), MemorySegment.NULL);
        return array;
    }
}
