package dev.ninetunnel.cli.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which permissions a new file does not get (umask(2)), where it has none of its own to keep. */
public final class Umask {
    private static final int USUAL = 022;
    private static final String KEY = "Umask:";

    private Umask() {}

    /** These permissions, less what this process's umask takes. */
    public static int applied(int permissions) {
        return permissions & ~current();
    }

    private static int current() {
        try {
            return of(Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1));
        } catch (IOException _) {
            return USUAL;
        }
    }

    /** By what Linux says of a process (proc(5)). */
    public static int of(List<String> status) {
        return status.stream().filter(line -> line.startsWith(KEY)).findFirst()
                .map(line -> Integer.parseInt(line.substring(KEY.length()).trim(), 8)).orElse(USUAL);
    }
}
