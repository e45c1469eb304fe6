package dev.ninetunnel.fuse;

import dev.ninetunnel.client.DialectOps.DirectoryPart;
import dev.ninetunnel.fuse.Handle.OpenFid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * An open directory: what the server has told of it and the kernel may ask for, because the kernel's entries are larger, and because
 * servers of 9P2000 can be asked only to go on, or to begin again. Any thread; the kernel asks one thing at a time.
 */
final class Directory {
    private static final Text DOT = Text.of(".");
    private static final Text DOTS = Text.of("..");

    private final Inode inode;
    private final boolean resumes;
    private final List<DirectoryEntry> kept = new ArrayList<>();
    /** The cookie behind which the first one that is kept stands, where the server resumes. */
    private long keptFrom;
    /** Where the server has to go on, where it does not. */
    private long next;
    private OpenFid readBy;

    /** @param resumes whether the server goes on behind any entry; else the dots are not listed either */
    Directory(Inode inode, boolean resumes) {
        this.inode = inode;
        this.resumes = resumes;
    }

    boolean resumes() {
        return resumes;
    }

    /** The kernel asks for what is behind a cookie: that of an entry, or 0. */
    synchronized void seek(long cookie, OpenFid open) {
        if (resumes) {
            if (cookie != keptFrom || cookie == 0) {
                kept.clear();
                keptFrom = cookie;
            }
        } else if (cookie == 0 || !open.equals(readBy)) {
            begin(open);
        }
    }

    /** What is kept behind that cookie, in order; empty if the server has to be asked. */
    synchronized List<DirectoryEntry> behind(long cookie) {
        int from = 0;
        while (!resumes && from < kept.size() && kept.get(from).offset() <= cookie) {
            from++;
        }
        return List.copyOf(kept.subList(from, kept.size()));
    }

    private void begin(OpenFid open) {
        readBy = open;
        next = 0;
        kept.clear();
        Inode.Place place = inode.place();
        kept.add(new DirectoryEntry(inode.qid(), 1, DirectoryEntry.DIRECTORY, DOT));
        kept.add(new DirectoryEntry(place == null ? inode.qid() : place.directory().qid(), 2, DirectoryEntry.DIRECTORY,
                DOTS));
    }

    /** Where the server is to go on for what is behind a cookie. */
    synchronized long next(long cookie) {
        return resumes ? cookie : next;
    }

    /** The server has told more. */
    synchronized void read(DirectoryPart part) {
        kept.addAll(part.entries());
        next = part.next();
    }

    /** The kernel gets the first of these; the others are kept for its next read. */
    synchronized void taken(List<DirectoryEntry> entries, int handedOn) {
        if (resumes) {
            kept.clear();
            kept.addAll(entries.subList(handedOn, entries.size()));
            keptFrom = handedOn == 0 ? 0 : entries.get(handedOn - 1).offset();
        }
    }
}
