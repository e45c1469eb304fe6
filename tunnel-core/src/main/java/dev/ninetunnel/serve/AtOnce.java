package dev.ninetunnel.serve;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rclunk;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * What the event loop answers itself, as the answer is in memory and to ask a worker would take longer: the attributes of
 * a file, the end of a fid that closes nothing, and data that is in the page cache. So many bytes are read in one go; then whoever else is served by the loop
 * has a turn, and small reads go first. Used on the event loop only.
 */
final class AtOnce {
    /** What is read in one go, in bytes: some tens of microseconds. */
    private static final int TURN = 512 * 1024;
    /** Reads of so many bytes do not wait for a turn. */
    private static final int SMALL = 8192;
    private static final int COUNT_OFFSET = Frame.HEADER + 4 + 8;

    private final Conversation conversation;
    private final TreeMessages messages;
    private final Runnable newTurn = this::newTurn;
    private final Runnable goOn = this::goOn;
    /** Reads that wait for the next turn. */
    private final ArrayDeque<Request> later = new ArrayDeque<>();
    private int left = TURN;
    private boolean turnEnds;

    AtOnce(Conversation conversation, TreeMessages messages) {
        this.conversation = conversation;
        this.messages = messages;
    }

    /** Takes a request that can be answered here, now or soon. */
    boolean takes(Request r) {
        if (r.type == MessageType.TGETATTR && r.fid.node.answersAtOnce()) {
            r.state = Request.State.RUNNING;
            conversation.finish(r, r.perform());
            return true;
        }
        if (r.type == MessageType.TCLUNK && r.fid.closedAtOnce()) {
            r.state = Request.State.RUNNING;
            r.unbindIfEnding();
            conversation.finish(r, Replies.frame(new Rclunk(), r.tag));
            return true;
        }
        if (r.type != MessageType.TREAD || !messages.mayReadAtOnce(r)) {
            return false;
        }
        if (mayReadNow(r)) {
            return read(r);
        }
        if (later.isEmpty()) {
            // Not by execute: the loop would do that before it looks at its connections again.
            conversation.role().loop().schedule(goOn, 0, TimeUnit.NANOSECONDS);
        }
        later.add(r);
        return true;
    }

    private boolean mayReadNow(Request r) {
        return Integer.compareUnsigned(Frame.int32(r.frame, COUNT_OFFSET), SMALL) <= 0
                || (left > 0 && later.isEmpty());
    }

    /** Answers a read, or says that a worker has to. */
    private boolean read(Request r) {
        ByteBuf reply = r.perform(() -> messages.readAtOnce(r));
        if (reply == null) {
            return false;
        }
        left -= reply.readableBytes();
        if (!turnEnds) {
            turnEnds = true;
            conversation.role().loop().execute(newTurn);
        }
        conversation.finish(r, reply);
        return true;
    }

    private void newTurn() {
        turnEnds = false;
        left = TURN;
    }

    private void goOn() {
        left = TURN;
        while (!later.isEmpty() && left > 0) {
            Request r = later.remove();
            boolean waits = r.state == Request.State.WAITING;
            if (waits && (!conversation.role().mayReply() || !read(r))) {
                conversation.toWorker(r);
            }
        }
        if (!later.isEmpty()) {
            conversation.role().loop().schedule(goOn, 0, TimeUnit.NANOSECONDS);
        }
        conversation.pump();
    }
}
