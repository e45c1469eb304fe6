package dev.ninetunnel.serve;

import dev.ninetunnel.wire.Frame;

/**
 * What one conversation may use.
 *
 * @param msize the largest message that is agreed to, in bytes, at least {@value Frame#MIN_MSIZE}
 * @param heldBytes requests that wait and replies that could not be sent yet, in bytes, before reading pauses
 * @param replyBytes replies that could not be sent yet, or that the far side may lack, in bytes, before no more are made
 * @param fids how many may be bound at a time
 * @param attributeFids how many of them may stand for extended attributes, each of which holds a value in memory
 * @param running how many requests on one export are worked on at a time; the others wait
 * @param locks how many ranges of bytes may be locked at a time
 */
public record ServerLimits(int msize, long heldBytes, long replyBytes, int fids, int attributeFids, int running,
        int locks) {
    /** What is used unless something else is asked for: an msize that carries 128 KiB, 64 MiB held, 16 MiB of replies. */
    public static final ServerLimits STANDARD = new ServerLimits(131072 + 24, 64L << 20, 16L << 20, 1 << 20, 1024, 8,
            8192);

    /** Throws {@link IllegalArgumentException} if the msize is too small. */
    public ServerLimits {
        if (msize < Frame.MIN_MSIZE) {
            throw new IllegalArgumentException("an msize of " + msize + ": at least " + Frame.MIN_MSIZE + " is needed");
        }
    }

    /** The same with another msize, in bytes. */
    public ServerLimits withMsize(int bytes) {
        return new ServerLimits(bytes, heldBytes, replyBytes, fids, attributeFids, running, locks);
    }

    /** The same with another number of fids. */
    public ServerLimits withFids(int number) {
        return new ServerLimits(msize, heldBytes, replyBytes, number, attributeFids, running, locks);
    }

    /** The same with another number of locked ranges. */
    public ServerLimits withLocks(int ranges) {
        return new ServerLimits(msize, heldBytes, replyBytes, fids, attributeFids, running, ranges);
    }
}
