package dev.ninetunnel.session;

import dev.ninetunnel.link.Heartbeat;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.queue.FairQueue;
import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Optional;

/**
 * What carries the two roles of a session, whatever link there is: frames wait here for their turn, or for a link, and are
 * entered in the ledger as they leave. On the session's loop.
 */
final class Outbound implements ServerBinding.Carrier {
    private final boolean lasting;
    private final FairQueue queue = new FairQueue(new Leaving());
    private final Ledger ledger = new Ledger();
    private final Totals totals;
    private Link link;
    private Heartbeat heartbeat;
    /** The largest frame that may come, in bytes, and what may be wrapped around it. */
    private int frameLimit;
    private int wrapping;
    private boolean readingPaused;
    private boolean closed;

    /** Without a link; if it is lasting, what is sent is kept until the far side has shown to have it. */
    Outbound(EventExecutor loop, boolean lasting) {
        this.lasting = lasting;
        this.totals = new Totals(loop);
    }

    Optional<Link> link() {
        return Optional.ofNullable(link);
    }

    boolean leadsTo(Link other) {
        return other.equals(link);
    }

    Ledger ledger() {
        return ledger;
    }

    /** What has gone over it until now. */
    SessionStats totals() {
        return totals.now(link, heartbeat);
    }

    /** Asks the far side for a sign of life, over a link that may be lost. */
    void networkChanged() {
        if (heartbeat != null) {
            heartbeat.networkChanged();
        }
    }

    /** For how long nothing has come, where an answer is overdue. */
    Optional<Duration> overdue() {
        return heartbeat == null ? Optional.empty() : heartbeat.overdue();
    }

    /** The bytes that wait, or are kept. */
    long bytes() {
        return ledger.keptBytes() + queue.bytes();
    }

    /** The bytes of replies that wait here or in the link, or are kept. */
    @Override
    public long unsentBytes() {
        long unsent = link == null ? 0 : link.unsentBytes();
        return Math.max(unsent, ledger.keptReplyBytes()) + queue.replyBytes();
    }

    /** Whether there has been no link. */
    boolean isNew() {
        return totals.isNew();
    }

    // ---- links

    /** Goes over to a link, of which the far side has the given number of frames. There is none now. */
    void moveTo(Link next, long theirs, Heartbeat watch) {
        if (lasting) {
            ledger.resend(theirs, next);
        }
        link = next;
        heartbeat = watch;
        heartbeat.start();
        limitFrames();
        if (readingPaused) {
            next.pauseReading();
        }
        totals.linked();
    }

    /** Lets go of the link that there is, which is returned. */
    Link leave() {
        Link left = link;
        heartbeat.stop();
        totals.unlinked(left);
        heartbeat = null;
        link = null;
        queue.startOver();
        return left;
    }

    /** The link takes more: who is next? */
    void pump() {
        queue.pump();
        endOfBatch();
    }

    /** Nothing is sent any more, and nothing kept. */
    void close() {
        closed = true;
        queue.release();
        ledger.release();
    }

    @Override
    public void pause() {
        readingPaused = true;
        link().ifPresent(Link::pauseReading);
    }

    @Override
    public void resume() {
        readingPaused = false;
        link().ifPresent(Link::resumeReading);
    }

    /** One of the two conversations takes messages of this many bytes. */
    @Override
    public void frameLimit(int bytes) {
        frameLimit = Math.max(frameLimit, bytes);
        limitFrames();
    }

    /** So many bytes more may be wrapped around each message. */
    void wrapping(int bytes) {
        wrapping = bytes;
        limitFrames();
    }

    private void limitFrames() {
        if (link != null && frameLimit > 0) {
            link.frameLimit(frameLimit + wrapping);
        }
    }

    // ---- frames

    @Override
    public void accept(ByteBuf frame) {
        accept(frame, null, Frame.NOFID);
    }

    @Override
    public void accept(ByteBuf frame, Object client, int fid) {
        if (closed) {
            frame.release();
        } else {
            queue.add(frame, client, fid);
        }
    }

    @Override
    public void cancel(int tag) {
        queue.cancel(tag);
    }

    @Override
    public void endOfBatch() {
        if (link != null) {
            link.endOfBatch();
        }
    }

    /** The way from the queue to the link, and into the ledger: what waits in the queue has not been sent. */
    private final class Leaving implements FairQueue.Exit {
        @Override
        public boolean hasRoom() {
            return link != null && link.hasRoom();
        }

        @Override
        public void send(ByteBuf frame) {
            if (lasting) {
                ledger.sending(frame);
            }
            link.accept(frame);
        }

        @Override
        public int largestPart() {
            return link == null ? Integer.MAX_VALUE : link.largestPart();
        }

        /** A frame is sent when its last part is: until then the far side cannot have it. */
        @Override
        public void sendPart(ByteBuf frame, int from, int to) {
            if (lasting && to == frame.readableBytes()) {
                ledger.sending(frame);
            }
            link.acceptPart(frame, from, to);
        }
    }
}
