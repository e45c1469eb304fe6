package dev.ninetunnel.serve.tree;

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

    /**
     * Appends records to the buffer, of at most {@code count} bytes in all. None if not even one fits that follows earlier
     * ones: Linux fills its buffer with one Tread after the other until there comes nothing or an error, the last one
     * for whatever room is left ({@code p9_client_read}), and then goes on with a new buffer.
     *
     * @throws FsException EINVAL if the count has no room for the first record of all
     */
    synchronized void read(Node directory, OpenFile file, long from, int count, ByteBuf out) throws FsException {
        if (from != 0 && from != offset) {
            throw new FsException(Errno.ESPIPE.number(), "bad offset in directory read");
        }
        int start = out.writerIndex();
        long[] behind = {from == 0 ? 0 : cookie};
        boolean[] full = {false};
        file.list(behind[0], (name, id, next) -> {
            full[0] = !isDots(name) && !append(directory, name, start + count, out);
            if (!full[0]) {
                behind[0] = next;
            }
            return !full[0];
        });
        if (from == 0 && full[0] && out.writerIndex() == start) {
            throw new FsException(Errno.EINVAL);
        }
        cookie = behind[0];
        offset = from + out.writerIndex() - start;
    }

    /** The protocol's directories do not list themselves. */
    private static boolean isDots(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }

    /** Whether the entry fitted, or is none any more. */
    private boolean append(Node directory, byte[] name, int limit, ByteBuf out) throws FsException {
        int before = out.writerIndex();
        try (Node entry = directory.walk(name)) {
            stats.of(entry, entry.attributes(), Text.of(name), dialect).write(out);
        } catch (FsException e) {
            out.writerIndex(before);
            if (e.number() == Errno.ENFILE.number() || e.number() == Errno.ENOMEM.number()) {
                throw e; // it is there, and a list without it would be wrong
            }
            // Removed since it was listed, or not to be looked at: then it is not there.
            return true;
        }
        if (out.writerIndex() <= limit) {
            return true;
        }
        out.writerIndex(before);
        return false;
    }
}
