package dev.ninetunnel.client.data;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RpcCalls;
import dev.ninetunnel.client.Source;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * Writes an open file to its end, with several requests under way. Where it has nothing yet, zeros need not be sent: what is not
 * written reads as such.
 */
public final class BulkWrite {
    /** What most file systems can leave out. */
    private static final int BLOCK = 4096;

    private final NineClient client;
    private final int fid;
    private final long from;
    private final int chunk;
    private final long size;
    private final Source source;
    private final boolean holes;
    private final Progress progress;
    private final ArrayDeque<Piece> underWay = new ArrayDeque<>();
    private final ArrayDeque<Piece> idle = new ArrayDeque<>();

    /**
     * To a file that is open.
     *
     * @param from where to begin, in bytes; nothing is there, and the source is at the same place
     * @param chunk how many bytes to send at a time
     * @param size how many there will be, for the progress; 0 if that is not known
     * @param holes whether zeros may be left out
     */
    public BulkWrite(NineClient client, int fid, long from, int chunk, long size, Source source, boolean holes,
            Progress progress) {
        this.client = client;
        this.fid = fid;
        this.from = from;
        this.chunk = chunk;
        this.size = size;
        this.source = source;
        this.holes = holes;
        this.progress = progress;
    }

    /** Writes all that the source has, and returns where that ended. */
    public long run() throws IOException {
        try {
            long next = from;
            boolean hole = false;
            while (true) {
                long skipped = holes ? source.skipHole() : 0;
                next += skipped;
                Piece piece = idle.isEmpty() ? new Piece(new byte[chunk]) : idle.pop();
                int length = source.fill(piece.data);
                if (length > 0) {
                    hole = !begin(piece, next, length);
                    next += length;
                    continue;
                }
                if (hole || skipped > 0) {
                    piece.data[0] = 0;
                    start(piece, next - 1, 0, 1);
                }
                finishAllBut(0);
                return next;
            }
        } finally {
            underWay.forEach(Piece::settle);
        }
    }

    /** Sends a piece, without the zeros at its ends where there may be holes; returns whether its last byte is sent. */
    private boolean begin(Piece piece, long at, int length) throws IOException {
        int from = 0;
        int to = length;
        if (holes) {
            from = firstOther(piece.data, length) / BLOCK * BLOCK;
            while (to > from && piece.data[to - 1] == 0) {
                to--;
            }
            to = Math.min(length, (to + BLOCK - 1) / BLOCK * BLOCK);
        }
        if (from < to) {
            start(piece, at + from, from, to - from);
        } else {
            idle.push(piece);
            progress.moved(at + length, size);
        }
        return from < to && to == length;
    }

    /** Where the first byte is that is not zero; {@code length} rounded up to blocks if there is none. */
    private static int firstOther(byte[] data, int length) {
        for (int i = 0; i < length; i++) {
            if (data[i] != 0) {
                return i;
            }
        }
        return length + BLOCK - 1;
    }

    private void start(Piece piece, long at, int from, int length) throws IOException {
        underWay.add(piece);
        piece.start(at, from, length);
        finishAllBut(BulkRead.WINDOW - 1);
    }

    private void finishAllBut(int left) throws IOException {
        while (underWay.size() > left) {
            finish(underWay.peek());
            idle.push(underWay.remove());
        }
    }

    /** Waits until a piece is written, and writes again what the server left. */
    private void finish(Piece piece) throws IOException {
        int written = RpcCalls.await(piece.reply);
        while (written < piece.length) {
            piece.startRest(written);
            int more = RpcCalls.await(piece.reply);
            if (more == 0) {
                throw RefusedException.of(Errno.EIO, "the server writes nothing more");
            }
            written += more;
        }
        progress.moved(piece.offset + piece.length, size);
    }

    /** A request and its data, which must stay until all of it is written. */
    private final class Piece {
        private final byte[] data;
        private long offset;
        private int first;
        private int length;
        private CompletableFuture<Integer> reply;

        Piece(byte[] data) {
            this.data = data;
        }

        void start(long at, int from, int bytes) {
            this.offset = at;
            this.first = from;
            this.length = bytes;
            startRest(0);
        }

        void startRest(int from) {
            Twrite request = new Twrite(fid, offset + from,
                    Unpooled.wrappedBuffer(data, first + from, length - from));
            reply = client.send(request, answer -> ((Rwrite) answer).count());
        }

        void settle() {
            try {
                RpcCalls.await(reply);
            } catch (IOException _) {
                // What went wrong first has been reported.
            }
        }
    }
}
