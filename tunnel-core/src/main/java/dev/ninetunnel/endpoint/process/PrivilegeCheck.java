package dev.ninetunnel.endpoint.process;

import dev.ninetunnel.fs.Caller;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the threads of this process could still do that a user cannot, as the kernel tells it (proc_pid_status(5)). */
final class PrivilegeCheck {
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String NO_CAPABILITIES = "0000000000000000";

    private PrivilegeCheck() {}

    /**
     * Looks at every thread.
     *
     * @throws IOException if one has kept anything, or cannot be looked at
     */
    static void requireNone(Caller.User user) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                try {
                    requireGivenUp(user, thread, Files.readAllLines(thread.resolve("status")));
                } catch (NoSuchFileException ended) {
                    // It has nothing any more.
                }
            }
        }
    }

    private static void requireGivenUp(Caller.User user, Path thread, List<String> status) throws IOException {
        String uid = Integer.toUnsignedString(user.uid());
        String gid = Integer.toUnsignedString(user.gid());
        requireLine(thread, status, "Uid:", String.join("\t", uid, uid, uid, uid));
        requireLine(thread, status, "Gid:", String.join("\t", gid, gid, gid, gid));
        requireGroups(user, thread, status);
        if (user.uid() != 0) {
            requireLine(thread, status, "CapPrm:", NO_CAPABILITIES);
            requireLine(thread, status, "CapEff:", NO_CAPABILITIES);
        }
    }

    private static void requireGroups(Caller.User user, Path thread, List<String> status) throws IOException {
        Set<String> wanted = user.groups().stream().map(Integer::toUnsignedString).collect(Collectors.toSet());
        for (String line : status) {
            if (line.startsWith("Groups:")) {
                String[] groups = line.substring("Groups:".length()).strip().split(" ", -1);
                if (!wanted.equals(Stream.of(groups).filter(g -> !g.isEmpty()).collect(Collectors.toSet()))) {
                    throw new IOException("thread " + thread.getFileName() + " has kept groups: " + line);
                }
            }
        }
    }

    private static void requireLine(Path thread, List<String> status, String key, String value) throws IOException {
        if (!status.contains(key + "\t" + value)) {
            throw new IOException("thread " + thread.getFileName() + " has kept power: "
                    + status.stream().filter(line -> line.startsWith(key)).findFirst().orElse("no " + key));
        }
    }
}
