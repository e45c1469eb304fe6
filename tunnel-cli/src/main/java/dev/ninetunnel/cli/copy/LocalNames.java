package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Failure;
import dev.ninetunnel.wire.Text;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Names of files as bytes, which they are on the wire and on Unix, and as paths, which Java has of them. A name that is
 * not in the character set of the locale cannot be made from a string, but from a {@code file:} URI it can: there each
 * byte is written as {@code %XX}, and comes out of the path as it went in.
 */
public final class LocalNames {
    private static final boolean BYTES = FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final Path ROOT = Path.of("/");
    private static final String URI_ROOT = "file:///";
    private static final int HEX = 16;
    private static final int HEX_DIGITS = 2;

    private LocalNames() {}

    /**
     * The name that a file of a peer has here: one name, that leads into no other directory.
     *
     * @throws Failure if no file can be called so here
     */
    public static Path name(Text text) {
        try {
            Path name = path(text);
            if (!text.isEmpty() && name.getNameCount() == 1 && name.getRoot() == null && !isDots(text)
                    && text(name).equals(text)) {
                return name;
            }
        } catch (InvalidPathException _) {
            // Below.
        }
        throw new Failure(Failure.CANNOT_CREATE, "no file can be called \"" + text + "\" on this machine");
    }

    private static boolean isDots(Text text) {
        return text.equals(Text.of(".")) || text.equals(Text.of(".."));
    }

    /**
     * The target of a symbolic link, as it is.
     *
     * @throws Failure if it cannot be written here
     */
    static Path target(Text text) {
        try {
            if (!text.isEmpty()) {
                return path(text);
            }
        } catch (InvalidPathException _) {
            // Below.
        }
        throw new Failure(Failure.CANNOT_CREATE, "a link to \"" + text + "\" cannot be made on this machine");
    }

    private static Path path(Text text) {
        byte[] bytes = text.bytes();
        if (!BYTES || isAscii(bytes)) {
            return Path.of(text.utf8());
        }
        boolean absolute = bytes[0] == '/';
        StringBuilder uri = new StringBuilder(URI_ROOT);
        for (byte b : bytes) {
            if (b == 0) {
                throw new InvalidPathException(text.toString(), "a NUL");
            }
            if (b == '/') {
                uri.append('/');
            } else {
                uri.append('%').append(Character.forDigit((b >> 4) & 0xF, HEX))
                        .append(Character.forDigit(b & 0xF, HEX));
            }
        }
        Path path = Path.of(URI.create(uri.toString()));
        return absolute ? path : path.subpath(0, path.getNameCount());
    }

    /** A path of this machine, as the bytes that it consists of. */
    public static Text text(Path path) {
        String shown = path.toString();
        byte[] asString = shown.getBytes(StandardCharsets.UTF_8);
        if (!BYTES || isAscii(asString)) {
            return Text.of(asString);
        }
        byte[] full = unescaped(ROOT.resolve(path).toUri().getRawPath());
        int from = path.isAbsolute() ? 0 : 1;
        // The URI of what happens to be a directory ends with a slash.
        int to = full[full.length - 1] == '/' && !shown.endsWith("/") ? full.length - 1 : full.length;
        return Text.of(Arrays.copyOfRange(full, from, to));
    }

    private static byte[] unescaped(String uriPath) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(uriPath.length());
        for (int i = 0; i < uriPath.length(); i++) {
            char c = uriPath.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(uriPath, i + 1, i + 1 + HEX_DIGITS, HEX));
                i += HEX_DIGITS;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
