package dev.ninetunnel.mux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One local client's share of the conversation, from one Tversion to the next: its tags, its fids, its requests that
 * wait and those that are with the far side. When the client hangs up or sends another Tversion, the share is left
 * to {@link Departures}. Belongs to the loop of the client role.
 */
final class Share {
    private static final Logger LOG = LoggerFactory.getLogger(Share.class);

    private final Conversation conversation;
    private final LocalClient client;
    private final Dialect dialect;
    private final int msize;
    private final ClientLimits limits;

    /** Every request of the client that has no reply yet, by the client's tag. */
    private final IntObjectHashMap<Request> tags = new IntObjectHashMap<>();
    private final RequestList queue = new RequestList();
    private final RequestList inFlight = new RequestList();
    private final LocalFids fids;
    /** Of the requests that wait, and of flushes that wait for another's reply. */
    private int heldBytes;
    private int flushesWaiting;
    /** With the far side: requests, the bytes of their largest replies, and those with their own bytes. */
    private int sent;
    private int replyBytes;
    private long bytes;

    /** Numbers at the far side that are on this share's account; kept by {@link FidTable}. */
    int linkFids;
    /** Whether the conversation has it in line to send. */
    boolean inLine;
    /** Runs once when nothing is left of a share that has been left; null before and after. */
    private Runnable whenGone;
    private boolean left;
    private boolean complained;

    Share(Conversation conversation, LocalClient client, Dialect dialect, int msize, ClientLimits limits) {
        this.conversation = conversation;
        this.client = client;
        this.dialect = dialect;
        this.msize = msize;
        this.limits = limits;
        this.fids = new LocalFids(this, conversation.fids(), limits.fids());
    }

    Dialect dialect() {
        return dialect;
    }

    int heldBytes() {
        return heldBytes;
    }

    boolean isLeft() {
        return left;
    }

    LocalFids fids() {
        return fids;
    }

    /** Whether every request has been answered. */
    boolean isIdle() {
        return sent == 0 && queue.isEmpty() && flushesWaiting == 0;
    }

    // ---- from the client

    /** Takes a request whose shape is right, and which is neither Tversion nor Tflush. */
    void request(ByteBuf frame, MessageType type) {
        int tag = Frame.tag(frame);
        if (tag == Frame.NOTAG || tags.containsKey(tag)) {
            frame.release();
            refuse(tag, tag == Frame.NOTAG ? Refusal.NOTAG : Refusal.DUPLICATE_TAG);
            return;
        }
        Request request = conversation.pool().take(type);
        request.share = this;
        request.clientTag = tag;
        request.frame = frame;
        request.measure(msize);
        tags.put(tag, request);
        queue.add(request);
        heldBytes += frame.readableBytes() + Request.OVERHEAD;
        conversation.lineUp(this);
    }

    /**
     * Takes a Tflush (flush(5), rule M11). It is answered at once if nothing more can come for the old tag; else it
     * waits for the other request's reply or Rflush, whichever comes first. It is never refused, even if its own tag
     * is in use.
     */
    void flush(int tag, int oldTag) {
        Request target = tags.get(oldTag);
        if (target != null && target.type == MessageType.TFLUSH) {
            target = target.target;
        }
        if (target != null && target.list == queue) {
            unqueue(target);
            conversation.pool().give(target);
            target = null;
        }
        if (target == null) {
            client.write(rflush(client.alloc(), tag));
            return;
        }
        Request flush = conversation.pool().take(MessageType.TFLUSH);
        flush.share = this;
        flush.clientTag = tag;
        flush.target = target;
        if (!tags.containsKey(tag)) {
            tags.put(tag, flush);
        }
        target.flushes.add(flush);
        flushesWaiting++;
        heldBytes += Request.OVERHEAD;
        conversation.flush(target, false);
    }

    // ---- to the far side

    /** The client can take more replies. */
    void lineUp() {
        conversation.lineUp(this);
    }

    boolean hasWaiting() {
        return !queue.isEmpty();
    }

    /** Whether the next request may go, as far as this client alone is concerned. */
    boolean mayGo() {
        if (sent >= limits.requests() || !client.isWritable()) {
            return false;
        }
        return sent == 0 || replyBytes + queue.peek().expected <= client.writableBytes();
    }

    /** Whether the next request fits where the conversation has so much room, or this client's part is so much. */
    boolean fits(long room, long part) {
        int cost = queue.peek().cost;
        return sent == 0 || cost <= room || bytes + cost <= part;
    }

    /**
     * Takes the next request out of the queue, with its fids rewritten. Returns null where it has been refused.
     */
    Request next() {
        Request request = queue.peek();
        Refusal refusal = wrongAttach(request) ? Refusal.NUMERIC_USER : fids.claim(request);
        ByteBuf frame = request.frame;
        unqueueKeepingFrame(request);
        if (refusal != null) {
            frame.release();
            request.frame = null;
            tags.remove(request.clientTag);
            refuse(request.clientTag, refusal);
            conversation.pool().give(request);
            return null;
        }
        inFlight.add(request);
        sent++;
        replyBytes += request.expected;
        bytes += request.cost;
        return request;
    }

    /** n_uname makes the far side speak 9P2000.L on the fids to come, so it must be what this client speaks. */
    private boolean wrongAttach(Request request) {
        int strings = switch (request.type) {
            case TAUTH -> Frame.HEADER + 4;
            case TATTACH -> Frame.HEADER + 8;
            default -> 0;
        };
        if (strings == 0) {
            return false;
        }
        int aname = strings + 2 + Frame.int16(request.frame, strings);
        int end = aname + 2 + Frame.int16(request.frame, aname);
        boolean numeric = end < request.frame.readableBytes();
        return numeric != (dialect != Dialect.PLAIN);
    }

    // ---- from the far side

    /** Hands the client the reply to a request, which has not been settled yet. The frame belongs to this method. */
    void reply(Request request, ByteBuf frame, ReplyCheck.Verdict verdict) {
        if (verdict == ReplyCheck.Verdict.WRONG) {
            complain(request, frame);
            frame.release();
            refuse(request.clientTag, Refusal.WRONG_REPLY);
            return;
        }
        ByteBuf reply = verdict == ReplyCheck.Verdict.ERROR
                ? ErrorReply.inDialect(client.alloc(), dialect, frame)
                : frame;
        if (reply.readableBytes() > msize) {
            complain(request, reply);
            reply.release();
            refuse(request.clientTag, Refusal.WRONG_REPLY);
            return;
        }
        Frame.tag(reply, request.clientTag);
        client.write(reply);
    }

    private void complain(Request request, ByteBuf frame) {
        if (!complained) {
            complained = true;
            LOG.warn("{}: the far side answered a {} with type {} of {} bytes, which that request does not allow; "
                    + "the client got an I/O error instead (later ones of this client are not logged)", client,
                    request.type, Frame.type(frame), frame.readableBytes());
        }
    }

    /** Nothing more comes for the request: by its reply, which the client has, or by an Rflush. */
    void settled(Request request) {
        if (request.list == inFlight) {
            inFlight.remove(request);
        }
        sent--;
        replyBytes -= request.expected;
        bytes -= request.cost;
        if (!left) {
            tags.remove(request.clientTag);
            answerFlushes(request);
            conversation.lineUp(this);
        }
        request.share = null;
        checkGone();
    }

    private void answerFlushes(Request request) {
        for (Request flush = request.flushes.poll(); flush != null; flush = request.flushes.poll()) {
            forgetFlush(flush);
            client.write(rflush(client.alloc(), flush.clientTag));
            conversation.pool().give(flush);
        }
    }

    private void forgetFlush(Request flush) {
        if (tags.get(flush.clientTag) == flush) {
            tags.remove(flush.clientTag);
        }
        flushesWaiting--;
        heldBytes -= Request.OVERHEAD;
    }

    /** A request that was to make this fid did not. */
    void forget(LinkFid fid) {
        if (!left) {
            fids.forget(fid);
        }
    }

    // ---- the end

    /**
     * The client has gone, or starts anew. What waits is dropped, what is with the far side will be flushed, fids
     * will be clunked; then {@code whenGone} runs, perhaps at once.
     */
    void leave(Runnable whenGone) {
        left = true;
        this.whenGone = whenGone;
        while (!queue.isEmpty()) {
            Request request = queue.peek();
            unqueue(request);
            conversation.pool().give(request);
        }
        for (Request r = inFlight.peek(); r != null; r = r.behind) {
            for (Request flush = r.flushes.poll(); flush != null; flush = r.flushes.poll()) {
                conversation.pool().give(flush);
            }
        }
        tags.clear();
        conversation.left(this);
    }

    /** Of a share that has been left: a request to flush, or null. */
    Request nextToFlush() {
        return inFlight.poll();
    }

    /** Tells who waits for it that nothing is left of a share that has been left. */
    void checkGone() {
        if (left && whenGone != null && sent == 0 && linkFids == 0) {
            Runnable run = whenGone;
            whenGone = null;
            run.run();
        }
    }

    /** The conversation is lost: every request is answered with an error, every flush with Rflush (rule M14). */
    void fail(Errno errno, String words) {
        while (!queue.isEmpty()) {
            Request request = queue.peek();
            unqueue(request);
            fail(request, errno, words);
        }
        for (Request r = inFlight.poll(); r != null; r = inFlight.poll()) {
            fail(r, errno, words);
        }
        tags.clear();
    }

    private void fail(Request request, Errno errno, String words) {
        client.write(ErrorReply.of(client.alloc(), dialect, request.clientTag, errno, words));
        answerFlushes(request);
    }

    private void unqueue(Request request) {
        tags.remove(request.clientTag);
        ByteBuf frame = request.frame;
        unqueueKeepingFrame(request);
        frame.release();
        request.frame = null;
    }

    private void unqueueKeepingFrame(Request request) {
        queue.remove(request);
        heldBytes -= request.frame.readableBytes() + Request.OVERHEAD;
    }

    private void refuse(int tag, Refusal refusal) {
        client.write(ErrorReply.of(client.alloc(), dialect, tag, refusal));
    }

    static ByteBuf rflush(ByteBufAllocator alloc, int tag) {
        ByteBuf frame = alloc.buffer(Frame.HEADER);
        Frame.end(frame, Frame.begin(frame, MessageType.RFLUSH, tag));
        return frame;
    }
}
