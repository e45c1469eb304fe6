package dev.ninetunnel.cache;

import dev.ninetunnel.cache.behind.Writer;
import dev.ninetunnel.cache.known.Listing;
import dev.ninetunnel.cache.known.ReadOnly;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import java.util.List;

/** A fid of a local client. It exists at the far side ({@link #far}), or here only: then it is {@link #steps} from {@link #base}. */
final class LocalFid implements Writer {
    /** One name on the way from the base, and the lease by which it was known. */
    record Step(Lease directory, Text name) {}

    /** What {@link #flags} is before it is opened. */
    static final int NOT_OPEN = -1;

    final CachedClient client;
    /** Null until it is known. */
    Qid qid;
    /** By which it was found; shared with others that were, through the same attach. */
    Name name = new Name(null, null);
    FarFid far;
    FarFid base;
    /** The fid that it is a copy of; or null. */
    LocalFid original;
    List<Step> steps = List.of();
    /** The local client has it no more. */
    boolean isOver;
    /** The last name by which it was found; null if that is not known. */
    Step at;
    int flags = NOT_OPEN;
    /** The leases by which it was opened here, while it is open here only. */
    List<Lease> readerOf = List.of();
    /** Of a directory: what is being read from here. */
    Listing listing;
    /** Of a directory: what has asked for it at once, for this or others; or null. */
    DirectoryLoad load;
    /** Of a directory: what the far side is telling. */
    Listing reading;
    /** By which that is being told, and how often it had forgotten what it knew. */
    Lease readingBy;
    int readingSince;
    /** It stands for an extended attribute that is written when it is clunked. */
    boolean writesAttribute;
    /** Locks may be held by it, so that its end is to be awaited. */
    boolean locks;
    /** Requests that wait here and must not be overtaken by others on this fid. */
    int waiting;
    /** The offset at which a next read would be sequential, and how many have been so, one at a time. */
    long next;
    int sequential;
    /** Reads that the far side has not answered. */
    int reads;
    boolean mayReadAhead = true;
    /** Requests that had to wait behind others on it, since that was last looked at. */
    int heldBack;
    /** Its attributes, while they are on their way with the walk that makes it; or null. */
    AttributesAlong along;
    /** Null while nothing is read ahead. */
    ReadAhead ahead;

    /** What went wrong with what was written behind by it, which it is told from now on; or 0. */
    int writeError;
    private boolean isToldOfWrites;
    /** What went wrong with what was written behind to its file by others, while it was open, and is to be told by an fsync; or 0. */
    private int othersError;
    /** How many writes behind have been sent by it, and how many of those the far side has answered, in their order. */
    long sentBehind;
    long doneBehind;

    LocalFid(CachedClient client) {
        this.client = client;
    }

    /** On the file, through the attach that the fid comes from; or null. */
    Lease lease() {
        return name.lease;
    }

    /** Makes it at the far side, if it exists or is open here only. */
    void makeFar() {
        client.makeFar(this);
    }

    boolean isOpen() {
        return flags != NOT_OPEN;
    }

    /** Whether it is a file that is open for writing. */
    boolean writes() {
        return isOpen() && (flags & ReadOnly.ACCESS) != 0 && (flags & ReadOnly.ACCESS) != ReadOnly.ACCESS;
    }

    /** Whether it is open, and only here. */
    boolean isOpenHere() {
        return isOpen() && (far == null || !far.opened);
    }

    /** Whether it cannot be used at the far side: it came to nothing when it was made there late. */
    boolean isStale() {
        return fault() != null;
    }

    /** Why it cannot be used there; null if it can. */
    Errno fault() {
        return far == null ? null : far.fault();
    }

    /** Whether the answer is to come that tells what it stands for. */
    boolean isUnknown() {
        return qid == null && far != null && !far.bound && !far.failed && !far.ended;
    }

    // ---- what is written behind

    @Override
    public void failed(int errno) {
        writeError = writeError == 0 ? errno : writeError;
    }

    @Override
    public String name() {
        return at == null ? "a file" : at.name().toString();
    }

    /** The program is told. */
    int tellWriteError() {
        isToldOfWrites = true;
        return writeError;
    }

    /** What was written behind by another fid of its file was not carried out. */
    void othersFailed(int errno) {
        othersError = writeError == 0 ? errno : 0;
    }

    /** That is told, once, as each open file is told by fsync(2). 0 if there is nothing to tell. */
    int tellOthersError() {
        int told = othersError;
        othersError = 0;
        return told;
    }

    /** What it was not told, or 0. */
    int untoldWriteError() {
        return isToldOfWrites ? 0 : writeError;
    }

    /** It stands for another file from here on; null if it is not known for which. */
    void become(Qid other) {
        qid = other;
        name = new Name(other, null);
    }

    /** A reply about it has brought a lease, which is to be kept. */
    Lease adopt(Holder holder, int got, long number) {
        Inode inode = holder.inode(qid.path());
        inode.isFile = !qid.isDirectory();
        name.lease = holder.granted(number, inode, got);
        return name.lease;
    }
}
