package dev.ninetunnel.link.dial;

import dev.ninetunnel.identity.SmallFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/**
 * A name and a password for a proxy. They come from a file that only its owner can read, or from the environment; never from
 * the command line, which every user of a machine can see.
 */
public record ProxyCredentials(String user, String password) {
    private static final int LARGEST_FILE = 4096;
    private static final Set<PosixFilePermission> OTHERS = Set.of(PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    /** Throws {@link IllegalArgumentException}, with a message for people, if no proxy could take them. */
    public ProxyCredentials {
        if (user.isEmpty() || user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a user's name for a proxy has a letter at least, and no colon");
        }
        if ((user + password).chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a name and a password for a proxy hold no control characters");
        }
    }

    /**
     * Reads {@code USER:PASSWORD} from the only line of a file.
     *
     * @throws IOException with a message for people, if it cannot be read, or others can read it too
     */
    public static ProxyCredentials read(Path file) throws IOException {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new IOException(file + " holds a password, and others can read or write it: run  chmod 600 "
                        + file);
            }
            List<String> lines = lines(file);
            int colon = lines.size() == 1 ? lines.getFirst().indexOf(':') : -1;
            if (colon <= 0) {
                throw new IOException(file + " is to hold one line, USER:PASSWORD");
            }
            return new ProxyCredentials(lines.getFirst().substring(0, colon), lines.getFirst().substring(colon + 1));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file + ": make one with the line USER:PASSWORD and mode 0600",
                    e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return SmallFile.text(file, LARGEST_FILE).lines().toList();
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + " is to hold one line, USER:PASSWORD, but " + e.getMessage(), e);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user + ":***";
    }
}
