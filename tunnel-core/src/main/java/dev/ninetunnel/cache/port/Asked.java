package dev.ninetunnel.cache.port;

import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/** What is to be done when the far side has answered a request, or will not. One of the two is called, once. */
public interface Asked {
    /**
     * The reply has come.
     *
     * @param type of the reply, which is the one that the request allows, or an error
     * @param reply the plain frame; it belongs to this method
     * @param got the leases that came with it: a sum of {@link dev.ninetunnel.wire.LeaseKinds}
     * @param lease their number, if {@code got} is not 0
     * @return what the local client is to be told, which belongs to the caller
     */
    ByteBuf answered(MessageType type, ByteBuf reply, int got, long lease);

    /** No reply comes, or none that can be used: it was flushed, or its client has left. It may have been carried out. */
    void lost();
}
