package dev.ninetunnel.link;

import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.tls.TlsFailure;
import dev.ninetunnel.tls.TlsInfo;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Part;
import dev.ninetunnel.wire.PartJoiner;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TLS connection to a peer that has proven who it is. It carries two 9P conversations, one each way: requests from
 * the peer and replies to it, requests to the peer and replies from it. Which is which is told by the low bit of a
 * message's type and by nothing else.
 *
 * <p>It takes frames to send as a {@link FrameSink}: {@link #accept} queues one, {@link #endOfBatch} sends what is
 * queued, so that small frames share a TLS record; a batch without an end is sent when the loop's turn is over. Frames that
 * come are handed to the two sinks of {@link #route}, in order.
 *
 * <p>All methods are called on the link's event loop, except {@link #close} and those that only tell something fixed.
 */
public final class Link implements FrameSink {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    /** A larger batch is sent piece by piece: only what is flushed is known to be taken or not. */
    private static final int MOST_UNFLUSHED = 64 << 10;

    private final Channel channel;
    private final String where;
    private final Peer peer;
    private final boolean ours;
    private final TlsInfo tls;
    private final String refusalAdvice;
    private final FrameDecoder decoder;
    private final PartJoiner joiner;
    private final Splitter splitter = new Splitter(this);
    private final Activity activity;
    private final SendBufferTuner sendBufferTuner;
    private final CompletableFuture<LinkEnd> closed = new CompletableFuture<>();
    private final Traffic sent = new Traffic();
    private final Traffic received = new Traffic();
    private Runnable onWritable = () -> {};
    private long begun;
    private LinkEnd end;
    private String session = "";
    private boolean divides;
    private boolean unsent;
    private int unflushedBytes;

    public Link(Channel channel, String where, Peer peer, boolean ours, TlsInfo tls, int firstFrame,
            String refusalAdvice) {
        this.channel = channel;
        this.where = where;
        this.peer = peer;
        this.ours = ours;
        this.tls = tls;
        this.refusalAdvice = refusalAdvice;
        this.decoder = new FrameDecoder(firstFrame);
        this.joiner = new PartJoiner(firstFrame);
        this.activity = new Activity(channel.eventLoop().ticker());
        this.sendBufferTuner = new SendBufferTuner(channel.eventLoop().ticker(),
                channel.config().getWriteBufferHighWaterMark());
        this.begun = channel.eventLoop().ticker().nanoTime();
    }

    /** Begins to take what the peer sends. On the event loop, once, when the handshake is over; returns this. */
    public Link start() {
        Loopback.settle(channel);
        channel.pipeline()
                .addFirst(activity, sendBufferTuner)
                .addLast(decoder, joiner, splitter);
        LOG.info("link with {} is up: {}{}", this, tls, ours ? "" : ", an ordinary 9P program");
        return this;
    }

    /** Whose key was proven. */
    public PeerId peer() {
        return peer.id();
    }

    /** Who was let in: the key with the name that it had then. */
    public Peer letIn() {
        return peer;
    }

    /** The peer's name here. */
    public String peerName() {
        return peer.name();
    }

    /** Whether the peer is an endpoint too (ALPN {@code ninetunnel/1}); otherwise it is an ordinary 9P program. */
    public boolean ours() {
        return ours;
    }

    /** What protects the link. */
    public TlsInfo tls() {
        return tls;
    }

    /** Where the peer is, for people: its address, or the way to it. */
    public String where() {
        return where;
    }

    /** Says which session it carries, for the record: the first digits of its number. */
    public void carries(String which) {
        session = which;
    }

    /** The session that it was last said to carry; empty if none, or one that has no number. */
    public String session() {
        return session;
    }

    /** The loop on which everything about this link happens. */
    public EventLoop loop() {
        return channel.eventLoop();
    }

    /** Completes, on the loop, when the connection is closed. */
    public CompletableFuture<LinkEnd> closed() {
        return closed.copy();
    }

    /**
     * Says who takes the frames, and begins to read. After each batch both sinks are told its end. May be called again,
     * and holds for the frames that follow.
     *
     * @param requests takes frames of even type: for the server role
     * @param replies takes frames of odd type: for the client role
     */
    public void route(FrameSink requests, FrameSink replies) {
        splitter.route(requests, replies);
        resumeReading();
    }

    /** Sets the largest frame to accept from now on, in bytes: the greater of the two conversations' msizes. */
    public void frameLimit(int msize) {
        decoder.limit(msize);
        joiner.limit(msize);
    }

    /** Both sides have said that they take messages in parts: from now on either may send them so. */
    public void divide() {
        divides = true;
        joiner.agree();
    }

    /** How many bytes of a message should leave in one piece now; {@link Integer#MAX_VALUE} if messages are not divided. */
    public int largestPart() {
        return divides ? sendBufferTuner.bytes() : Integer.MAX_VALUE;
    }

    /**
     * Stops reading from the connection. It stops both conversations, so a caller that stops because the peer does not take
     * replies must be sure that the peer does not do the same: the bound on a peer's requests is the better brake.
     */
    public void pauseReading() {
        channel.config().setAutoRead(false);
    }

    /** Reads again. */
    public void resumeReading() {
        channel.config().setAutoRead(true);
    }

    /** Whether it is being read. */
    boolean isReading() {
        return channel.config().isAutoRead();
    }

    /**
     * Whether it wants more frames now: little enough waits here that small ones which come later need not wait for long.
     * Frames are taken either way.
     */
    public boolean hasRoom() {
        return unflushedBytes < mostUnflushed() && channel.isWritable();
    }

    /** What this side has sent. */
    public Traffic sent() {
        return sent;
    }

    /** What the peer has sent. */
    public Traffic received() {
        return received;
    }

    /** How many bytes wait for the connection to take them. */
    public long unsentBytes() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    /** Its connection, by the loop's ticker, is older than this object. */
    public void begunAt(long nanos) {
        begun = nanos;
    }

    /** For how long there has been the connection, if the peer has dialled; else, for how long the peer has been proven. */
    public Duration age() {
        return Duration.ofNanos(loop().ticker().nanoTime() - begun);
    }

    /** Whether a frame has come in part. */
    boolean isAmidFrame() {
        return decoder.isAmidFrame();
    }

    /** When bytes last came, in nanoseconds of the loop's ticker. */
    public long lastReceived() {
        return activity.received();
    }

    /** When bytes were last written, in nanoseconds of the loop's ticker. */
    long lastSent() {
        return activity.sent();
    }

    /** A number that changes when the socket takes some of what waits; 0 when nothing waits. */
    long writeMark() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        Object first = waiting == null ? null : waiting.current();
        return first == null
                ? 0
                : 1 + waiting.currentProgress() + ((long) System.identityHashCode(first) << 32);
    }

    /** What to do, on the loop, whenever the link has become writable again. */
    public void onWritable(Runnable action) {
        onWritable = action;
    }

    @Override
    public void accept(ByteBuf frame) {
        FrameLog.sent(peerName(), frame);
        sent.count(frame);
        int bytes = frame.readableBytes();
        channel.write(frame, channel.voidPromise());
        written(bytes);
    }

    /**
     * Takes a part of a frame: its bytes from one offset to another, behind all before them; the last when they end where the
     * frame does, as which it counts. The frame stays its owner's, who may release it at once. Only after {@link #divide}.
     */
    public void acceptPart(ByteBuf frame, int from, int to) {
        if (to == frame.readableBytes()) {
            FrameLog.sent(peerName(), frame);
            sent.count(frame);
        }
        channel.write(Part.header(channel.alloc(), frame, to - from), channel.voidPromise());
        channel.write(frame.retainedSlice(frame.readerIndex() + from, to - from), channel.voidPromise());
        written(Frame.HEADER + to - from);
    }

    private int mostUnflushed() {
        return Math.min(MOST_UNFLUSHED, sendBufferTuner.bytes());
    }

    private void written(int bytes) {
        unflushedBytes += bytes;
        if (unflushedBytes >= mostUnflushed()) {
            unsent = true;
            endOfBatch();
        } else if (!unsent) {
            unsent = true;
            channel.eventLoop().execute(this::endOfBatch);
        }
    }

    @Override
    public void endOfBatch() {
        if (unsent) {
            unsent = false;
            unflushedBytes = 0;
            channel.flush();
        }
    }

    /** Sends what is queued, says goodbye and closes. On any thread; once the link is closed it does nothing. */
    public void close(String reason) {
        channel.eventLoop().execute(() -> end(LinkEnd.Kind.LOCAL, reason));
    }

    /**
     * Closes without a goodbye, as if the connection had been lost: the far side, if it is there, may come back for the
     * session. What is queued is dropped. Once the link is closed it does nothing.
     */
    public void abandon(String reason) {
        if (end == null) {
            end = new LinkEnd(LinkEnd.Kind.LOST, reason);
            channel.unsafe().close(channel.unsafe().voidPromise());
        }
    }

    /** Ends for a fault of the peer: the session is over, for on another link it would go on with the same fault. */
    void faulty(String reason) {
        LOG.warn("closing the link with {}: {}", this, reason);
        end(LinkEnd.Kind.BROKEN, reason);
    }

    /** The same, because the peer speaks no 9P that this endpoint does: to dial it again is of no use. */
    public void incompatible(String reason) {
        channel.eventLoop().execute(() -> end(LinkEnd.Kind.INCOMPATIBLE, reason));
    }

    @Override
    public String toString() {
        return peerName() + " at " + where;
    }

    boolean sawFrame() {
        return splitter.sawFrame();
    }

    void writabilityChanged() {
        if (channel.isWritable()) {
            onWritable.run();
        }
    }

    void peerSaidGoodbye() {
        end(LinkEnd.Kind.GOODBYE, "the peer closed the link");
    }

    void failed(Throwable cause) {
        if (end != null) {
            return;
        }
        for (Throwable c = cause; c != null; c = c.getCause()) {
            if (c instanceof MalformedMessageException malformed) {
                LOG.warn("closing the link with {}: it sent {}", this, malformed.getMessage());
                end(LinkEnd.Kind.BROKEN, "the peer sent " + malformed.getMessage());
                return;
            }
        }
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            LOG.error("closing the link with {}: a fault in this program", this, cause);
            end(LinkEnd.Kind.LOCAL, "a fault in this program");
            return;
        }
        TlsFailure failure = TlsFailure.of(cause);
        if (failure.kind() == TlsFailure.Kind.REFUSED_BY_PEER && !splitter.sawFrame()) {
            end(LinkEnd.Kind.REFUSED, failure.detail() + ". " + refusalAdvice);
        } else {
            end = new LinkEnd(LinkEnd.Kind.LOST, failure.detail());
            PoliteClose.withoutGoodbye(channel);
        }
    }

    void ended() {
        if (end == null) {
            end = new LinkEnd(LinkEnd.Kind.LOST, "the connection ended without a goodbye");
        }
        LOG.info("link with {} is down: {}", this, end.reason());
        closed.complete(end);
    }

    private void end(LinkEnd.Kind kind, String reason) {
        if (end == null) {
            end = new LinkEnd(kind, reason);
            endOfBatch();
            channel.close();
        }
    }
}
