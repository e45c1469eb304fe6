package dev.ninetunnel.cache.port;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The far side as the cache of one local client reaches it, with fids of its own. */
public interface FarSide {
    ByteBufAllocator alloc();

    /** The most bytes of data in one reply. */
    int mostData();

    /** The most bytes of entries in one Rlist. */
    int mostEntries();

    /** Whether the local client takes more replies now. */
    boolean isWritable();

    /** Whether {@link #askNow} sends what it is given before it returns, and it arrives even if the client leaves. */
    boolean mayAskNow();

    /** Asks at once, whatever waits: for what a break waits for. The frame belongs to this method, its tag is filled in. */
    void askNow(ByteBuf frame, MessageType type, int want, Asked asked);

    /** Asks in turn, behind what the client has asked for. The frame belongs to this method, its tag is filled in. */
    void ask(ByteBuf frame, MessageType type, int want, Asked asked);

    /** Asks for a sign of life now, so that leases stay good; {@code answered} runs when it has come. Not if one is awaited already. */
    boolean probe(Runnable answered);
}
