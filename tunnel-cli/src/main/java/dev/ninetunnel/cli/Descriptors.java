package dev.ninetunnel.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The file descriptors of this process (proc(5)). */
public final class Descriptors {
    private static final String KEY = "Max open files";
    private static final int COLUMN = 26;

    private Descriptors() {}

    /** How many more can be opened; very many where that is not told. */
    public static long free() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return limit(Files.readAllLines(Path.of("/proc/self/limits"), StandardCharsets.US_ASCII)) - open.count();
        } catch (IOException _) {
            return Integer.MAX_VALUE;
        }
    }

    /** The soft limit, of what Linux says of a process's limits. */
    static long limit(List<String> limits) {
        return limits.stream().filter(line -> line.startsWith(KEY)).findFirst()
                .map(line -> line.substring(COLUMN).strip().replaceFirst(" .*", ""))
                .filter(soft -> soft.matches("[0-9]+"))
                .map(Long::parseLong).orElse((long) Integer.MAX_VALUE);
    }
}
