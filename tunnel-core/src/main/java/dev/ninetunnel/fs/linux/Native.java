package dev.ninetunnel.fs.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * How functions of the C library are bound. Every handle takes the calling thread's {@link Scratch#state} first, where
 * errno is left; {@link #result} turns the C convention (-1 and errno) into that of the kernel: a negative error
 * number.
 */
final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private Native() {}

    /** How large the memory is that takes errno. */
    static long stateSize() {
        return STATE.byteSize();
    }

    /** Binds a function. */
    static MethodHandle bind(String name, MemoryLayout returned, MemoryLayout... arguments) {
        return bindVariadic(name, -1, returned, arguments);
    }

    /** Binds a function of the form {@code f(a, b, ...)}, of which this many arguments are named. */
    static MethodHandle bindVariadic(String name, int named, MemoryLayout returned, MemoryLayout... arguments) {
        List<Linker.Option> options = new ArrayList<>();
        options.add(Linker.Option.captureCallState("errno"));
        if (named >= 0) {
            options.add(Linker.Option.firstVariadicArg(named));
        }
        MemorySegment function = LINKER.defaultLookup().findOrThrow(name);
        return LINKER.downcallHandle(function, FunctionDescriptor.of(returned, arguments),
                options.toArray(Linker.Option[]::new));
    }

    /** Binds a system call that takes this many arguments, each as a long. */
    static MethodHandle bindSyscall(int arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments + 1];
        java.util.Arrays.fill(layouts, ValueLayout.JAVA_LONG);
        return bindVariadic("syscall", 1, ValueLayout.JAVA_LONG, layouts);
    }

    /** What a call gave, or minus its errno. */
    static int result(Scratch scratch, int returned) {
        return returned == -1 ? -errno(scratch) : returned;
    }

    /** What a call gave, or minus its errno. */
    static long result(Scratch scratch, long returned) {
        return returned == -1 ? -errno(scratch) : returned;
    }

    private static int errno(Scratch scratch) {
        return (int) ERRNO.get(scratch.state, 0L);
    }

    /** For what a handle throws, which is never an answer of the system but a fault of ours. */
    static RuntimeException fault(Throwable thrown) {
        if (thrown instanceof Error e) {
            throw e;
        }
        return thrown instanceof RuntimeException r ? r : new IllegalStateException(thrown);
    }
}
