package dev.ninetunnel.link;

import dev.ninetunnel.link.Turns.Flow;
import dev.ninetunnel.link.Turns.Item;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.NumberMap;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * What waits for a link that is slower than those who send, and which of it is next. Small frames go before bulk, in the
 * order in which they came. Bulk goes in {@link Turns}, by bytes: over clients (a local client here, an attach of the far
 * side), and for each over its fids, because one client may be a kernel with many processes.
 *
 * <p>Some frames must not change places:
 * <ul>
 * <li>two requests that name a common fid: a small one waits behind bulk on one of its fids, and from then on what comes later
 * on its other fid does, too;
 * <li>a Tflush and the request that it names, when that waits among the bulk;
 * <li>an Rflush and the reply that it cancels: who sends the Rflush has the reply dropped first ({@link #cancel}).
 * </ul>
 *
 * <p>Where the link is slow for the size of a frame, and the far side agrees, bulk leaves in parts ({@link InParts}), and small
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
    /** So many bytes of small frames leave before bulk that has waited longer than the next of them gets a turn. */
    static final int MOST_BEFORE_BULK = 256 << 10;

    private final Exit exit;
    private final ArrayDeque<Item> small = new ArrayDeque<>();
    private final Turns bulk = new Turns();
    /** Where requests that name a fid have to queue, because others that name it wait there. */
    private final NumberMap<Flow> requestsByFid = new NumberMap<>();
    private final NumberMap<Flow> requestsByTag = new NumberMap<>();
    private final NumberMap<Flow> repliesByFid = new NumberMap<>();
    private final NumberMap<Flow> repliesByTag = new NumberMap<>();
    private long stamps;
    private long requestBytes;
    private long replyBytes;
    private int smallInARow;
    /** The bulk of which some parts have left, or none yet; null if there is none. */
    private InParts leaving;

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
        if (mayLeave && InParts.isWhole(frame, exit.largestPart())) {
            exit.send(frame);
            return;
        }
        count(frame, frame.readableBytes());
        Item item = new Item(frame, stamps++);
        Flow flow = Frame.isRequest(frame) ? requestFlow(frame, client) : replyFlow(frame, client, fid);
        if (flow == null) {
            small.add(item);
        } else {
            bulk.add(flow, item);
        }
        if (mayLeave) {
            pump();
        }
    }

    /** Sends as much as there is room for. */
    public void pump() {
        while (!isEmpty() && exit.hasRoom()) {
            if (!isBulksTurn()) {
                sendSmall();
            } else if (leaving == null) {
                beginBulk();
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
        Flow flow = repliesByTag.remove(tag);
        if (flow == null) {
            return;
        }
        Item reply = flow.items.stream().filter(item -> Frame.tag(item.frame()) == tag).findFirst().orElseThrow();
        flow.items.remove(reply);
        count(reply.frame(), -reply.frame().readableBytes());
        reply.frame().release();
        if (flow.items.isEmpty()) {
            forget(flow);
            bulk.withdraw(flow);
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
        small.forEach(item -> item.frame().release());
        small.clear();
        bulk.release();
        requestsByFid.clear();
        requestsByTag.clear();
        repliesByFid.clear();
        repliesByTag.clear();
        requestBytes = 0;
        replyBytes = 0;
    }

    private boolean isEmpty() {
        return small.isEmpty() && hasNoBulk();
    }

    private boolean hasNoBulk() {
        return leaving == null && bulk.isEmpty();
    }

    private void count(ByteBuf frame, int bytes) {
        if (Frame.isRequest(frame)) {
            requestBytes += bytes;
        } else {
            replyBytes += bytes;
        }
    }

    // ---- where a frame waits

    /** The flow that a reply joins; null if it is a small one. */
    private Flow replyFlow(ByteBuf frame, Object client, int fid) {
        if (frame.readableBytes() <= SMALL) {
            return null;
        }
        Flow flow = repliesByFid.get(fid);
        if (flow == null) {
            flow = newFlow(client);
            flow.fids.add(fid);
            repliesByFid.put(fid, flow);
        }
        repliesByTag.put(Frame.tag(frame), flow);
        return flow;
    }

    /** The flow that a request joins; null if it is a small one that nothing holds back. */
    private Flow requestFlow(ByteBuf frame, Object client) {
        MessageType type = MessageType.of(frame);
        Flow flow = type == MessageType.TFLUSH
                ? requestsByTag.get(Frame.int16(frame, Frame.HEADER))
                : flowOfFids(frame, type);
        if (flow == null && frame.readableBytes() > SMALL) {
            flow = newFlow(client);
        }
        if (flow != null) {
            for (int i = 0; i < type.fidCount(); i++) {
                bind(Frame.int32(frame, type.fid(i).in(frame)), flow);
            }
            requestsByTag.put(Frame.tag(frame), flow);
        }
        return flow;
    }

    private Flow flowOfFids(ByteBuf frame, MessageType type) {
        if (requestsByFid.isEmpty()) {
            return null;
        }
        Flow found = null;
        for (int i = 0; i < type.fidCount(); i++) {
            Flow flow = requestsByFid.get(Frame.int32(frame, type.fid(i).in(frame)));
            if (found != null && flow != null && flow != found) {
                join(found, flow);
            } else if (flow != null) {
                found = flow;
            }
        }
        return found;
    }

    private Flow newFlow(Object client) {
        return bulk.newFlow(client == null ? this : client);
    }

    private void bind(int fid, Flow flow) {
        if (fid != Frame.NOFID && requestsByFid.put(fid, flow) != flow) {
            flow.fids.add(fid);
        }
    }

    /** What waits in the second waits in the first from here on, behind what is there. */
    private void join(Flow into, Flow from) {
        bulk.withdraw(from);
        for (Item item : from.items) {
            requestsByTag.put(Frame.tag(item.frame()), into);
            bulk.add(into, item);
        }
        from.fids.forEach(fid -> bind(fid, into));
    }

    // ---- which is next

    private boolean isBulksTurn() {
        if (small.isEmpty() || hasNoBulk()) {
            return small.isEmpty();
        }
        return smallInARow >= MOST_BEFORE_BULK
                && (leaving != null || bulk.peek().items.element().stamp() < small.element().stamp());
    }

    private void sendSmall() {
        ByteBuf frame = small.remove().frame();
        smallInARow += frame.readableBytes();
        count(frame, -frame.readableBytes());
        exit.send(frame);
    }

    /** Sends the bulk whose turn it is, or begins to. */
    private void beginBulk() {
        smallInARow = 0;
        Flow flow = bulk.peek();
        ByteBuf frame = bulk.next();
        if (InParts.isWhole(frame, exit.largestPart())) {
            count(frame, -frame.readableBytes());
            hasLeft(frame, flow);
            exit.send(frame);
        } else {
            leaving = new InParts(frame, flow);
        }
    }

    private void sendPart(int most) {
        smallInARow = 0;
        InParts sending = leaving;
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
        hasLeft(frame, sending.flow());
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
        hasLeft(frame, leaving.flow());
        leaving = null;
        frame.release();
    }

    /** Nothing has to queue behind this frame any more, nor in its flow if that holds no other. */
    private void hasLeft(ByteBuf frame, Flow flow) {
        (Frame.isRequest(frame) ? requestsByTag : repliesByTag).remove(Frame.tag(frame));
        if (flow.items.isEmpty()) {
            forget(flow);
        }
    }

    private void forget(Flow flow) {
        for (int fid : flow.fids) {
            if (requestsByFid.get(fid) == flow) {
                requestsByFid.remove(fid);
            }
            if (repliesByFid.get(fid) == flow) {
                repliesByFid.remove(fid);
            }
        }
    }
}
