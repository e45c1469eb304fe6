package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.AheadBudget;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Tread;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * What is asked of a file before the local client asks for it, because it reads one piece after the other and waits for each. How
 * far ahead doubles whenever the client has to wait all the same. What has come is good while the lease on the data is, and is
 * forgotten when it has been read. That something was asked ahead shows in nothing but the time: errors are not told, and who
 * waits for a piece that comes to nothing asks for itself.
 */
final class ReadAhead {
    /** Small reads are put together to pieces of about this size. */
    private static final int PIECE = 128 << 10;
    private final CachedClient client;
    private final Holder holder;
    private final LocalFid fid;
    private final int piece;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private int window;
    /** Where the next piece begins, and where the file is known to end. */
    private long next;
    private long end;
    private boolean over;

    /**
     * Begins where the client will read next.
     *
     * @param count of its reads, in bytes
     * @param size of the file, as far as known
     */
    ReadAhead(CachedClient client, LocalFid fid, long from, int count, long size) {
        this.client = client;
        this.holder = client.holder;
        this.fid = fid;
        this.piece = count * Math.max(1, Math.min(PIECE, client.far.mostData()) / count);
        this.window = 2 * piece;
        this.next = from;
        this.end = size;
        fill();
    }

    /** Takes a read, if it goes on where the last one ended. Returns whether it has; if not, it is of no use any more. */
    boolean take(Pending request, long offset, int count) {
        Piece first = pieces.peek();
        if (over || first == null || first.from != offset || count > first.left() || !isGood(first)) {
            stop();
            return false;
        }
        if (first.reply == null) {
            window = Math.min(AheadBudget.MOST, 2 * window);
            first.join(request);
        } else {
            holder.used(fid.lease(), client.far);
            client.lend(request, first.lease, LeaseKinds.ATTRIBUTES | LeaseKinds.DATA);
            request.answer(first.read(count));
        }
        fill();
        return true;
    }

    private boolean isGood(Piece piece) {
        return piece.reply == null || (piece.lease.forgotten == piece.forgotten
                && piece.lease.mayAnswer(LeaseKinds.DATA) && client.far.isWritable());
    }

    private void fill() {
        long read = pieces.isEmpty() ? next : pieces.peek().from;
        while (!over && next < end && next - read < window && holder.mayReadAhead(piece)) {
            pieces.add(new Piece(next));
            next += piece;
            pieces.getLast().ask();
        }
    }

    /** Forgets all of it. Who waits for a piece asks for itself. */
    void stop() {
        over = true;
        for (Piece left = pieces.poll(); left != null; left = pieces.poll()) {
            left.end();
        }
    }

    /** A part of the file that is asked for, or has come and is not read yet. */
    private final class Piece {
        /** What has not been read begins here. */
        private long from;
        private final long to;
        private Lease lease;
        private int forgotten;
        private ByteBuf reply;
        private Joined waiting;
        private boolean ended;

        Piece(long from) {
            this.from = from;
            this.to = from + piece;
        }

        long left() {
            return to - from;
        }

        void ask() {
            ByteBuf frame = client.far.alloc().buffer(64);
            new Tread(fid.far.number, from, piece).write(frame, 0);
            client.far.ask(frame, MessageType.TREAD, LeaseKinds.ATTRIBUTES | LeaseKinds.DATA, new Coming(this));
        }

        void join(Pending request) {
            waiting = new Joined(client, fid, request);
        }

        boolean isAwaited() {
            return waiting != null && waiting.isWaiting();
        }

        void come(ByteBuf frame, Lease by) {
            reply = frame;
            lease = by;
            forgotten = by.forgotten;
            int count = Frame.int32(frame, Frame.HEADER);
            if (count < piece) {
                end = Math.min(end, from + count);
            }
        }

        /** The next bytes of it, as a reply. */
        ByteBuf read(int count) {
            int had = Frame.int32(reply, Frame.HEADER);
            int at = (int) (from - (to - piece));
            int length = Math.max(0, Math.min(count, had - at));
            from += count;
            if (at == 0 && length == had && count <= piece) {
                pieces.remove(this);
                ByteBuf whole = reply;
                reply = null;
                end();
                return whole;
            }
            ByteBuf part = client.replies.data(reply, at, length);
            if (from == to) {
                pieces.remove(this);
                end();
            }
            return part;
        }

        void end() {
            if (ended) {
                return;
            }
            ended = true;
            holder.readAhead(-piece);
            if (reply != null) {
                reply.release();
                reply = null;
            }
            goOn();
        }

        /** Who waits for it is dealt with anew. */
        void goOn() {
            if (waiting != null) {
                waiting.goOn();
            }
        }
    }

    /** Waits for a piece. */
    private final class Coming extends Ask {
        private final Piece piece;

        Coming(Piece piece) {
            super(ReadAhead.this.holder, fid.qid == null ? null : ReadAhead.this.holder.inode(fid.qid.path()), false);
            this.piece = piece;
        }

        @Override
        ByteBuf take(MessageType type, ByteBuf reply, int got, long lease) {
            boolean kept = isKept() && (got & LeaseKinds.DATA) != 0;
            if (!kept && piece.isAwaited() && !holder.obeys(Rule.JOIN_ONLY_KEPT_ASKS)) {
                piece.waiting.end().answer(reply);
            } else if (piece.ended || type != MessageType.RREAD || !kept) {
                reply.release();
                fid.mayReadAhead = false;
                stop();
            } else {
                piece.come(reply, fid.adopt(holder, got, lease));
                piece.goOn();
            }
            return null;
        }

        @Override
        void gone() {
            stop();
        }
    }
}
