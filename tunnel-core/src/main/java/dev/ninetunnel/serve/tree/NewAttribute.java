package dev.ninetunnel.serve.tree;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.wire.Text;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** An extended attribute's value on its way: announced by Txattrcreate, filled by Twrite, set by Tclunk (rule S9). */
final class NewAttribute {
    /** The largest value that Linux takes, in bytes (XATTR_SIZE_MAX). */
    static final int LARGEST = 65536;

    private final Text name;
    private final Node.SetMode mode;
    private final int size;
    private byte[] value = new byte[0];
    private int written;

    NewAttribute(Text name, int size, Node.SetMode mode) {
        this.name = name;
        this.size = size;
        this.mode = mode;
    }

    /** The attribute's. */
    Text name() {
        return name;
    }

    /** Takes a part of the value, which begins where an earlier one ended, or before. Returns its length. */
    synchronized int write(long offset, ByteBuffer from) throws FsException {
        int count = from.remaining();
        if (offset < 0 || offset > written || offset + count > size) {
            throw new FsException(Errno.EINVAL);
        }
        int end = (int) offset + count;
        if (end > value.length) {
            value = Arrays.copyOf(value, Math.min(size, Math.max(end, 2 * value.length)));
        }
        from.get(value, (int) offset, count);
        written = Math.max(written, end);
        return count;
    }

    /** Sets it, or removes it if its size is 0. */
    synchronized void apply(Node node) throws FsException {
        if (size == 0) {
            node.removeAttribute(name.bytes());
        } else if (written < size) {
            throw new FsException(Errno.EINVAL);
        } else {
            node.setAttribute(name.bytes(), value, mode);
        }
    }
}
