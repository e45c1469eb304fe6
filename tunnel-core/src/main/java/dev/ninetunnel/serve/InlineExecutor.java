package dev.ninetunnel.serve;

import dev.ninetunnel.serve.FidQueue.Ticket;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.serve.tree.TreeMessages;
import dev.ninetunnel.wire.Amount;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rclunk;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * What the event loop answers itself, as the answer is in memory and to ask a worker would take longer: the attributes of
 * a file, the end of a fid that closes nothing, reads of what is in the page cache, and writes to files that are in memory. So
 * many bytes are moved in one turn; then the loop serves its other connections, and small reads and writes go first. The
 * writes of a fid keep their order, on the loop and on workers. Used on the event loop only.
 */
final class InlineExecutor {
    /** Bytes that are read and written in one turn: some tens of microseconds. */
    private static final int TURN = 512 * 1024;
    /** Reads and writes of so many bytes do not wait for a turn. */
    private static final int SMALL = 8192;
    /** Of Tread and Twrite alike. */

    private final Conversation conversation;
    private final TreeMessages messages;
    private final Runnable newTurn = this::newTurn;
    private final Runnable goOn = this::goOn;
    /** Reads and writes that wait for the next turn. */
    private final ArrayDeque<Request> later = new ArrayDeque<>();
    private int left = TURN;
    private boolean turnEnds;

    InlineExecutor(Conversation conversation, TreeMessages messages) {
        this.conversation = conversation;
        this.messages = messages;
    }

    /**
     * Takes a request that can be answered here, now or soon.
     *
     * @param hangs whether a disk of its export does not answer: then nothing is read, since even what is in memory may have to
     *     wait, to have its time of access noted
     */
    boolean takes(Request r, boolean hangs) {
        if (r.type == MessageType.TGETATTR && r.onTree.fid().answersAtOnce()) {
            r.state = Request.State.RUNNING;
            conversation.finish(r, r.perform());
            return true;
        }
        if (r.type == MessageType.TCLUNK && r.onTree.fid().closedAtOnce()) {
            r.state = Request.State.RUNNING;
            r.unbindIfEnding();
            conversation.finish(r, Replies.frame(new Rclunk(), r.tag));
            return true;
        }
        return switch (r.type) {
            case TREAD -> !hangs && messages.mayReadAtOnce(r.onTree) && (mayMoveNow(r) ? move(r) : postpone(r));
            case TWRITE -> takesWrite(r, r.turns.getFirst().slot);
            default -> false;
        };
    }

    /** A write goes neither before one that waits here nor before one that a worker has. */
    private boolean takesWrite(Request r, FidQueue fidQueue) {
        if (fidQueue.hasLater()) {
            return postpone(r);
        }
        if (fidQueue.hasHandedOver() || !messages.mayWriteAtOnce(r.onTree)) {
            return false;
        }
        return mayMoveNow(r) ? move(r) : postpone(r);
    }

    private boolean postpone(Request r) {
        if (later.isEmpty()) {
            // Not by execute: the loop would do that before it looks at its connections again.
            conversation.role().loop().schedule(goOn, 0, TimeUnit.NANOSECONDS);
        }
        later.add(r);
        if (r.type == MessageType.TWRITE) {
            Ticket ticket = r.turns.getFirst();
            ticket.slot.postpone(ticket);
        }
        return true;
    }

    private boolean mayMoveNow(Request r) {
        return Integer.compareUnsigned(Frame.int32(r.frame, Amount.COUNT_AT), SMALL) <= 0
                || (left > 0 && later.isEmpty());
    }

    /** Answers a read or a write, or says that a worker has to. */
    private boolean move(Request r) {
        boolean write = r.type == MessageType.TWRITE;
        ByteBuf reply = r.perform(() -> write ? messages.writeAtOnce(r.onTree) : messages.readAtOnce(r.onTree));
        if (reply == null) {
            return false;
        }
        left -= write ? r.size : reply.readableBytes();
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
            if (r.state == Request.State.WAITING && !goesOn(r)) {
                conversation.toWorker(r);
            }
        }
        if (!later.isEmpty()) {
            conversation.role().loop().schedule(goOn, 0, TimeUnit.NANOSECONDS);
        }
        conversation.pump();
    }

    /** Answers what has waited, if that can be done still. */
    private boolean goesOn(Request r) {
        if (r.type == MessageType.TWRITE) {
            Ticket ticket = r.turns.getFirst();
            ticket.slot.resume(ticket);
            if (ticket.slot.hasHandedOver() || !messages.mayWriteAtOnce(r.onTree)) {
                return false;
            }
        }
        return conversation.role().mayReply() && move(r);
    }
}
