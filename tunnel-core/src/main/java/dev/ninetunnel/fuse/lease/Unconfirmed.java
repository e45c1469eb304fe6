package dev.ninetunnel.fuse.lease;

/**
 * Whether all that was written by an open file is with its server. An endpoint answers writes before that (docs/protocol.md, "For local
 * clients"), and a write of no bytes when it is so. If the conversation is lost before, so may be what was written. Any thread.
 */
public final class Unconfirmed {
    private Object conversation;
    private long written;
    private long confirmed;
    private boolean asking;
    private boolean lost;

    /** Something was written in this conversation. */
    public synchronized void wrote(Object in) {
        conversation = in;
        written++;
    }

    /** How much was written, to be told to {@link #confirmed} when the server has said that it has it. */
    public synchronized long written() {
        return written;
    }

    /** Whether there is anything to be asked about. */
    public synchronized boolean isAny() {
        return written > confirmed;
    }

    /** The server has all that had been written by then. */
    public synchronized void confirmed(long upTo) {
        confirmed = Math.max(confirmed, upTo);
    }

    /** Whether to ask now: something was written, and nobody asks yet. Then the caller does, and says {@link #asked}. */
    public synchronized boolean beginToAsk() {
        boolean may = !asking && written > confirmed;
        asking |= may;
        return may;
    }

    /** The answer has come, or will not. */
    public synchronized void asked() {
        asking = false;
    }

    /** Whether something may be lost that was written: for ever, once it is so. */
    public synchronized boolean isLost(Object now) {
        lost |= written > confirmed && !conversation.equals(now);
        return lost;
    }
}
