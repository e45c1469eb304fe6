package dev.ninetunnel.serve;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.meter.ServedRequests;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Wrapped;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;

/** Sends replies to the far side, those of one tick of the loop together, in the form in which each was asked for. On the loop only. */
final class ReplySender {
    private final EventLoop loop;
    private final FrameSink replies;
    /** Null until something is to be counted, where nobody else has said where. */
    private ServedRequests served;
    private Runnable beforeEach = () -> {};
    private boolean batchOpen;
    private boolean closed;

    /** @param replies takes them */
    ReplySender(EventLoop loop, FrameSink replies) {
        this.loop = loop;
        this.replies = replies;
    }

    /** Requests are counted there, with those of others. */
    void countIn(ServedRequests shared) {
        served = shared;
    }

    /** Counts the requests. */
    ServedRequests served() {
        if (served == null) {
            served = new ServedRequests(loop.ticker());
        }
        return served;
    }

    /** Has something done before each reply leaves. */
    void beforeEach(Runnable work) {
        beforeEach = work;
    }

    /** Sends what is no reply to a request that entered. */
    void send(ByteBuf reply) {
        if (closed) {
            reply.release();
            return;
        }
        beforeEach.run();
        replies.accept(reply);
        beginBatch();
    }

    /** Sends the reply to a request, unless it is not wanted any more. */
    void reply(Request r, ByteBuf reply) {
        if (closed || r.muted) {
            reply.release();
            return;
        }
        beforeEach.run();
        if (r.latency != null) {
            served().answered(r.came, r.latency);
        }
        replies.accept(inForm(r, reply), r.client(), r.turns.isEmpty() ? Frame.NOFID : r.turns.getFirst().slot.number);
        if (!r.flushes.isEmpty()) {
            replies.cancel(r.tag);
        }
        beginBatch();
    }

    /** Answers a request that never entered. */
    void refuse(Request r, ByteBuf reply) {
        send(inForm(r, reply));
    }

    /** The reply as it was asked for. */
    private static ByteBuf inForm(Request r, ByteBuf reply) {
        if (r.behind != Request.NOT_BEHIND) {
            Wrapped.rewrapBehind(reply);
            return reply;
        }
        return r.want == 0 ? reply : Wrapped.granted(ByteBufAllocator.DEFAULT, reply, r.grant.kinds(), r.grant.lease());
    }

    /** A reply under this tag is not wanted any more, if it has not left. */
    void cancel(int tag) {
        replies.cancel(tag);
    }

    private void beginBatch() {
        if (!batchOpen) {
            batchOpen = true;
            loop.execute(this::endBatch);
        }
    }

    private void endBatch() {
        batchOpen = false;
        served().repliesLeave();
        if (!closed) {
            replies.endOfBatch();
        }
    }

    /** Nothing is sent any more. */
    void close() {
        closed = true;
    }
}
