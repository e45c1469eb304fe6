package dev.ninetunnel.client;

import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Who attaches, and to what (attach(5)).
 *
 * @param uname the user's name
 * @param uid the user's number, sent in 9P2000.L only
 * @param gid the group that new files get, sent in 9P2000.L only
 * @param aname the tree; empty for the server's own choice
 */
public record Login(Text uname, int uid, int gid, Text aname) {
    /** What stands for "no number" in 9P2000.L ({@code V9FS_NONUNAME}): the name alone counts. */
    private static final int NO_NUMBER = ~0;

    /** Whether the user's number is known. */
    public boolean hasNumber() {
        return uid != NO_NUMBER;
    }

    /** The user that this process runs as. */
    public static Login ofThisProcess(Text aname) {
        Text uname = Text.of(System.getProperty("user.name"));
        // Java does not tell the numbers. Linux gives a process's own directory to its user; elsewhere the home will do.
        for (Path own : List.of(Path.of("/proc/self"), Path.of(System.getProperty("user.home")))) {
            try {
                return new Login(uname, (Integer) Files.getAttribute(own, "unix:uid"),
                        (Integer) Files.getAttribute(own, "unix:gid"), aname);
            } catch (IOException | UnsupportedOperationException _) {
                // The next one may do.
            }
        }
        return new Login(uname, NO_NUMBER, NO_NUMBER, aname);
    }
}
