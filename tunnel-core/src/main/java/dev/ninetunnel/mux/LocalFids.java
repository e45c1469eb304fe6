package dev.ninetunnel.mux;

import dev.ninetunnel.mux.LinkFid.State;
import dev.ninetunnel.wire.FidField;
import dev.ninetunnel.wire.NumberMap;
import dev.ninetunnel.wire.FidUse;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.Iterator;

/**
 * The fids of one local client, by the client's numbers. No client can reach another's, for what is not in this table
 * is not passed on (rule M13). It changes when a request is sent, in the order of sending: a fid is unbound from
 * its Tclunk on, so that a Twalk behind it may make it again under a number of its own (rule M4). Belongs to the loop
 * of the client role.
 */
final class LocalFids {
    private final ClientConversation owner;
    private final FidTable table;
    private final int most;
    private final NumberMap<LinkFid> fids = new NumberMap<>();
    private Iterator<LinkFid> leaving;

    LocalFids(ClientConversation owner, FidTable table, int most) {
        this.owner = owner;
        this.table = table;
        this.most = most;
    }

    /**
     * Puts the far side's fids into a request's frame, in place of the client's, and pins them to it. Where that is
     * refused, nothing has changed.
     */
    Refusal claim(Request request) {
        MessageType type = request.type;
        for (int i = 0; i < type.fidCount(); i++) {
            Refusal refusal = refusal(request, type.fid(i));
            if (refusal != null) {
                return refusal;
            }
        }
        for (int i = 0; i < type.fidCount(); i++) {
            FidField field = type.fid(i);
            int at = field.in(request.frame);
            LinkFid fid = claim(request, field.use(), Frame.int32(request.frame, at));
            if (fid == null) {
                continue;
            }
            Frame.int32(request.frame, at, fid.number);
            fid.pins++;
            if (request.first == null) {
                request.first = fid;
            } else {
                request.second = fid;
            }
        }
        return null;
    }

    private Refusal refusal(Request request, FidField field) {
        int fid = Frame.int32(request.frame, field.in(request.frame));
        return switch (field.use()) {
            case USE, END -> fids.containsKey(fid) ? null : Refusal.UNKNOWN_FID;
            case AUTH -> fid == Frame.NOFID || fids.containsKey(fid) ? null : Refusal.UNKNOWN_FID;
            case MAKE -> {
                if (walksItself(request.type, request.frame, fid)) {
                    yield null;
                }
                if (fid == Frame.NOFID) {
                    yield Refusal.UNKNOWN_FID;
                }
                if (fids.containsKey(fid)) {
                    yield Refusal.FID_IN_USE;
                }
                yield fids.size() < most ? null : Refusal.TOO_MANY_FIDS;
            }
        };
    }

    private LinkFid claim(Request request, FidUse use, int clientFid) {
        return switch (use) {
            case USE, AUTH -> fids.get(clientFid);
            case END -> {
                LinkFid fid = fids.remove(clientFid);
                fid.held = false;
                fid.state = State.ENDING;
                request.ended = fid;
                yield fid;
            }
            case MAKE -> {
                LinkFid walked = fids.get(clientFid);
                if (walked != null) {
                    yield walked;
                }
                LinkFid fid = table.take(owner, clientFid);
                fids.put(clientFid, fid);
                request.made = fid;
                yield fid;
            }
        };
    }

    /** How many the client has, those among them that are being made. */
    int count() {
        return fids.size();
    }

    /** Whether a Twalk moves its fid, instead of making another. */
    private static boolean walksItself(MessageType type, ByteBuf frame, int newfid) {
        return type == MessageType.TWALK && Frame.int32(frame, Frame.HEADER) == newfid;
    }

    /** The request that was to make it did not: the client's number is free, unless it is in use again. */
    void forget(LinkFid fid) {
        if (fid.held) {
            fids.remove(fid.clientFid);
            fid.held = false;
        }
    }

    /**
     * Lets go of one fid of a client that has left, so that it is clunked when nothing in flight names it. Returns
     * false when there is none left. One at a time, for there may be very many.
     */
    boolean letGoOfNext() {
        if (leaving == null) {
            leaving = fids.values().iterator();
        }
        if (!leaving.hasNext()) {
            return false;
        }
        table.letGo(leaving.next());
        return true;
    }
}
