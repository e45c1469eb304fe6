package dev.ninetunnel.fs.portable;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;

/**
 * Extended attributes of users, which java.nio knows without Linux's prefix {@code user.}; there are no others here.
 */
final class UserAttributes {
    private static final String PREFIX = "user.";

    private final UserDefinedFileAttributeView view;

    private UserAttributes(UserDefinedFileAttributeView view) {
        this.view = view;
    }

    static UserAttributes of(Path path) throws FsException {
        UserDefinedFileAttributeView view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class,
                LinkOption.NOFOLLOW_LINKS);
        if (view == null || Files.isSymbolicLink(path)) {
            throw new FsException(Errno.EOPNOTSUPP);
        }
        return new UserAttributes(view);
    }

    byte[] get(byte[] name) throws FsException {
        String key = key(name);
        present(key);
        return Failures.translate(() -> {
            ByteBuffer value = ByteBuffer.allocate(view.size(key));
            view.read(key, value);
            return value.array();
        });
    }

    byte[] names() throws FsException {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String key : keys()) {
            names.writeBytes((PREFIX + key + '\0').getBytes(StandardCharsets.UTF_8));
        }
        return names.toByteArray();
    }

    void set(byte[] name, byte[] value, Node.SetMode mode) throws FsException {
        String key = key(name);
        switch (mode) {
            case ANY -> {}
            case REPLACE -> present(key);
            case CREATE -> {
                if (keys().contains(key)) {
                    throw new FsException(Errno.EEXIST);
                }
            }
        }
        Failures.translate(() -> view.write(key, ByteBuffer.wrap(value)));
    }

    void remove(byte[] name) throws FsException {
        String key = key(name);
        present(key);
        Failures.translate(() -> {
            view.delete(key);
            return null;
        });
    }

    private void present(String key) throws FsException {
        if (!keys().contains(key)) {
            throw new FsException(Errno.ENODATA);
        }
    }

    private List<String> keys() throws FsException {
        return Failures.translate(view::list);
    }

    private static String key(byte[] name) throws FsException {
        String text = Names.text(name);
        if (!text.startsWith(PREFIX) || text.length() == PREFIX.length()) {
            throw new FsException(Errno.EOPNOTSUPP);
        }
        return text.substring(PREFIX.length());
    }
}
