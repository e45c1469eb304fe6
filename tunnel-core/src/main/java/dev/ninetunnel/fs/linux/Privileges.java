package dev.ninetunnel.fs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gives up the power of root for good. The kernel keeps users, groups and capabilities for each thread; the C library's
 * setgroups(2), setresgid(2) and setresuid(2) have every thread of the process make the call (nptl(7)), those that the Java
 * machine has made of itself, too. Whether they all did is looked up afterwards.
 */
public final class Privileges {
    private static final MethodHandle SETGROUPS = Native.bind("setgroups", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SETRESGID = Native.bind("setresgid", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SETRESUID = Native.bind("setresuid", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String NO_CAPABILITIES = "0000000000000000";

    private Privileges() {}

    /**
     * Makes the process that user's, with these groups and no others. There is no way back. When this throws, some of it may
     * have been done: the process is not to go on.
     *
     * @throws FsException if the kernel refuses
     * @throws IOException if a thread is found that has kept anything, or threads cannot be looked at
     */
    public static void giveUp(Caller.User user) throws IOException {
        Scratch s = Scratch.ofThread();
        try {
            for (int i = 0; i < user.groups().size(); i++) {
                s.block.setAtIndex(JAVA_INT, i, user.groups().get(i));
            }
            require(Native.result(s, (int) SETGROUPS.invokeExact(s.state, (long) user.groups().size(), s.block)));
            int gid = user.gid();
            require(Native.result(s, (int) SETRESGID.invokeExact(s.state, gid, gid, gid)));
            int uid = user.uid();
            require(Native.result(s, (int) SETRESUID.invokeExact(s.state, uid, uid, uid)));
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw Native.fault(t);
        }
        requireGivenUp(user);
    }

    private static void require(int result) throws FsException {
        if (result < 0) {
            throw FsException.of(-result);
        }
    }

    private static void requireGivenUp(Caller.User user) throws IOException {
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
