package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.Replies;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tgetattr;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * The attributes of where a walk leads, or of a file that is made, asked for behind that before the local client asks. The far side does
 * both in one round trip, for it keeps the order of requests on a fid that is being made (docs/protocol.md). That they were asked for
 * shows in nothing but the time: who waits for them and finds nothing kept asks for itself.
 */
final class AttributesAlong extends Ask {
    /** In the body of Rgetattr: the file. */
    private static final int QID_AT = Long.BYTES;
    /** What Linux asks for before each write, and no file is born with. */
    private static final Text CAPABILITIES = Text.of("security.capability");

    private final CachedClient client;
    private final LocalFid fid;
    private final FarFid far;
    /** Of what is made: as which it is known from then on, and whether it was not there before. */
    private Name name;
    private boolean isNew;
    private final List<Joined> waiting = new ArrayList<>(1);

    private AttributesAlong(CachedClient client, LocalFid fid) {
        super(client.holder, null);
        this.client = client;
        this.fid = fid;
        this.far = fid.far;
    }

    /**
     * Asks for them; what makes the fid has been sent.
     *
     * @param want the leases that are wanted with them
     */
    static AttributesAlong ask(CachedClient client, LocalFid fid, int want) {
        AttributesAlong along = new AttributesAlong(client, fid);
        fid.along = along;
        along.far.pins++;
        ByteBuf frame = client.far.alloc().buffer(32);
        new Tgetattr(along.far.number, Lease.ALL_ATTRIBUTES).write(frame, 0);
        client.far.ask(frame, MessageType.TGETATTR, want, along);
        return along;
    }

    /** What is made has this name. */
    void isOf(Name made, boolean wasAbsent) {
        name = made;
        name.along = this;
        isNew = wasAbsent;
    }

    /** Has a request wait for them that names such a fid, if they are of use to it. Returns whether it waits. */
    boolean join(LocalFid named, Pending request) {
        if (!isKept() && holder.obeys(Rule.JOIN_ONLY_KEPT_ASKS)) {
            return false;
        }
        waiting.add(new Joined(client, named, request));
        return true;
    }

    @Override
    ByteBuf take(MessageType type, ByteBuf reply, int got, long number) {
        end();
        boolean isOfFid = type == MessageType.RGETATTR && far.bound && fid.qid != null && !fid.isStale()
                && path(reply) == fid.qid.path();
        boolean isKept = isOfFid && isKept(fid.qid.path(), number);
        if (isOfFid && got != 0 && !isBroken(number) && (isKept || (got & LeaseKinds.EXCLUSIVE) != 0)) {
            Lease lease = fid.adopt(holder, isKept ? got : got & LeaseKinds.EXCLUSIVE, number);
            if (isKept && lease.holds(LeaseKinds.ATTRIBUTES)) {
                keep(lease, reply);
            }
        }
        answer(isKept && got != 0, reply);
        return null;
    }

    private static long path(ByteBuf reply) {
        return Qid.read(Unpooled.wrappedBuffer(Replies.body(reply), QID_AT, Qid.BYTES)).path();
    }

    private void keep(Lease lease, ByteBuf reply) {
        lease.attributes(Replies.body(reply), Lease.ALL_ATTRIBUTES);
        if (isNew) {
            lease.withoutAttribute(CAPABILITIES, Errno.ENODATA.number());
        }
        holder.grown(lease);
    }

    private void answer(boolean isKept, ByteBuf reply) {
        Joined first = waiting.isEmpty() ? null : waiting.getFirst();
        if (first != null && first.isWaiting() && !isKept && !holder.obeys(Rule.JOIN_ONLY_KEPT_ASKS)) {
            first.end().answer(reply);
        } else {
            reply.release();
        }
        goOn();
    }

    private void end() {
        fid.along = null;
        if (name != null) {
            name.along = null;
        }
        client.farFids.unpin(far);
    }

    @Override
    void gone() {
        end();
        goOn();
    }

    private void goOn() {
        waiting.forEach(Joined::goOn);
    }
}
