package dev.ninetunnel.mux;

import dev.ninetunnel.cache.CachingServer;
import dev.ninetunnel.cache.Holder;
import dev.ninetunnel.cache.PassingServer;
import dev.ninetunnel.cache.port.Asked;
import dev.ninetunnel.cache.port.LocalServer;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.queue.QueuedList;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.NumberMap;
import dev.ninetunnel.wire.Wrapped;
import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One local client's share of the conversation, from one Tversion to the next: its tags, its fids, its requests that
 * wait and those that are with the far side. When the client hangs up or sends another Tversion, the share is left
 * to {@link Cleanup}. Belongs to the loop of the client role.
 */
final class ClientConversation {
    private final LinkConversation linkConversation;
    private final ClientOutput client;
    private final Dialect dialect;
    private final int msize;
    private final Duration lease;

    /** Every request of the client that has no reply yet, by the client's tag. */
    private final NumberMap<Request> tags = new NumberMap<>();
    private final RequestQueue queue = new RequestQueue();
    /** What the cache keeps for now. */
    private final QueuedList<Request> parked = new QueuedList<>();
    private final QueuedList<Request> inFlight = new QueuedList<>();
    private final LocalFids fids;
    /** Null where nothing is kept. */
    private final LocalServer cache;
    private final LocalRecalls recalls;
    private final Attaches attaches = new Attaches();
    private final ClientBudget clientBudget;
    private final LockOwner lockOwner = new LockOwner(ThreadLocalRandom.current());
    /** Of the requests that wait, and of flushes that wait for another's reply. */
    private int heldBytes;
    private int flushesWaiting;
    /** Numbers at the far side that are on this share's account; kept by {@link FidTable}. */
    int linkFids;
    /** Whether the conversation has it in line to send. */
    boolean inLine;
    /** Runs once when nothing is left of a share that has been left; null before and after. */
    private Runnable whenGone;
    private boolean left;
    private boolean complained;

    ClientConversation(LinkConversation linkConversation, ClientOutput client, Dialect dialect, int msize,
            Duration lease, ClientLimits limits) {
        this.linkConversation = linkConversation;
        this.client = client;
        this.dialect = dialect;
        this.msize = msize;
        this.lease = lease;
        this.recalls = new LocalRecalls(client, lease);
        this.clientBudget = new ClientBudget(limits.requests());
        this.fids = new LocalFids(this, linkConversation.fids(), limits.fids());
        this.cache = cache(linkConversation.holder(), limits);
    }

    private LocalServer cache(Holder holder, ClientLimits limits) {
        if (holder == null) {
            return null;
        }
        return dialect == Dialect.LINUX
                ? new CachingServer(holder, new CacheFarSide(this, linkConversation, client), limits.fids(),
                        lease.isZero() ? null : recalls)
                : new PassingServer(holder);
    }

    Dialect dialect() {
        return dialect;
    }

    int msize() {
        return msize;
    }

    /** For how long leases are good that the client is granted; zero if it takes none. */
    Duration lease() {
        return lease;
    }

    int heldBytes() {
        return heldBytes + attaches.bytes();
    }

    boolean isLeft() {
        return left;
    }

    LocalFids fids() {
        return fids;
    }

    /** Whether every request has been answered. */
    boolean isIdle() {
        return clientBudget.requests() == 0 && queue.isEmpty() && parked.isEmpty() && flushesWaiting == 0;
    }

    // ---- from the client

    /** The client has given up a lease that it was asked for. */
    void givenUp(ByteBuf rbreak) {
        int tag = Frame.tag(rbreak);
        rbreak.release();
        recalls.answered(tag);
    }

    /** Takes a request whose shape is right, and which is neither Tversion nor Tflush. */
    void request(ByteBuf frame, MessageType sent) {
        int wanted = sent == MessageType.TWANT ? Wrapped.want(frame) : Request.NOT_WRAPPED;
        if (sent == MessageType.TWANT) {
            Wrapped.unwrap(frame);
        }
        MessageType type = MessageType.of(frame);
        int tag = Frame.tag(frame);
        if (tag == Frame.NOTAG || tags.containsKey(tag)) {
            frame.release();
            client.refuse(dialect, tag, tag == Frame.NOTAG ? Refusal.NOTAG : Refusal.DUPLICATE_TAG);
            return;
        }
        boolean ofLock = LockOwner.isSaidIn(type);
        if (ofLock && !LockOwner.hasRoom(frame)) {
            frame.release();
            client.refuse(dialect, tag, Refusal.LONG_CLIENT_ID);
            return;
        }
        Request request = linkConversation.pool().take(type);
        request.share = this;
        request.clientTag = tag;
        request.wanted = wanted;
        request.frame = ofLock ? lockOwner.mark(frame, client.alloc()) : frame;
        request.measure(msize);
        request.nearFid = request.isAttach() ? Frame.int32(frame, type.fid(0).in(frame)) : 0;
        tags.put(tag, request);
        heldBytes += request.frame.readableBytes() + Request.OVERHEAD;
        if (cache == null) {
            waitForTurn(request);
        } else {
            cache.take(request);
        }
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
        if (target != null && target.frame != null) {
            drop(target);
            target = null;
        }
        if (target == null) {
            client.rflush(tag);
            return;
        }
        Request flush = linkConversation.pool().take(MessageType.TFLUSH);
        flush.share = this;
        flush.clientTag = tag;
        flush.target = target;
        if (!tags.containsKey(tag)) {
            tags.put(tag, flush);
        }
        target.flushes.add(flush.queued);
        flushesWaiting++;
        heldBytes += Request.OVERHEAD;
        linkConversation.flush(target, false);
    }

    // ---- what the cache makes of it

    /** The request goes to the far side, when its turn comes. */
    void passOn(Request request) {
        unpark(request);
        waitForTurn(request);
    }

    /** It is answered here. The reply belongs to this method. */
    void answer(Request request, ByteBuf reply) {
        unpark(request);
        ByteBuf told = request.forClient(client.alloc(), reply);
        end(request);
        client.write(told);
    }

    /** It stays here for now, or still. */
    void park(Request request) {
        if (!parked.contains(request.queued)) {
            parked.add(request.queued);
        }
    }

    private void unpark(Request request) {
        request.dropped = null;
        if (parked.contains(request.queued)) {
            parked.remove(request.queued);
        }
    }

    /** A request that the cache makes by itself, which waits for nothing yet. */
    Request own(ByteBuf frame, MessageType type, int want, Asked asked) {
        Request request = linkConversation.pool().take(type);
        request.share = this;
        request.ofCache = true;
        request.frame = frame;
        request.want = want;
        request.asked = asked;
        request.measure(msize);
        heldBytes += frame.readableBytes() + Request.OVERHEAD;
        return request;
    }

    /** Sends it before all that waits. */
    void sendNow(Request request) {
        if (fids.claim(request) != null) {
            drop(request);
            return;
        }
        unheld(request);
        inFlight.add(request.queued);
        clientBudget.take(request);
        linkConversation.send(request);
    }

    /** Has it wait for its turn. */
    void waitForTurn(Request request) {
        queue.add(request);
        linkConversation.lineUp(this);
    }

    // ---- to the far side

    /** The client can take more replies. */
    void lineUp() {
        linkConversation.lineUp(this);
    }

    boolean hasWaiting() {
        return !queue.isEmpty();
    }

    /** Whether the next request may go, as far as this client alone is concerned. */
    boolean mayGo() {
        return client.isWritable() && clientBudget.permits(queue.next(), client.writableBytes());
    }

    /** Whether the next request fits: see {@link ClientBudget#fits}. */
    boolean fits(long window, long taken, long part) {
        return clientBudget.fits(queue.next(), window, taken, part);
    }

    /**
     * Takes the next request out of the queue, with its fids rewritten. Returns null where it has been refused.
     */
    Request next() {
        Request request = queue.next();
        Refusal refusal = refusal(request);
        if (refusal != null) {
            if (!request.ofCache) {
                client.refuse(dialect, request.clientTag, refusal);
            }
            drop(request);
            return null;
        }
        queue.take(request);
        unheld(request);
        attaches.sending(request);
        inFlight.add(request.queued);
        clientBudget.take(request);
        return request;
    }

    /** Why the request goes nowhere, or null: then its fids are claimed. */
    private Refusal refusal(Request request) {
        if (isWrongAttach(request)) {
            return Refusal.NUMERIC_USER;
        }
        // Servers differ in what they make of it, and one that hangs up would take every other client with it.
        if (request.isLongWalk()) {
            return Refusal.LONG_WALK;
        }
        if (request.type.isExtended() && !linkConversation.far().extended()) {
            return Refusal.UNKNOWN_TYPE;
        }
        return fids.claim(request);
    }

    /** n_uname makes the far side speak 9P2000.L on the fids to come, so it must be what this client speaks. */
    private boolean isWrongAttach(Request request) {
        return dialect != Dialect.UNIX && request.isAttach()
                && request.hasNumericUser() != (dialect == Dialect.LINUX);
    }

    // ---- from the far side

    /** Hands the client the reply to a request, which has not been settled yet. The frame belongs to this method. */
    void reply(Request request, ByteBuf frame, ReplyCheck.Verdict verdict) {
        ByteBuf reply = verdict == ReplyCheck.Verdict.ERROR
                ? ErrorReply.inDialect(client.alloc(), dialect, frame)
                : frame;
        if (request.asked != null) {
            reply = told(request, reply, verdict);
        }
        if (request.ofCache) {
            ReferenceCountUtil.release(reply);
            return;
        }
        if (verdict == ReplyCheck.Verdict.SUCCESS && request.type == MessageType.TGETLOCK) {
            LockOwner.unmark(reply);
        }
        if (verdict == ReplyCheck.Verdict.WRONG || reply.readableBytes() > msize) {
            complain(request, reply);
            reply.release();
            client.refuse(dialect, request.clientTag, Refusal.WRONG_REPLY);
            return;
        }
        client.write(request.forClient(client.alloc(), reply));
    }

    /** The cache hears what came of a request; a reply of which it makes another one, or none, is the client's as it says. */
    private ByteBuf told(Request request, ByteBuf reply, ReplyCheck.Verdict verdict) {
        if (verdict == ReplyCheck.Verdict.WRONG) {
            request.lost();
            return reply;
        }
        return request.answered(reply);
    }

    private void complain(Request request, ByteBuf frame) {
        if (!complained) {
            complained = true;
            client.log().warn("The far side answered a " + request.type + " with type " + Frame.type(frame) + " of "
                    + frame.readableBytes() + " bytes, which that request does not allow; the client got an I/O error "
                    + "instead (later ones of this client are not logged)");
        }
    }

    /** Nothing more comes for the request: by its reply, which the client has, or by an Rflush. */
    void settled(Request request) {
        if (inFlight.contains(request.queued)) {
            inFlight.remove(request.queued);
        }
        clientBudget.giveBack(request);
        attaches.settled(request);
        if (!left) {
            if (!request.ofCache) {
                tags.remove(request.clientTag);
            }
            answerFlushes(request);
            linkConversation.lineUp(this);
        }
        request.share = null;
        checkGone();
    }

    private void answerFlushes(Request request) {
        for (Request flush = request.flushes.poll(); flush != null; flush = request.flushes.poll()) {
            if (tags.get(flush.clientTag) == flush) {
                tags.remove(flush.clientTag);
            }
            flushesWaiting--;
            heldBytes -= Request.OVERHEAD;
            client.rflush(flush.clientTag);
            linkConversation.pool().give(flush);
        }
    }

    /** A request that was to make this fid did not. */
    void forget(LinkFid fid) {
        if (!left) {
            fids.forget(fid);
        }
    }

    // ---- the end

    /**
     * The client has gone, or starts a new conversation. What waits is dropped, what is with the far side will be flushed, fids
     * will be clunked; then {@code whenGone} runs, not before the loop rests.
     */
    void leave(Runnable whenGone) {
        left = true;
        this.whenGone = whenGone;
        leaveCache();
        while (!queue.isEmpty()) {
            drop(queue.next());
        }
        while (!parked.isEmpty()) {
            drop(parked.first());
        }
        inFlight.forEach(request -> {
            for (Request flush = request.flushes.poll(); flush != null; flush = request.flushes.poll()) {
                linkConversation.pool().give(flush);
            }
        });
        tags.clear();
        attaches.release();
        linkConversation.left(this);
    }

    private void leaveCache() {
        recalls.left();
        if (cache != null) {
            cache.left();
        }
    }

    /** Of a share that has been left: a request to flush, or null. */
    Request nextToFlush() {
        return inFlight.poll();
    }

    /** Tells who waits for it that nothing is left of a share that has been left. */
    void checkGone() {
        if (left && whenGone != null && clientBudget.requests() == 0 && linkFids == 0) {
            Runnable run = whenGone;
            whenGone = null;
            run.run();
        }
    }

    /** The conversation is lost: every request is answered with an error, every flush with Rflush (rule M14). */
    void fail(Errno errno, String words) {
        left = true;
        leaveCache();
        while (!queue.isEmpty()) {
            fail(queue.next(), errno, words);
            drop(queue.next());
        }
        while (!parked.isEmpty()) {
            fail(parked.first(), errno, words);
            drop(parked.first());
        }
        for (Request request = inFlight.poll(); request != null; request = inFlight.poll()) {
            fail(request, errno, words);
            answerFlushes(request);
        }
        tags.clear();
        attaches.release();
    }

    /**
     * Whether the client has no fid, and asks for nothing but an attach, if for that: another conversation can give it all that
     * it would have had of this one.
     */
    boolean canMove() {
        return queue.isEmpty() && parked.isEmpty() && (cache == null || !cache.hasLent())
                && clientBudget.requests() == attaches.count()
                && fids.count() == attaches.count();
    }

    /** The conversation is lost, and {@link #canMove}: returns what the client asks for, which belongs to the caller. */
    List<ByteBuf> handBack() {
        for (Request request = inFlight.poll(); request != null; request = inFlight.poll()) {
            if (!request.flushes.isEmpty()) {
                attaches.settled(request);
                answerFlushes(request);
            }
        }
        return attaches.take();
    }

    private void fail(Request request, Errno errno, String words) {
        if (request.ofCache) {
            return;
        }
        client.error(dialect, request.clientTag, errno, words);
    }

    /** The request waits no more, and goes nowhere. */
    private void drop(Request request) {
        if (parked.contains(request.queued)) {
            parked.remove(request.queued);
        } else if (request.queued.isWaiting()) {
            queue.drop(request);
        }
        Runnable dropped = request.dropped;
        Asked asked = request.asked;
        end(request);
        if (dropped != null) {
            dropped.run();
        }
        if (asked != null) {
            asked.lost();
        }
    }

    /** A request that is not in flight is over. */
    private void end(Request request) {
        unheld(request);
        request.frame.release();
        request.frame = null;
        if (!request.ofCache) {
            tags.remove(request.clientTag);
        }
        linkConversation.pool().give(request);
    }

    private void unheld(Request request) {
        heldBytes -= request.frame.readableBytes() + Request.OVERHEAD;
    }
}
