package dev.ninetunnel.fs.portable;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names as bytes on one side, as java.nio's strings on the other. What is not UTF-8 cannot be a name here (EINVAL). */
final class Names {
    private Names() {}

    /** The path of an entry of a directory; what cannot be one element of a path is the error given. */
    static Path child(Path directory, byte[] name, Errno otherwise) throws FsException {
        String text = text(name);
        if (text.isEmpty() || text.equals(".") || text.equals("..") || text.indexOf('/') >= 0
                || text.indexOf('\0') >= 0) {
            throw new FsException(otherwise);
        }
        try {
            Path child = directory.resolve(text);
            // What this system takes for a separator or a drive is not one element either.
            if (!directory.equals(child.getParent()) || !text.equals(child.getFileName().toString())) {
                throw new FsException(Errno.EINVAL);
            }
            return child;
        } catch (InvalidPathException _) {
            throw new FsException(Errno.EINVAL);
        }
    }

    static String text(byte[] bytes) throws FsException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw new FsException(Errno.EINVAL);
        }
    }

    static byte[] bytes(Path element) {
        return element.toString().getBytes(StandardCharsets.UTF_8);
    }
}
