package dev.ninetunnel.benchmarks;

/** Options of the processes that measure: those of the launcher {@code ninetunnel}, as far as they matter here. */
public final class Jvm {
    /** For system calls. */
    public static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    /** For Netty's buffers. */
    public static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";
    /** Netty looks at no buffer for whether it leaks. */
    public static final String LEAKS = "-Dio.netty.leakDetection.level=disabled";
    /** The collector. */
    public static final String COLLECTOR = "-XX:+UseSerialGC";

    private Jvm() {}
}
