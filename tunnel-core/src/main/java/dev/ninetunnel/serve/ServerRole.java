package dev.ninetunnel.serve;

import dev.ninetunnel.audit.Trail;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.lease.Holder;
import dev.ninetunnel.lease.Recalls;
import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.ReadingValve;
import dev.ninetunnel.meter.ServedRequests;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.Wrapped;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The half of an endpoint that serves one far side: it takes the requests of a conversation and answers each of them
 * once (rule S1), from the exported trees or by passing it on to an upstream server.
 *
 * <p>Everything here happens on the event loop that it was made with, but for the work on files, which is done by
 * workers and comes back to the loop. A frame that breaks the layout of its type makes {@link #accept} throw {@link
 * MalformedMessageException}; the caller closes the link then (rule L2).
 */
public final class ServerRole implements FrameSink {
    /**
     * Whom a role serves.
     *
     * @param name for the log
     * @param ours whether it is an endpoint like this, which may speak two dialects in one conversation
     * @param id its peer id; empty if it has proven none
     * @param session the first digits of the session's number; empty if it ends with its link
     */
    public record Peer(String name, boolean ours, String id, String session) {
        /** One of whom no more is known. */
        public Peer(String name, boolean ours) {
            this(name, ours, "", "");
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ServerRole.class);
    private static final Text UNKNOWN = Text.of("unknown");

    private final EventLoop loop;
    private final Exports exports;
    private final Quota quota;
    private final Workers workers;
    private final ServerLimits limits;
    private final Peer peer;
    private final Trail trail;
    private final ReplySender replies;
    private final ReadingValve valve;

    /** Null before the first Tversion, and when it was not agreed to. */
    private Conversation conversation;
    /** Null without leases. */
    private RecallRequests recalls;
    /** Null if nothing is granted, to whomever. */
    private Granter granter;
    /** Null if nothing is granted to the far side. */
    private Holder holder;
    private long messages;
    private long unsentBytes;
    private boolean paused;
    private boolean closed;

    /** A role that begins with a Tversion, for a peer that shares nothing with others and is not bounded besides. */
    public ServerRole(EventLoop loop, Exports exports, Workers workers, ServerLimits limits, Peer peer,
            FrameSink replies, ReadingValve valve) {
        this(loop, exports, new Quota(loop, Rights.Limits.NONE), workers, limits, peer, Trail.NONE, replies, valve);
    }

    /**
     * A role that begins with a Tversion.
     *
     * @param quota what the peer uses, over all its roles
     * @param trail takes what is to be on record
     * @param replies takes the replies, on the loop
     * @param valve stops the reading of requests while too much is held
     */
    public ServerRole(EventLoop loop, Exports exports, Quota quota, Workers workers, ServerLimits limits,
            Peer peer, Trail trail, FrameSink replies, ReadingValve valve) {
        this.loop = loop;
        this.exports = exports;
        this.quota = quota;
        this.workers = workers;
        this.limits = limits;
        this.peer = peer;
        this.trail = trail;
        this.replies = new ReplySender(loop, replies);
        this.valve = valve;
    }

    /** Its requests are counted there, with those of others. Before the conversation begins. */
    public void countIn(ServedRequests shared) {
        replies.countIn(shared);
    }

    /** Leases are granted by this, to this far side or others: changes tell it. Before the conversation begins. */
    public void grantBy(Granter shared) {
        granter = shared;
    }

    /** Both sides have agreed on leases: from now on what is of leases is known, and recalls of the far side go there. */
    public void takeRecalls(Recalls taker) {
        recalls = new RecallRequests(taker, this::send);
    }

    /** The far side can be asked from now on, so that leases may be granted to it, of this term. */
    public void grant(Duration term, Recalls toFarSide) {
        if (granter != null && !closed) {
            holder = granter.join(peer.id, term, toFarSide);
            // Nothing is answered before the far side has been told what programs of this host have changed.
            replies.beforeEach(granter::hear);
        }
    }

    /** Takes a request. The frame is released here, sooner or later, also when this throws. */
    @Override
    public void accept(ByteBuf frame) {
        if (closed) {
            frame.release();
            return;
        }
        messages++;
        if (holder != null) {
            granter.heard(holder);
        }
        MessageType type = recalls == null ? MessageType.of(frame) : MessageType.withLeases(frame);
        if (!Frame.isRequest(frame)) {
            LOG.debug("{} sent a reply where requests are taken; it is dropped", peer.name);
            frame.release();
            return;
        }
        if (type == null) {
            refuse(frame, Errno.EOPNOTSUPP);
            return;
        }
        try {
            check(frame, type);
        } catch (RuntimeException e) {
            frame.release();
            throw e;
        }
        if (type == MessageType.TVERSION) {
            version(frame);
        } else if (conversation == null) {
            refuse(frame, Errno.EPROTO);
        } else if (type.isOfLeases()) {
            ofLeases(frame, type);
        } else {
            conversation.enter(frame, type, 0);
            regulate();
        }
    }

    @Override
    public void endOfBatch() {
        replies.served().turnEnds();
    }

    private void ofLeases(ByteBuf frame, MessageType type) {
        switch (type) {
            case TWANT -> {
                int want = Wrapped.want(frame);
                Wrapped.unwrap(frame);
                conversation.enter(frame, MessageType.of(frame), want);
                regulate();
            }
            case TBREAK, TBREAKS -> {
                try {
                    recalls.take(frame, type);
                } finally {
                    frame.release();
                }
            }
            case TLIST -> {
                conversation.enter(frame, type, 0);
                regulate();
            }
            case TBEHIND -> behind(frame);
            default -> refuse(frame, Errno.EOPNOTSUPP);
        }
    }

    private void behind(ByteBuf frame) {
        long lease = Wrapped.leaseBehind(frame);
        if (holder == null || lease == Request.NOT_BEHIND) {
            refuse(frame, Errno.ESTALE);
            return;
        }
        Wrapped.unwrapBehind(frame);
        conversation.enter(frame, MessageType.of(frame), 0, lease);
        regulate();
    }

    private void check(ByteBuf frame, MessageType type) {
        type.check(frame);
        int wrapping = type.isOfLeases() ? Wrapped.GRANTED : 0;
        if (conversation != null && frame.readableBytes() > conversation.msize() + wrapping) {
            throw new MalformedMessageException("a " + type + " of " + frame.readableBytes() + " bytes, where "
                    + conversation.msize() + " were agreed");
        }
    }

    private void refuse(ByteBuf frame, Errno errno) {
        Dialect dialect = conversation == null ? Dialect.PLAIN : conversation.dialect();
        int tag = Frame.tag(frame);
        frame.release();
        send(Replies.error(dialect, tag, errno));
    }

    /** Tversion (version(5)): begins a new conversation and ends the one before (rule S17). */
    private void version(ByteBuf frame) {
        Tversion asked = (Tversion) Tmessage.readChecked(frame);
        int tag = Frame.tag(frame);
        frame.release();
        Conversation before = conversation;
        Rversion answer = begin(asked);
        if (before == null) {
            send(Replies.frame(answer, tag));
        } else {
            // Locks of the old conversation are gone when the new one hears of its beginning.
            before.end(() -> send(Replies.frame(answer, tag)));
        }
    }

    /**
     * Begins a conversation with a Tversion that came by another way than {@link #accept}. For a role that has none yet.
     *
     * @return the answer, which the caller sends; {@link #msize} is 0 if nothing was agreed
     */
    public Rversion begin(Tversion asked) {
        int msize = (int) Math.min(Integer.toUnsignedLong(asked.msize()), limits.msize());
        Optional<AgreedVersion> agreed = msize < Frame.MIN_MSIZE
                ? Optional.empty()
                : AgreedVersion.of(asked, peer.ours);
        conversation = agreed.map(known -> new Conversation(this, known.dialect(), msize)).orElse(null);
        return new Rversion(msize, agreed.map(AgreedVersion::version).orElse(UNKNOWN));
    }

    /** The msize that was agreed on, in bytes, or 0 before that. */
    public int msize() {
        return conversation == null ? 0 : conversation.msize();
    }

    /**
     * Says how many bytes of this role's replies wait to be sent, or are kept because the far side may lack them. The
     * sender of these calls this when it changes by much; as long as it is too much, no request is begun.
     */
    public void unsent(long bytes) {
        unsentBytes = bytes;
        if (conversation != null && !closed) {
            conversation.pump();
        }
        regulate();
    }

    /** How many fids are in use. */
    public int fids() {
        return conversation == null ? 0 : conversation.fidCount();
    }

    /** How many requests have no reply yet. */
    public int requests() {
        return conversation == null ? 0 : conversation.requestCount();
    }

    /** How many requests have come, all in all. */
    public long messages() {
        return messages;
    }

    /** The conversation is over: nothing more is written, every fid is closed (off the loop), its locks go with it. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        replies.close();
        if (conversation != null) {
            conversation.end(null);
        }
        if (holder != null) {
            granter.leave(holder);
        }
    }

    ReplySender replies() {
        return replies;
    }

    /** Null if nothing is granted. */
    Granter granter() {
        return granter;
    }

    /** The far side as one that may hold leases; null if it may not. */
    Holder holder() {
        return holder;
    }

    ServerLimits limits() {
        return limits;
    }

    Workers workers() {
        return workers;
    }

    Quota quota() {
        return quota;
    }

    Exports exports() {
        return exports;
    }

    Peer peer() {
        return peer;
    }

    /** Takes what is to be on record about the peer. */
    public Trail trail() {
        return trail;
    }

    EventLoop loop() {
        return loop;
    }

    /** Whether there is room for more replies. */
    boolean mayReply() {
        return unsentBytes <= limits.replyBytes();
    }

    /** Sends a reply to what has not entered the conversation. */
    private void send(ByteBuf reply) {
        replies.send(reply);
    }

    /** Pauses reading above the limit, and goes on below half of it, lest it flutter. */
    void regulate() {
        long held = unsentBytes + (conversation == null ? 0 : conversation.heldBytes());
        if (!paused && !closed && held > limits.heldBytes()) {
            paused = true;
            valve.pause();
        } else if (paused && held <= limits.heldBytes() / 2) {
            paused = false;
            valve.resume();
        }
    }

    /** Has the loop do something, from any thread, unless the endpoint has stopped. */
    void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the loop of {} has ended", peer.name);
        }
    }

    /** Has a worker do something, and the loop something with what came of it. */
    void onWorker(Supplier<ByteBuf> work, Consumer<ByteBuf> then) {
        workers.execute(() -> take(List.of(new WorkerResult(work.get(), then))));
    }

    /** The same, after what was handed in for this slot before. */
    void inOrder(FidQueue fidQueue, Supplier<ByteBuf> work, Consumer<ByteBuf> then) {
        fidQueue.inOrder(workers, this::take).execute(() -> new WorkerResult(work.get(), then));
    }

    private void take(List<WorkerResult> made) {
        try {
            loop.execute(() -> made.forEach(WorkerResult::deliver));
        } catch (RejectedExecutionException e) {
            // The endpoint is stopping, and nobody waits for this any more.
            made.forEach(WorkerResult::drop);
        }
    }
}
