package dev.ninetunnel.cache.port;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/** A request of a local client that was neither answered nor passed on. One of {@link #send}, {@link #answer} ends it. */
public interface Pending {
    /** The request, whose shape is right; it stays its owner's, and its fids may be replaced. */
    ByteBuf frame();

    MessageType type();

    /** The leases that the local client wants with the reply: a sum of {@link dev.ninetunnel.wire.LeaseKinds}, or 0. */
    int wanted();

    /** The reply, which is still to come, brings the local client these leases, under this number. */
    void grant(int kinds, long lease);

    /**
     * Passes it on to the far side, behind what has been passed on before.
     *
     * @param want the leases that are wanted with the reply: a sum of {@link dev.ninetunnel.wire.LeaseKinds}, or 0
     * @param asked hears what comes of it; null if none has to
     */
    void send(int want, Asked asked);

    /** Answers it. The reply, whose tag is filled in by this, belongs to this method. */
    void answer(ByteBuf reply);

    /** Keeps it here for now; {@code dropped} runs if its client flushes it or leaves, and ends it then. */
    void park(Runnable dropped);
}
