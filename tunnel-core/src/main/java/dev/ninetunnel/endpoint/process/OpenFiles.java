package dev.ninetunnel.endpoint.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many descriptors this process may have, where the system tells (proc_pid_limits(5)). */
public final class OpenFiles {
    private static final Pattern SOFT_LIMIT = Pattern.compile("Max open files\\s+(\\d+)\\b.*");

    private OpenFiles() {}

    /** The limit that holds now; {@link Long#MAX_VALUE} if there is none, or none that is told. */
    public static long most() {
        try {
            return most(Files.readAllLines(Path.of("/proc/self/limits")));
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    static long most(List<String> limits) {
        return limits.stream().map(SOFT_LIMIT::matcher).filter(Matcher::matches)
                .mapToLong(m -> Long.parseLong(m.group(1))).findFirst().orElse(Long.MAX_VALUE);
    }
}
