package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.Replies;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Tgetattr;
import io.netty.buffer.ByteBuf;

/**
 * The attributes of where a walk leads, asked for behind it before the local client asks. The far side does both in one round
 * trip, for it keeps the order of requests on a fid that is being made (docs/protocol.md). That they were asked for shows in
 * nothing but the time: who waits for them and finds nothing kept asks for itself.
 */
final class AttributesAlong extends Ask {
    private final CachedClient client;
    private final LocalFid fid;
    private final FarFid far;
    private Joined waiting;

    private AttributesAlong(CachedClient client, LocalFid fid) {
        super(client.holder, null, true);
        this.client = client;
        this.fid = fid;
        this.far = fid.far;
    }

    /** Asks for them; the walk that makes the fid has been sent. */
    static void ask(CachedClient client, LocalFid fid) {
        AttributesAlong along = new AttributesAlong(client, fid);
        fid.along = along;
        along.far.pins++;
        ByteBuf frame = client.far.alloc().buffer(32);
        new Tgetattr(along.far.number, Lease.ALL_ATTRIBUTES).write(frame, 0);
        client.far.ask(frame, MessageType.TGETATTR, LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES, along);
    }

    /** Has a Tgetattr wait for them, if they are of use to it. Returns whether it waits. */
    boolean join(Pending request) {
        if (!isKept() && holder.obeys(Rule.JOIN_ONLY_KEPT_ASKS)) {
            return false;
        }
        waiting = new Joined(client, fid, request);
        return true;
    }

    @Override
    ByteBuf take(MessageType type, ByteBuf reply, int got, long number) {
        fid.along = null;
        boolean isOfFid = type == MessageType.RGETATTR && far.bound && fid.qid != null && !fid.isStale();
        boolean kept = isOfFid && isKept() && (got & LeaseKinds.ATTRIBUTES) != 0;
        if (kept) {
            Lease lease = fid.adopt(holder, got, number);
            lease.attributes(Replies.body(reply), Lease.ALL_ATTRIBUTES);
            holder.grown(lease);
        }
        client.farFids.unpin(far);
        if (waiting != null && waiting.isWaiting() && !kept && !holder.obeys(Rule.JOIN_ONLY_KEPT_ASKS)) {
            waiting.end().answer(reply);
            return null;
        }
        reply.release();
        goOn();
        return null;
    }

    @Override
    void gone() {
        fid.along = null;
        client.farFids.unpin(far);
        goOn();
    }

    private void goOn() {
        if (waiting != null) {
            waiting.goOn();
        }
    }
}
