package dev.ninetunnel.client;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/** Writes an open file from its start on, with several requests under way. */
final class BulkWrite {
    private final Calls calls;
    private final Fid fid;
    private final int chunk;
    private final long size;
    private final InputStream source;
    private final Progress progress;
    private final ArrayDeque<Piece> underWay = new ArrayDeque<>();
    private final ArrayDeque<Piece> idle = new ArrayDeque<>();
    private long done;

    /**
     * To a file that is open.
     *
     * @param chunk how many bytes to send at a time
     * @param size how many there will be, for the progress; 0 if that is not known
     */
    BulkWrite(Calls calls, Fid fid, int chunk, long size, InputStream source, Progress progress) {
        this.calls = calls;
        this.fid = fid;
        this.chunk = chunk;
        this.size = size;
        this.source = source;
        this.progress = progress;
    }

    /** Writes all that the source has, and returns how many bytes that were. */
    long run() throws IOException {
        try {
            long next = 0;
            while (true) {
                Piece piece = idle.isEmpty() ? new Piece(new byte[chunk]) : idle.pop();
                int length = source.readNBytes(piece.data, 0, chunk);
                if (length > 0) {
                    underWay.add(piece);
                    piece.start(next, length);
                    next += length;
                }
                while (!underWay.isEmpty() && (length == 0 || underWay.size() >= BulkRead.WINDOW)) {
                    finish(underWay.peek());
                    idle.push(underWay.remove());
                }
                if (length == 0) {
                    return done;
                }
            }
        } finally {
            underWay.forEach(Piece::settle);
        }
    }

    /** Waits until a piece is written, and writes again what the server left. */
    private void finish(Piece piece) throws IOException {
        int written = Calls.await(piece.reply);
        while (written < piece.length) {
            piece.startRest(written);
            int more = Calls.await(piece.reply);
            if (more == 0) {
                throw RefusedException.of(Errno.EIO, "the server writes nothing more");
            }
            written += more;
        }
        done += piece.length;
        progress.moved(done, size);
    }

    /** A request and its data, which must stay until all of it is written. */
    private final class Piece {
        private final byte[] data;
        private long offset;
        private int length;
        private CompletableFuture<Integer> reply;

        Piece(byte[] data) {
            this.data = data;
        }

        void start(long at, int bytes) {
            this.offset = at;
            this.length = bytes;
            startRest(0);
        }

        void startRest(int from) {
            Twrite request = new Twrite(fid.number(), offset + from,
                    Unpooled.wrappedBuffer(data, from, length - from));
            reply = calls.client().send(request, answer -> ((Rwrite) answer).count());
        }

        void settle() {
            try {
                Calls.await(reply);
            } catch (IOException _) {
                // What went wrong first has been reported.
            }
        }
    }
}
