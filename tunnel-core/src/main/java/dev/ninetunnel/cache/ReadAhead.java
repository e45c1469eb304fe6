package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.AheadBudget;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Tread;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of a file before the local client asks for it, because it reads one piece after the other, with one or two under
 * way, which may change places. How far ahead doubles whenever the client has to wait all the same. A client that turns out to
 * have more under way is left to itself where that is as much as the line brings. What has come is good while the lease on the
 * data is, and is forgotten when it has been read. That something was asked ahead shows in nothing but the time: errors are not
 * told, and who waits for a piece that comes to nothing asks for itself.
 */
final class ReadAhead {
    /** Small reads are put together to pieces of about this size. */
    private static final int PIECE = 128 << 10;
    /** So many pieces are kept that were left out: they may have been overtaken. */
    private static final int MOST_LEFT_OUT = 2;
    /** A piece that takes more than so many times as long as the quickest answer has waited for other pieces. */
    private static final int CROWDED = 4;
    /** A client that has more requests waiting reads ahead by itself. */
    private static final int MOST_HELD_BACK = 2;

    private final CachedClient client;
    private final Holder holder;
    private final LocalFid fid;
    private final int piece;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private int window;
    /** How long the piece took that has come last, in nanoseconds. */
    private long latest;
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

    /** Takes a read, if it is of what was asked ahead. Returns whether it is; if not, all of it is of no use any more. */
    boolean take(Pending request, long offset, int count) {
        List<Piece> parts = parts(offset, offset + count);
        if (parts.isEmpty() || !parts.stream().allMatch(this::isGood)) {
            stop();
            return false;
        }
        Piece missing = parts.stream().filter(part -> part.reply == null).findFirst().orElse(null);
        if (missing == null) {
            holder.used(fid.lease(), client.far);
            client.lend(request, parts.getLast().lease, LeaseKinds.ATTRIBUTES | LeaseKinds.DATA);
            request.answer(read(parts, offset, count));
        } else {
            widen();
            missing.join(request);
        }
        fill();
        return true;
    }

    /** The client has to wait: more is asked ahead, or nothing any more where the client itself asks for as much as the line brings. */
    private void widen() {
        if (fid.heldBack > MOST_HELD_BACK && isCrowded()) {
            fid.mayReadAhead = false;
        } else {
            window = Math.min(AheadBudget.MOST, 2 * window);
        }
        fid.heldBack = 0;
    }

    /** Whether pieces wait for one another rather than for the line, so that more of them would bring none sooner. */
    private boolean isCrowded() {
        return latest / CROWDED > holder.quickestAnswer.nanos();
    }

    /** The pieces in which these bytes are; none if some are in none. */
    private List<Piece> parts(long from, long to) {
        boolean isCovered = !over && !pieces.isEmpty() && from >= pieces.peek().from && from < next
                && (to <= next || next >= end);
        return isCovered ? pieces.stream().filter(piece -> piece.from < to && piece.to > from).toList() : List.of();
    }

    private ByteBuf read(List<Piece> parts, long offset, int count) {
        Piece first = parts.getFirst();
        ByteBuf read = first.isWhole(offset, count)
                ? first.takeWhole()
                : client.replies.data(slices(parts, offset, count));
        for (Piece part : parts) {
            part.took(Math.min(part.to, offset + count) - Math.max(part.from, offset));
        }
        while (!pieces.isEmpty() && pieces.peek().to + (long) MOST_LEFT_OUT * piece < first.from) {
            pieces.peek().end();
        }
        return read;
    }

    private static List<ByteBuf> slices(List<Piece> parts, long offset, int count) {
        List<ByteBuf> slices = new ArrayList<>(parts.size());
        for (Piece part : parts) {
            slices.add(part.slice(Math.max(part.from, offset), Math.min(part.to, offset + count)));
        }
        return slices;
    }

    private boolean isGood(Piece piece) {
        return piece.reply == null || (piece.lease.forgotten == piece.forgotten
                && piece.lease.mayAnswer(LeaseKinds.DATA) && client.far.isWritable());
    }

    private void fill() {
        long read = pieces.isEmpty() ? next : pieces.peek().from;
        while (!over && fid.mayReadAhead && next < end && next - read < window && holder.mayReadAhead(piece)) {
            pieces.add(new Piece(next));
            next += piece;
            pieces.getLast().ask();
        }
    }

    /** Forgets all of it. Who waits for a piece asks for itself. */
    void stop() {
        over = true;
        while (!pieces.isEmpty()) {
            pieces.peek().end();
        }
    }

    /** A part of the file that is asked for, or has come and is not read yet. */
    private final class Piece {
        private final long from;
        private final long to;
        /** Bytes that have not been read. */
        private long left = piece;
        private Lease lease;
        private int forgotten;
        private ByteBuf reply;
        private Joined waiting;
        private boolean ended;

        Piece(long from) {
            this.from = from;
            this.to = from + piece;
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
            if (length() < piece) {
                end = Math.min(end, from + length());
            }
        }

        int length() {
            return Frame.int32(reply, Frame.HEADER);
        }

        /** Whether its reply is the one to a read of these bytes. */
        boolean isWhole(long offset, int count) {
            return offset == from && count <= piece && length() <= count;
        }

        /** Its reply, which is the caller's now. */
        ByteBuf takeWhole() {
            ByteBuf whole = reply;
            reply = null;
            end();
            return whole;
        }

        /** What has come of these bytes; it stays the piece's. */
        ByteBuf slice(long first, long last) {
            int at = (int) Math.min(first - from, length());
            int size = (int) Math.min(last - from, length()) - at;
            return reply.slice(reply.readerIndex() + Frame.HEADER + Integer.BYTES + at, size);
        }

        void took(long count) {
            left -= count;
            if (left <= 0) {
                end();
            }
        }

        void end() {
            if (ended) {
                return;
            }
            ended = true;
            pieces.remove(this);
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
            latest = age();
            boolean kept = isKept() && (got & LeaseKinds.DATA) != 0;
            if (!kept && piece.isAwaited() && !holder.obeys(Rule.JOIN_ONLY_KEPT_ASKS)) {
                piece.waiting.end().answer(reply);
            } else if (piece.ended) {
                reply.release();
            } else if (type != MessageType.RREAD || !kept) {
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
