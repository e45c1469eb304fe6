package dev.ninetunnel.mux;

import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Tattach and Tauth of one local client that the far side has not answered, as the client sent them. Who has asked for
 * nothing else can ask another conversation for the same. Belongs to the loop of the client role.
 */
final class Attaches {
    private final Map<Request, ByteBuf> unanswered = new LinkedHashMap<>();
    private int bytes;

    int count() {
        return unanswered.size();
    }

    /** The bytes that are kept. */
    int bytes() {
        return bytes;
    }

    /** A request is about to be sent, with its fids rewritten, and with the client's tag still. */
    void sending(Request request) {
        if (request.isAttach()) {
            ByteBuf original = request.frame.copy();
            Frame.int32(original, request.type.fid(0).in(original), request.nearFid);
            unanswered.put(request, original);
            bytes += original.readableBytes();
        }
    }

    /** Nothing more comes for a request. */
    void settled(Request request) {
        ByteBuf original = request.isAttach() ? unanswered.remove(request) : null;
        if (original != null) {
            bytes -= original.readableBytes();
            original.release();
        }
    }

    /** Hands over all, in the order in which they were sent; they belong to the caller. */
    List<ByteBuf> take() {
        List<ByteBuf> all = new ArrayList<>(unanswered.values());
        unanswered.clear();
        bytes = 0;
        return all;
    }

    void release() {
        take().forEach(ByteBuf::release);
    }
}
