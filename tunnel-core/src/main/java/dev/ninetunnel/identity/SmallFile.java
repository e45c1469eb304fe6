package dev.ninetunnel.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that are read whole: settings, lists, keys, certificates. No more than a bound is ever taken into memory, whatever
 * the file's size claims, and nothing is read from a pipe or a device, which may have no end and would be another thing
 * when it is read again. Any thread may call.
 */
public final class SmallFile {
    private static final int MEBI = 20;
    private static final int KIBI = 10;
    private static final Set<PosixFilePermission> WRITERS = PosixFilePermissions.fromString("----w--w-");

    private SmallFile() {}

    /**
     * What a file holds.
     *
     * @param most bytes, from 1
     * @throws IOException with a message for people if it holds more, or is no regular file; else as of
     *     {@link Files#newInputStream}
     */
    public static byte[] bytes(Path file, int most) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("it is " + (Files.isDirectory(file) ? "a directory" : "a pipe, a device or a socket")
                    + ", and a regular file is wanted");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most);
            if (bytes.length == most && in.read() >= 0) {
                throw new IOException("it is larger than " + shown(most) + ", and no file of its kind has so much");
            }
            return bytes;
        }
    }

    /** The same, as text, which must be UTF-8. */
    public static String text(Path file, int most) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(file, most))).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("it is no text in UTF-8", e);
        }
    }

    /**
     * Whether somebody else than the owner may change it, so that it cannot be believed: false where files have no such
     * modes.
     */
    public static boolean changeableByOthers(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view != null && view.readAttributes().permissions().stream().anyMatch(WRITERS::contains);
    }

    /** What went wrong with a file that has been named, for people. */
    public static String why(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "this user may not read it";
            case NoSuchFileException _ -> "it is not there";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage() == null ? "it cannot be used" : e.getMessage();
        };
    }

    private static String shown(int bytes) {
        return bytes >= 1 << MEBI ? (bytes >> MEBI) + " MiB" : (bytes >> KIBI) + " KiB";
    }
}
