package dev.ninetunnel.fs.filter;

import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.OpenFile;
import java.nio.ByteBuffer;

/** An open directory of a {@link HidingTree}, which lists what is not hidden. */
final class HidingListing implements OpenFile {
    private final HidingTree tree;
    private final OpenFile inner;
    private final boolean anyCase;

    /** Takes over the open directory. In {@code anyCase} a name is hidden by a pattern in other letters, too. */
    HidingListing(HidingTree tree, OpenFile inner, boolean anyCase) {
        this.anyCase = anyCase;
        this.tree = tree;
        this.inner = inner;
    }

    @Override
    public void list(long cookie, Listing listing) throws FsException {
        inner.list(cookie, (name, id, next) -> hides(name) || listing.entry(name, id, next));
    }

    private boolean hides(byte[] name) {
        return anyCase ? tree.hidesInAnyCase(name) : tree.hides(name);
    }

    @Override
    public int read(long offset, ByteBuffer into) throws FsException {
        return inner.read(offset, into);
    }

    @Override
    public int write(long offset, ByteBuffer from) throws FsException {
        return inner.write(offset, from);
    }

    @Override
    public void truncate(long size) throws FsException {
        inner.truncate(size);
    }

    @Override
    public void sync(boolean dataOnly) throws FsException {
        inner.sync(dataOnly);
    }

    @Override
    public boolean lock(Lock lock) throws FsException {
        return inner.lock(lock);
    }

    @Override
    public Lock conflict(Lock lock) throws FsException {
        return inner.conflict(lock);
    }

    @Override
    public void close() {
        inner.close();
    }
}
