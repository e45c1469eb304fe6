package dev.ninetunnel.mux;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The file of a unix socket: who may put one there, how it gets its mode, and who may take it away.
 *
 * <p>bind(2) makes the file with a mode that depends on the umask of the process, which cannot be changed for one
 * thread. So the socket is bound inside a fresh folder of mode 0700 beside the place where it is to be, gets mode
 * 0600 there, and only then is renamed to its name: at no time can somebody else connect. The rename also replaces a
 * stale file in one step. The path in that folder is no longer than the final one, so that a path of the greatest
 * length still works, if the file's own name has 4 bytes or more.
 */
final class LocalSocketFile {
    /** Of {@code sun_path} in unix(7), without its final zero byte. */
    private static final int MAX_PATH_BYTES = 107;
    private static final String BIND_NAME = "s";
    private static final int MAX_LETTERS = 8;
    private static final int ATTEMPTS = 100;
    private static final int TYPE_MASK = 0xF000;
    private static final int SOCKET = 0xC000;

    private final Path path;
    private final Path folder;
    private Object key;

    private LocalSocketFile(Path path, Path folder) {
        this.path = path;
        this.folder = folder;
    }

    /** Makes sure that a socket may be put there, and makes the folder to bind it in. */
    static LocalSocketFile prepare(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        checkLength(absolute);
        Path parent = absolute.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new IOException("cannot make the socket " + absolute + ": there is no folder " + parent
                    + ": create it, or choose another path");
        }
        checkFree(absolute);
        LocalSocketFile file = new LocalSocketFile(absolute, privateFolder(absolute, parent));
        try {
            checkLength(file.bindPath());
        } catch (IOException e) {
            file.tidy();
            throw e;
        }
        return file;
    }

    private static void checkLength(Path path) throws IOException {
        int bytes = path.toString().getBytes(nativeCharset()).length;
        if (bytes > MAX_PATH_BYTES) {
            throw new IOException("the socket path " + path + " has " + bytes + " bytes, and a unix socket's path has "
                    + MAX_PATH_BYTES + " at most: choose a shorter one");
        }
    }

    private static Charset nativeCharset() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }

    private static void checkFree(Path path) throws IOException {
        int mode;
        try {
            mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if ((mode & TYPE_MASK) != SOCKET) {
            throw new IOException(path + " is there already, and is no socket: it is left alone; choose another path, "
                    + "or remove it");
        }
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException("the socket " + path + " is taken by a running endpoint"
                    + (probe.isConnected() ? "" : ", it seems") + ": stop that one, or choose another path");
        } catch (ConnectException stale) {
            // Its listener has gone: publish() replaces it.
        } catch (SocketException e) {
            throw new IOException("there is a socket " + path + " already, and whether it is in use cannot be found out"
                    + " (" + e.getMessage() + "): choose another path, or remove it", e);
        }
    }

    /**
     * A new folder with a name that no other process has: not even one who closes a socket that was bound under the same
     * path, which makes Netty delete whatever is there.
     */
    private static Path privateFolder(Path path, Path parent) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        int letters = Math.clamp(path.getFileName().toString().length() - BIND_NAME.length() - 2, 1, MAX_LETTERS);
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return Files.createDirectory(parent.resolve("." + randomLetters(letters)), ownerOnly);
            } catch (FileAlreadyExistsException e) {
                // Another name, then.
            } catch (IOException e) {
                throw new IOException(
                        "cannot make the socket " + path + ": " + parent + " does not let this user create"
                                + " files there: choose another path",
                        e);
            }
        }
        throw new IOException("cannot make the socket " + path + ": " + parent + " holds the remains of many failed"
                + " starts: remove its folders whose names are a dot and some letters");
    }

    private static String randomLetters(int n) {
        StringBuilder letters = new StringBuilder(n);
        for (int i = 0; i < n; i++) {
            letters.append((char) ThreadLocalRandom.current().nextInt('a', 'z' + 1));
        }
        return letters.toString();
    }

    /** Where it is to be in the end. */
    Path path() {
        return path;
    }

    /** Where it is to be bound. */
    Path bindPath() {
        return folder.resolve(BIND_NAME);
    }

    /** The socket is bound, and listens: gives it its mode and its name. */
    void publish() throws IOException {
        Files.setPosixFilePermissions(bindPath(), PosixFilePermissions.fromString("rw-------"));
        key = key(bindPath());
        Files.move(bindPath(), path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes what was only needed for binding. */
    void tidy() throws IOException {
        Files.deleteIfExists(bindPath());
        Files.deleteIfExists(folder);
    }

    /** Whether there is nothing any more where it was published. */
    boolean isGone() {
        return Files.notExists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes the socket file, if it is the one that was published and not a later one of the same name. */
    void remove() {
        try {
            if (Objects.equals(key, key(path))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // Gone already, or out of reach: the next endpoint to start sees that no process listens, and replaces it.
        }
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }
}
