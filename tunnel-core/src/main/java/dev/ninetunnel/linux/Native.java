package dev.ninetunnel.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * How functions of the C library are bound. Every handle takes the calling thread's {@link CallMemory#state} first, where
 * errno is left; {@link #result} turns the C convention (-1 and errno) into that of the kernel: a negative error
 * number.
 */
public final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** As many as the kernel takes. */
    private static final int SYSCALL_ARGUMENTS = 6;

    private Native() {}

    /** How large the memory is that takes errno. */
    static long stateSize() {
        return STATE.byteSize();
    }

    /** Binds a function. */
    public static MethodHandle bind(String name, MemoryLayout returned, MemoryLayout... arguments) {
        return bind(name, FunctionDescriptor.of(returned, arguments), Linker.Option.captureCallState("errno"));
    }

    /** Binds the C library's syscall(2) for all system calls: with six arguments, each as a long. */
    static MethodHandle bindSyscall() {
        MemoryLayout[] longs = new MemoryLayout[1 + SYSCALL_ARGUMENTS];
        Arrays.fill(longs, ValueLayout.JAVA_LONG);
        return bind("syscall", FunctionDescriptor.of(ValueLayout.JAVA_LONG, longs),
                Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(1));
    }

    private static MethodHandle bind(String name, FunctionDescriptor shape, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
    }

    /** What a call gave, or minus its errno. */
    public static int result(CallMemory callMemory, int returned) {
        return returned == -1 ? -errno(callMemory) : returned;
    }

    /** What a call gave, or minus its errno. */
    static long result(CallMemory callMemory, long returned) {
        return returned == -1 ? -errno(callMemory) : returned;
    }

    private static int errno(CallMemory callMemory) {
        return (int) ERRNO.get(callMemory.state, 0L);
    }

    /** For what a handle throws, which is never an answer of the system but a fault of ours. */
    public static RuntimeException fault(Throwable thrown) {
        if (thrown instanceof Error e) {
            throw e;
        }
        return thrown instanceof RuntimeException r ? r : new IllegalStateException(thrown);
    }
}
