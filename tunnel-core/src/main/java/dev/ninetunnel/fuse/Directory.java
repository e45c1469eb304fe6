package dev.ninetunnel.fuse;

import dev.ninetunnel.wire.message.DirectoryEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * An open directory: what the server has told of it and the kernel has not been handed yet, because the kernel's entries are
 * larger. Reads of one open directory come one after the other, unless a program seeks in it; then they start again. Any thread.
 */
final class Directory {
    private final Deque<DirectoryEntry> kept = new ArrayDeque<>();
    private long next;

    /** What is kept behind a cookie, in order; empty if the server has to be asked. */
    synchronized List<DirectoryEntry> from(long cookie) {
        if (cookie != next || cookie == 0) {
            kept.clear();
        }
        return List.copyOf(kept);
    }

    /** The kernel gets the first of these; the others are kept for its next read. */
    synchronized void taken(List<DirectoryEntry> entries, int handedOn) {
        kept.clear();
        kept.addAll(entries.subList(handedOn, entries.size()));
        next = handedOn == 0 ? 0 : entries.get(handedOn - 1).offset();
    }
}
