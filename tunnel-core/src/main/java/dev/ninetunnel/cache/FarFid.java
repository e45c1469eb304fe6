package dev.ninetunnel.cache;

/** A fid that the far side has, or is about to have. */
final class FarFid {
    final int number;
    /** The local client's fid that it stands for, and those that exist here only and begin at it. */
    int uses = 1;
    /** Questions of the cache's own that name it and are not answered. */
    int pins;
    /** The far side has nothing under its number any more. */
    boolean ended;
    /** It has been made, as was answered. */
    boolean bound;
    /** It was made by the cache, not by a request of the local client. */
    boolean late;
    /** It is open there, or about to be. */
    boolean opened;
    /** Of the same file as this one, by which it is made; null once that is done. */
    FarFid copyOf;
    /** From which names lead to it, in a walk that has been sent; null once that is answered. */
    FarFid sentFrom;
    /** It came to nothing, or is another file than it was to be. */
    boolean failed;

    FarFid(int number) {
        this.number = number;
    }

    /** Whether the answer that tells what it stands for is still to come, unknown to the local client. A copy stands for the same. */
    boolean isBeingMade() {
        return late && !bound && !failed && (copyOf == null || copyOf.isBeingMade());
    }

    /** Whether what is sent from now on about that fid is done when this one has been made, as fids keep the order. */
    boolean isMadeBefore(FarFid other) {
        return other != null && (copyOf == null ? sentFrom == other : copyOf.isMadeBefore(other));
    }

    /** Whether it came to nothing, or is another file than it was to be. */
    boolean hasFailed() {
        return failed || (copyOf != null && copyOf.hasFailed());
    }
}
