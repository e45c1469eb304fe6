package dev.ninetunnel.fs.synthetic;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;

/** A synthetic directory that is open. A cookie is an entry's number, counted from 1 with {@code .} and {@code ..}. */
final class SyntheticListing implements OpenFile {
    private static final byte[] SELF = {'.'};
    private static final byte[] ABOVE = {'.', '.'};
    private static final int DOTS = 2;

    private final Item.Directory directory;
    private final Caller caller;
    private final List<Item> entries;

    SyntheticListing(Item.Directory directory, Collection<Item> entries, Caller caller) {
        this.directory = directory;
        this.caller = caller;
        this.entries = List.copyOf(entries);
    }

    @Override
    public void list(long cookie, Listing listing) throws FsException {
        if (cookie < 0) {
            throw new FsException(Errno.EINVAL);
        }
        for (long at = cookie; at < entries.size() + DOTS; at++) {
            if (!offer((int) at, listing)) {
                return;
            }
        }
    }

    private boolean offer(int at, Listing listing) throws FsException {
        Item.Directory above = directory.above() == null ? directory : directory.above();
        return switch (at) {
            case 0 -> listing.entry(SELF, directory.id(), 1);
            case 1 -> listing.entry(ABOVE, above.id(), DOTS);
            default -> {
                Item item = entries.get(at - DOTS);
                yield listing.entry(item.nameBytes(), id(item), at + 1L);
            }
        };
    }

    /** Of a tree that is not to be had just now, the number of the name. */
    private FileId id(Item item) {
        if (item instanceof Item.Mounted m) {
            try (Node top = m.tree().root(caller)) {
                return top.id();
            } catch (FsException _) {
                return m.id();
            }
        }
        return item.id();
    }

    @Override
    public int read(long offset, ByteBuffer into) throws FsException {
        throw new FsException(Errno.EISDIR);
    }

    @Override
    public int write(long offset, ByteBuffer from) throws FsException {
        throw new FsException(Errno.EBADF);
    }

    @Override
    public void truncate(long size) throws FsException {
        throw new FsException(Errno.EINVAL);
    }

    @Override
    public void sync(boolean dataOnly) {
        // It is on no disk.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
