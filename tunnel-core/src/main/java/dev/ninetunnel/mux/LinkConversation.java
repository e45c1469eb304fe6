package dev.ninetunnel.mux;

import dev.ninetunnel.cache.Holder;
import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.meter.Latency;
import dev.ninetunnel.meter.SentRequests;
import dev.ninetunnel.mux.FidTable.Outcome;
import dev.ninetunnel.mux.ReplyCheck.Verdict;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Wrapped;
import dev.ninetunnel.wire.message.Tbreak;
import dev.ninetunnel.wire.message.Tbreaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The one conversation that all local clients share, from its opening until it is lost: who sends next, which
 * request has which tag, and what a reply means for it.
 *
 * <p>A request's way: {@link ClientConversation#request} puts it into its client's queue; {@link #pump} takes it from there, one a
 * client in turn, as far as the limits allow; {@link #send} gives it a tag and hands it to the link; its reply
 * comes to {@link #accept}, which finds it by that tag, and {@link ClientConversation#reply} hands that to the client.
 *
 * <p>Belongs to the loop of the client role.
 */
final class LinkConversation {
    /** Bytes of a Tbreak. */
    private static final int RECALL = Frame.HEADER + 9;

    private final RemoteParameters far;
    private final FrameSink toFarSide;
    private final ClientLimits limits;
    private final TagTable tags;
    private final Holder holder;
    private final SentRequests sentRequests;
    private final Latency latency;
    private final FidTable fids = new FidTable();
    private final RequestPool pool = new RequestPool();
    private final Cleanup departures;
    private final LinkedHashSet<ClientConversation> shares = new LinkedHashSet<>();
    private final ArrayDeque<ClientConversation> line = new ArrayDeque<>();
    /** Requests with the far side and their largest replies. */
    private long bytes;
    private boolean unsent;
    private final OpenFlushes flushes;
    /** Those who wait for the answer to a probe; one is with the far side unless this is empty. */
    private final List<Runnable> probing = new ArrayList<>(1);

    /** With a holder of the leases that the far side grants, or null. */
    LinkConversation(RemoteParameters far, FrameSink toFarSide, ClientLimits limits, Ticker ticker, Holder holder,
            SentRequests sentRequests, Latency latency) {
        this.holder = holder;
        this.sentRequests = sentRequests;
        this.latency = latency;
        this.far = far;
        this.toFarSide = toFarSide;
        this.limits = limits;
        this.tags = new TagTable(limits.cleanups());
        this.flushes = new OpenFlushes(ticker);
        this.departures = new Cleanup(this, fids, limits.cleanups());
    }

    RemoteParameters far() {
        return far;
    }

    /** Null where nothing is kept. */
    Holder holder() {
        return holder;
    }

    FidTable fids() {
        return fids;
    }

    TagTable tags() {
        return tags;
    }

    RequestPool pool() {
        return pool;
    }

    /** Whether nothing is with the far side, and nothing left to be cleaned up. */
    boolean isIdle() {
        return tags.inUse() == 0 && departures.isIdle();
    }

    /** For how long leases are good that local clients are granted; zero if they are granted none. */
    Duration lendable() {
        return holder == null ? Duration.ZERO : holder.localTerm();
    }

    /** @param lease for how long leases are good that the client is granted; zero if it takes none */
    ClientConversation join(ClientOutput client, Dialect dialect, int msize, Duration lease) {
        ClientConversation clientConversation = new ClientConversation(this, client, dialect, msize, lease, limits);
        shares.add(clientConversation);
        return clientConversation;
    }

    /** The share's client has gone or starts a new conversation. */
    void left(ClientConversation clientConversation) {
        shares.remove(clientConversation);
        departures.add(clientConversation);
    }

    // ---- sending

    /** The share has something to send, or may be able to send again. */
    void lineUp(ClientConversation clientConversation) {
        if (!clientConversation.inLine && clientConversation.hasWaiting()) {
            clientConversation.inLine = true;
            line.add(clientConversation);
        }
    }

    /**
     * Sends what may be sent, one request a client in turn. A client that waits for itself leaves the line until
     * {@link #lineUp}. Returns whether the cleaning up has more to do as soon as others had their turn.
     */
    boolean pump() {
        int stuck = 0;
        while (stuck < line.size() && tags.hasRoom()) {
            ClientConversation clientConversation = line.poll();
            if (clientConversation.isLeft() || !clientConversation.hasWaiting() || !clientConversation.mayGo()) {
                clientConversation.inLine = false;
                continue;
            }
            if (clientConversation.fits(limits.conversationBytes(), bytes,
                    limits.conversationBytes() / shares.size())) {
                stuck = 0;
                Request request = clientConversation.next();
                if (request != null) {
                    send(request);
                }
            } else {
                stuck++;
            }
            line.add(clientConversation);
        }
        return departures.step();
    }

    /** Says that no frame follows for now, if any has gone since. */
    void endOfBatch() {
        if (unsent) {
            unsent = false;
            toFarSide.endOfBatch();
        }
    }

    /** Sends a request, whose fids are the link's, and which takes a tag. */
    void send(Request request) {
        ByteBuf frame = request.frame;
        request.frame = null;
        request.left = sentRequests.leaves(request.share.dialect(), request.type);
        bytes += request.cost;
        tags.take(request);
        Frame.tag(frame, request.linkTag);
        unsent = true;
        toFarSide.accept(request.want == 0 ? frame : Wrapped.wanted(ByteBufAllocator.DEFAULT, frame, request.want),
                request.share, Frame.NOFID);
    }

    private void hand(ByteBuf frame) {
        unsent = true;
        toFarSide.accept(frame);
    }

    /** Sends a Tflush for a request that is with the far side, unless one is there already. */
    void flush(Request target, boolean cleanup) {
        if (target.flushing) {
            return;
        }
        target.flushing = true;
        Request flush = pool.take(MessageType.TFLUSH);
        flush.target = target;
        flush.cleanup = cleanup;
        flush(flush, target.linkTag);
    }

    /**
     * Asks the far side for a sign of life: a Tflush of a tag that is not in use, which every 9P server answers at once. It
     * uses the tag that was freed last, and so shows the far side that the reply under that tag has arrived.
     *
     * @param answered runs when it has come, or when a probe before it is answered; never if the conversation is lost
     */
    void probe(Runnable answered) {
        probing.add(answered);
        if (probing.size() == 1) {
            flush(pool.take(MessageType.TFLUSH), Frame.NOTAG);
            endOfBatch();
        }
    }

    /** Whether the answer to a probe is awaited. */
    boolean isProbing() {
        return !probing.isEmpty();
    }

    /** Whether Tflush is answered; the clock starts again when there is another link. */
    OpenFlushes flushes() {
        return flushes;
    }

    private void flush(Request flush, int oldTag) {
        tags.take(flush);
        flushes.sent(flush);
        ByteBuf frame = ByteBufAllocator.DEFAULT.buffer(Frame.HEADER + 2);
        int start = Frame.begin(frame, MessageType.TFLUSH, flush.linkTag);
        frame.writeShortLE(oldTag);
        Frame.end(frame, start);
        hand(frame);
    }

    /** Sends a Tclunk for a fid that no client holds. */
    void clunk(LinkFid fid) {
        Request clunk = pool.take(MessageType.TCLUNK);
        clunk.cleanup = true;
        clunk.first = fid;
        clunk.ended = fid;
        fid.pins++;
        fid.state = LinkFid.State.ENDING;
        tags.take(clunk);
        ByteBuf frame = ByteBufAllocator.DEFAULT.buffer(Frame.HEADER + 4);
        int start = Frame.begin(frame, MessageType.TCLUNK, clunk.linkTag);
        frame.writeIntLE(fid.number);
        Frame.end(frame, start);
        hand(frame);
    }

    /**
     * Asks the far side to give up leases that it was granted here. It is held back by nothing, and leaves before every reply
     * that is handed to the link after it.
     */
    void recall(long lease, int lost, Runnable givenUp) {
        Request request = pool.take(MessageType.TBREAK);
        request.givenUp = givenUp;
        request.refused = () -> {};
        tags.take(request);
        ByteBuf frame = ByteBufAllocator.DEFAULT.buffer(RECALL);
        new Tbreak(lease, lost).write(frame, request.linkTag);
        hand(frame);
    }

    /**
     * The same for all that several leases cover.
     *
     * @param givenUp runs when the last is given up
     * @param refused runs if the far side does not take the question
     */
    void recallAll(long[] leases, Runnable givenUp, Runnable refused) {
        Request request = pool.take(MessageType.TBREAKS);
        request.givenUp = givenUp;
        request.refused = refused;
        tags.take(request);
        ByteBuf frame = ByteBufAllocator.DEFAULT.buffer(Frame.HEADER + Integer.BYTES + leases.length * Long.BYTES);
        Tbreaks.of(leases).write(frame, request.linkTag);
        hand(frame);
    }

    // ---- receiving

    /**
     * Takes a frame from the far side. Returns false, and drops it, if it is no reply to anything (rule L3).
     *
     * @throws MalformedMessageException if a field runs past its end: the link is to be closed (rule L2)
     */
    boolean accept(ByteBuf frame) {
        MessageType type = far.hasLeases() ? MessageType.withLeases(frame) : MessageType.of(frame);
        if (type == null || type.isRequest()) {
            frame.release();
            return false;
        }
        try {
            type.check(frame);
        } catch (MalformedMessageException e) {
            frame.release();
            throw e;
        }
        Request request = tags.get(Frame.tag(frame));
        if (request == null || request.replied) {
            frame.release();
            return false;
        }
        if (request.type == MessageType.TFLUSH) {
            frame.release();
            flushes.answered(request);
            flushed(request);
        } else if (request.isBreak()) {
            frame.release();
            flushes.replied(request);
            brokenOff(request, type);
        } else if (request.cleanup) {
            frame.release();
            flushes.replied(request);
            fids.settle(request, Outcome.DONE);
            done(request);
        } else {
            replied(request, type, frame);
        }
        return true;
    }

    private void replied(Request request, MessageType type, ByteBuf frame) {
        sentRequests.answered(request.left, latency);
        flushes.replied(request);
        Verdict verdict = verdict(request, type, frame);
        fids.settle(request, switch (verdict) {
            case SUCCESS -> Outcome.DONE;
            case PARTIAL, ERROR -> Outcome.FAILED;
            case WRONG -> Outcome.UNKNOWN;
        });
        ClientConversation clientConversation = request.share;
        if (clientConversation.isLeft() && request.type != MessageType.TBEHIND) {
            frame.release();
            request.lost();
        } else {
            clientConversation.reply(request, frame, verdict);
        }
        bytes -= request.cost;
        clientConversation.settled(request);
        if (request.flushing) {
            request.replied = true;
        } else {
            done(request);
        }
    }

    private static Verdict verdict(Request request, MessageType type, ByteBuf frame) {
        if (type != MessageType.RGRANTED) {
            return ReplyCheck.of(request, type, frame);
        }
        return request.unwrap(frame) ? ReplyCheck.of(request, MessageType.of(frame), frame) : Verdict.WRONG;
    }

    /** The answer to a Tbreak or Tbreaks. Another than Rbreak or Rbreaks says nothing of the leases. */
    private void brokenOff(Request request, MessageType type) {
        Runnable next = type == request.type.reply() ? request.givenUp : request.refused;
        done(request);
        next.run();
    }

    /** An Rflush, or whatever else answers a Tflush: if no reply has come before it, none will. */
    private void flushed(Request flush) {
        Request target = flush.target;
        if (target == null) {
            done(flush);
            List<Runnable> answered = List.copyOf(probing);
            probing.clear();
            answered.forEach(Runnable::run);
            return;
        }
        if (!target.replied) {
            ClientConversation clientConversation = target.share;
            fids.settle(target, Outcome.UNKNOWN);
            bytes -= target.cost;
            target.lost();
            clientConversation.settled(target);
        }
        done(target);
        done(flush);
    }

    private void done(Request request) {
        if (request.cleanup) {
            departures.answered();
        }
        tags.release(request);
        pool.give(request);
    }
}
