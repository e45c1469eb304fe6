package dev.ninetunnel.queue;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.NumberMap;
import dev.ninetunnel.wire.Wrapped;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * What waits for a link that is slower than those who send, and which of it is next: what a {@link FairScheduler} says. Clients
 * are local clients here, and attaches of the far side; flows are fids, because one client may be a kernel with many processes.
 *
 * <p>Some frames must not change places:
 * <ul>
 * <li>two requests that name a common fid ({@link FlowsByFid});
 * <li>a Tflush and the request that it names, when that waits among the bulk;
 * <li>a Tbreak or Tbreaks and what comes after it: it leaves before all that waits;
 * <li>an Rflush and the reply that it cancels: who sends the Rflush has the reply dropped first ({@link #cancel}).
 * </ul>
 *
 * <p>Where the link is slow for the size of a frame, and the far side agrees, bulk leaves in parts ({@link PartialFrame}), and small
 * frames go between them. One frame at a time leaves so, and until its last part has left it is as if it still waited.
 *
 * <p>While the link takes everything, frames pass through without waiting, and nothing is allocated. On the event loop of the
 * session.
 */
public final class FairQueue {
    /** Where frames leave. */
    public interface Exit {
        /** Whether the link wants more now. */
        boolean hasRoom();

        /** Takes a frame, which belongs to it from here on. */
        void send(ByteBuf frame);

        /** How many bytes of a frame should leave in one piece now; {@link Integer#MAX_VALUE} if frames cannot be divided. */
        default int largestPart() {
            return Integer.MAX_VALUE;
        }

        /**
         * Takes the bytes of a frame from one offset to another, behind all before them; the last when they end where the frame
         * does. The frame stays its owner's, who may release it at once.
         */
        default void sendPart(ByteBuf frame, int from, int to) {
            throw new UnsupportedOperationException();
        }
    }

    /** Larger frames are bulk: the data of reads and writes, and large directories. In bytes. */
    public static final int SMALL = 8192;

    private final Exit exit;
    /** Leaves before all else. */
    private final ArrayDeque<ByteBuf> recalls = new ArrayDeque<>(0);
    private final FairScheduler<ByteBuf> scheduler = new FairScheduler<>();
    private final FlowsByFid<ByteBuf> requestsByFid = new FlowsByFid<>(scheduler);
    private final FlowsByFid<ByteBuf> repliesByFid = new FlowsByFid<>(scheduler);
    /** Requests and replies among the bulk. */
    private final NumberMap<Queued<ByteBuf>> requestsByTag = new NumberMap<>();
    private final NumberMap<Queued<ByteBuf>> repliesByTag = new NumberMap<>();
    private long requestBytes;
    private long replyBytes;
    /** The bulk of which some parts have left, or none yet; null if there is none. */
    private PartialFrame leaving;

    /** With nothing in it. */
    public FairQueue(Exit exit) {
        this.exit = exit;
    }

    /** The bytes of the replies that wait. */
    public long replyBytes() {
        return replyBytes;
    }

    /** The bytes of all that waits. */
    public long bytes() {
        return requestBytes + replyBytes;
    }

    /**
     * Sends a frame, or lets it wait for its turn. It belongs to the queue from here on.
     *
     * @param client whose turn it takes, told by identity
     * @param fid of a reply, the fid that its request was about, or anything if there was none
     */
    public void add(ByteBuf frame, Object client, int fid) {
        boolean mayLeave = isEmpty() && exit.hasRoom();
        if (mayLeave && PartialFrame.isWhole(frame, exit.largestPart())) {
            exit.send(frame);
            return;
        }
        count(frame, frame.readableBytes());
        Object whose = client == null ? this : client;
        if (Frame.isRequest(frame)) {
            addRequest(frame, whose);
        } else {
            addReply(frame, whose, fid);
        }
        if (mayLeave) {
            pump();
        }
    }

    /** Sends as much as there is room for. */
    public void pump() {
        while (!isEmpty() && exit.hasRoom()) {
            if (!recalls.isEmpty()) {
                send(recalls.poll());
            } else if (leaving == null) {
                sendNext();
            } else if (scheduler.hasSmall() && !scheduler.isBulkDue()) {
                send(scheduler.takeSmall(true));
            } else {
                sendPart(exit.largestPart());
            }
        }
    }

    /**
     * A reply under this tag, if one waits among the bulk, is not wanted any more. If a part of it has left, the rest does at
     * once, so that nothing of it is behind what the caller sends next.
     */
    public void cancel(int tag) {
        if (leaving != null && leaving.isReply(tag)) {
            cancelLeaving();
            return;
        }
        Queued<ByteBuf> reply = repliesByTag.remove(tag);
        if (reply != null) {
            scheduler.drop(reply);
            count(reply.item(), -reply.item().readableBytes());
            reply.item().release();
        }
    }

    /** There is another link, or will be, where nothing of what has left in part has arrived. */
    public void startOver() {
        if (leaving != null) {
            count(leaving.frame(), leaving.startOver());
        }
    }

    /** Drops all that waits. */
    public void release() {
        if (leaving != null) {
            leaving.frame().release();
            leaving = null;
        }
        recalls.forEach(ByteBuf::release);
        recalls.clear();
        scheduler.clear(ByteBuf::release);
        requestsByFid.clear();
        requestsByTag.clear();
        repliesByFid.clear();
        repliesByTag.clear();
        requestBytes = 0;
        replyBytes = 0;
    }

    private boolean isEmpty() {
        return leaving == null && scheduler.isEmpty() && recalls.isEmpty();
    }

    private void count(ByteBuf frame, int bytes) {
        if (Frame.isRequest(frame)) {
            requestBytes += bytes;
        } else {
            replyBytes += bytes;
        }
    }

    // ---- where a frame waits

    private void addReply(ByteBuf frame, Object client, int fid) {
        int bytes = frame.readableBytes();
        Queued<ByteBuf> queued = new Queued<>(frame);
        if (bytes <= SMALL) {
            scheduler.add(queued, bytes, null);
        } else {
            repliesByFid.add(queued, fid, client, bytes);
            repliesByTag.put(Frame.tag(frame), queued);
        }
    }

    private void addRequest(ByteBuf frame, Object client) {
        MessageType type = MessageType.withLeases(frame);
        int bytes = frame.readableBytes();
        if (type == MessageType.TBREAK || type == MessageType.TBREAKS) {
            recalls.add(frame);
            return;
        }
        Queued<ByteBuf> queued = new Queued<>(frame);
        Queued<ByteBuf> flushed = type == MessageType.TFLUSH
                ? requestsByTag.get(Frame.int16(frame, Frame.HEADER))
                : null;
        if (flushed == null) {
            addByFid(queued, type, client, bytes);
        } else {
            scheduler.add(queued, bytes, flushed.flow);
        }
        if (queued.flow != null) {
            requestsByTag.put(Frame.tag(frame), queued);
        }
    }

    /** A message that is wrapped has its fids where it would have them if it began behind what wraps it. */
    private void addByFid(Queued<ByteBuf> queued, MessageType type, Object client, int bytes) {
        ByteBuf frame = queued.item();
        boolean wrapped = type == MessageType.TWANT;
        MessageType named = wrapped ? Wrapped.type(frame) : type;
        int from = frame.readerIndex();
        frame.readerIndex(wrapped ? from + Wrapped.WANT : from);
        requestsByFid.add(queued, frame, named, client, bytes, bytes > SMALL);
        frame.readerIndex(from);
    }

    // ---- which is next

    private void sendNext() {
        Queued<ByteBuf> next = scheduler.peek();
        ByteBuf frame = next.item();
        scheduler.take(next);
        if (next.flow != null && !PartialFrame.isWhole(frame, exit.largestPart())) {
            leaving = new PartialFrame(next);
            return;
        }
        hasLeft(next);
        send(frame);
    }

    private void send(ByteBuf frame) {
        count(frame, -frame.readableBytes());
        exit.send(frame);
    }

    private void sendPart(int most) {
        scheduler.bulkGoes();
        PartialFrame sending = leaving;
        ByteBuf frame = sending.frame();
        int from = sending.sent();
        int to = sending.next(most);
        count(frame, from - to);
        // All is in order before the exit is told, which may ask for more at once.
        if (!sending.isOver()) {
            exit.sendPart(frame, from, to);
            return;
        }
        leaving = null;
        hasLeft(sending.queued());
        exit.sendPart(frame, from, to);
        frame.release();
    }

    private void cancelLeaving() {
        if (leaving.sent() > 0) {
            sendPart(Integer.MAX_VALUE);
            return;
        }
        ByteBuf frame = leaving.frame();
        count(frame, -frame.readableBytes());
        hasLeft(leaving.queued());
        leaving = null;
        frame.release();
    }

    /** Nothing has to queue behind it any more, nor in its flow if that holds no other. */
    private void hasLeft(Queued<ByteBuf> taken) {
        if (taken.flow != null) {
            (Frame.isRequest(taken.item()) ? requestsByTag : repliesByTag).remove(Frame.tag(taken.item()));
            scheduler.settle(taken);
        }
    }
}
