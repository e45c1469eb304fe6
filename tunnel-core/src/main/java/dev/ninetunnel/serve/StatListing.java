package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;

/**
 * A directory that is open in 9P2000, where its content is a sequence of whole stat records (rule S5): a read begins at 0,
 * or where the last one ended. Safe for use by many threads, though it makes sense for one at a time.
 */
final class StatListing {
    private final Stats stats;
    private final Dialect dialect;
    private long offset;
    private long cookie;

    StatListing(Stats stats, Dialect dialect) {
        this.stats = stats;
        this.dialect = dialect;
    }

    /** Appends records to the buffer, of at most {@code count} bytes in all. */
    synchronized void read(Node directory, OpenFile file, long from, int count, ByteBuf out) throws FsException {
        if (from == 0) {
            offset = 0;
            cookie = 0;
        } else if (from != offset) {
            throw new FsException(Errno.ESPIPE.number(), "bad offset in directory read");
        }
        int start = out.writerIndex();
        file.list(cookie, (name, id, next) -> {
            boolean taken = isDots(name) || append(directory, name, start + count, start, out);
            if (taken) {
                cookie = next;
            }
            return taken;
        });
        offset += out.writerIndex() - start;
    }

    /** The protocol's directories do not list themselves. */
    private static boolean isDots(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }

    private boolean append(Node directory, byte[] name, int limit, int start, ByteBuf out) throws FsException {
        int before = out.writerIndex();
        try (Node entry = directory.walk(name)) {
            stats.of(entry, entry.attributes(), Text.of(name), dialect).write(out);
        } catch (FsException e) {
            // Removed since it was listed, or not to be looked at: then it is not there.
            out.writerIndex(before);
            return true;
        }
        if (out.writerIndex() <= limit) {
            return true;
        }
        out.writerIndex(before);
        if (before == start) {
            throw new FsException(Errno.EINVAL);
        }
        return false;
    }
}
