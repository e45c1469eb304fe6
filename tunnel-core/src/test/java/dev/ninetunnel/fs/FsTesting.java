package dev.ninetunnel.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ninetunnel.errno.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Words for tests of trees. */
public final class FsTesting {
    /** Made anew, or an error. */
    public static final OpenHow NEW = new OpenHow(OpenHow.Access.READ_WRITE, false, false, true, false, false);
    /** Every write to the end. */
    public static final OpenHow APPEND = new OpenHow(OpenHow.Access.WRITE, true, false, false, false, false);

    private FsTesting() {}

    public static byte[] bytes(String s) {
        return s.getBytes(UTF_8);
    }

    public static String text(byte[] b) {
        return new String(b, UTF_8);
    }

    /** That a call fails with this error. */
    public static void fails(Errno errno, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("should fail with %s", errno).isInstanceOf(FsException.class);
        assertThat(Errno.of(((FsException) thrown).number())).isEqualTo(errno);
    }

    /** Makes a file with this content. */
    public static Node file(Node directory, String name, String content) throws FsException {
        Node.Created made = directory.create(bytes(name), NEW, 0644, -1);
        try (OpenFile file = made.file()) {
            write(file, 0, content);
        }
        return made.node();
    }

    public static int write(OpenFile file, long offset, String content) throws FsException {
        return file.write(offset, ByteBuffer.wrap(bytes(content)));
    }

    public static String read(OpenFile file, long offset, int length) throws FsException {
        ByteBuffer into = ByteBuffer.allocate(length);
        file.read(offset, into);
        return text(java.util.Arrays.copyOf(into.array(), into.position()));
    }

    /** The content of a file, up to 100 bytes. */
    public static String content(Node node) throws FsException {
        try (OpenFile file = node.open(OpenHow.READ)) {
            return read(file, 0, 100);
        }
    }

    /** An entry as it was listed. */
    public record Listed(String name, FileId id, long cookie) {}

    /** At most so many entries from behind a cookie; the next one is refused. */
    public static List<Listed> list(OpenFile directory, long cookie, int most) throws FsException {
        List<Listed> all = new ArrayList<>();
        directory.list(cookie, (name, id, next) -> all.size() < most && all.add(new Listed(text(name), id, next)));
        return all;
    }

    /** The names in a directory but for the dots, in any order. */
    public static List<String> names(Node directory) throws FsException {
        try (OpenFile open = directory.open(OpenHow.READ)) {
            return list(open, 0, Integer.MAX_VALUE).stream().map(Listed::name).filter(n -> !n.matches("\\.\\.?"))
                    .toList();
        }
    }
}
