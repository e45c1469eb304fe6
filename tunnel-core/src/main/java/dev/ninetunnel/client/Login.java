package dev.ninetunnel.client;

import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who attaches, and to what (attach(5)).
 *
 * @param uname the user's name
 * @param uid the user's number, sent in 9P2000.L only
 * @param gid the group that new files get, sent in 9P2000.L only
 * @param aname the tree; empty for the server's own choice
 */
public record Login(Text uname, int uid, int gid, Text aname) {
    /** The user that this process runs as. */
    public static Login ofThisProcess(Text aname) {
        try {
            Path self = Path.of("/proc/self");
            return new Login(Text.of(System.getProperty("user.name")), (Integer) Files.getAttribute(self, "unix:uid"),
                    (Integer) Files.getAttribute(self, "unix:gid"), aname);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
