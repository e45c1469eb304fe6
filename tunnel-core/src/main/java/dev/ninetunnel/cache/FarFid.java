package dev.ninetunnel.cache;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.Set;

/** A fid that the far side has, or is about to have. */
final class FarFid {
    /** What the far side has none of now, and may have later. */
    private static final Set<Errno> SHORTAGES = EnumSet.of(Errno.ENFILE, Errno.EMFILE, Errno.ENOMEM);

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
    /** It came to nothing, or is another file than it was to be, and is ended. */
    boolean failed;
    /** What kept it from what it was to be; null if that is not known. */
    private Errno fault;

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

    /**
     * It cannot be used, by this answer to what was to make or open it: where the far side lacks something that is told, and all else is
     * stale.
     *
     * @param before why it could not be used before; or null
     */
    void isRefused(MessageType type, ByteBuf reply, Errno before) {
        Errno told = type == MessageType.RLERROR ? Errno.of(Frame.int32(reply, Frame.HEADER)) : Errno.ESTALE;
        fault = before != null ? before : SHORTAGES.contains(told) ? told : Errno.ESTALE;
    }

    /** Why it cannot be used, as it came to nothing, is another file than it was to be, or could not be opened; null if it can. */
    Errno fault() {
        if (fault != null) {
            return fault;
        }
        if (failed) {
            return Errno.ESTALE;
        }
        return copyOf == null ? null : copyOf.fault();
    }
}
