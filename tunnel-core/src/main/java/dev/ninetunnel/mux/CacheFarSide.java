package dev.ninetunnel.mux;

import dev.ninetunnel.cache.port.Asked;
import dev.ninetunnel.cache.port.FarSide;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rlist;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The far side as the cache of one local client reaches it: by requests on that client's account. */
final class CacheFarSide implements FarSide {
    /** In bytes: what is small beside all that may be on its way, and holds six hundred files. */
    private static final int MOST_LISTED = 128 << 10;

    private final ClientConversation clientConversation;
    private final LinkConversation linkConversation;
    private final ClientOutput client;

    CacheFarSide(ClientConversation clientConversation, LinkConversation linkConversation, ClientOutput client) {
        this.clientConversation = clientConversation;
        this.linkConversation = linkConversation;
        this.client = client;
    }

    @Override
    public ByteBufAllocator alloc() {
        return client.alloc();
    }

    @Override
    public int mostData() {
        return clientConversation.msize() - Request.DATA_HEADER;
    }

    @Override
    public int mostEntries() {
        return Math.min(linkConversation.far().msize(), MOST_LISTED) - Rlist.ENTRIES_AT;
    }

    @Override
    public boolean isWritable() {
        return client.isWritable();
    }

    @Override
    public boolean mayAskNow() {
        return !clientConversation.isLeft() && linkConversation.tags().hasRoom();
    }

    @Override
    public void askNow(ByteBuf frame, MessageType type, int want, Asked asked) {
        if (!mayAskNow()) {
            ask(frame, type, want, asked);
        } else {
            clientConversation.sendNow(clientConversation.own(frame, type, want, asked));
        }
    }

    @Override
    public void ask(ByteBuf frame, MessageType type, int want, Asked asked) {
        if (clientConversation.isLeft()) {
            frame.release();
            asked.lost();
        } else {
            clientConversation.waitForTurn(clientConversation.own(frame, type, want, asked));
        }
    }

    @Override
    public boolean probe(Runnable answered) {
        if (linkConversation.isProbing()) {
            return false;
        }
        linkConversation.probe(answered);
        return true;
    }
}
