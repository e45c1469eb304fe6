package dev.ninetunnel.client.data;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RpcCalls;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tread;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * Reads an open file to its end, with several requests under way as far as its size is known, and one
 * at a time beyond that: so a file that grows, or that has no size because it is made up as it is read, is read too. Holes are not
 * read where the server tells where they are.
 */
public final class BulkRead {
    /** How many requests are under way at most. */
    static final int WINDOW = 8;
    private static final byte[] ZEROS = new byte[64 << 10];

    private final NineClient client;
    private final int fid;
    private final int chunk;
    private final long size;
    private final DataFinder finder;
    private final OutputStream sink;
    private final Progress progress;
    private final ArrayDeque<Piece> underWay = new ArrayDeque<>();
    private final ArrayDeque<Piece> idle = new ArrayDeque<>();
    private long done;

    /**
     * Of a file that is open.
     *
     * @param from where to begin, in bytes
     * @param chunk how many bytes to ask for at a time
     * @param size how large the file seems to be; 0 if that is not known
     */
    public BulkRead(NineClient client, int fid, long from, int chunk, long size, OutputStream sink, Progress progress) {
        this.client = client;
        this.fid = fid;
        this.chunk = chunk;
        this.size = size;
        this.finder = new DataFinder(client, fid, size);
        this.sink = sink;
        this.progress = progress;
        this.done = from;
    }

    /** Reads it all, and returns where it ended. */
    public long run() throws IOException {
        try {
            boolean end = readWhatIsKnown();
            while (!end) {
                end = take(start(done)) == 0;
            }
            return done;
        } finally {
            underWay.forEach(Piece::settle);
        }
    }

    /** Whether the end of the file was found. */
    private boolean readWhatIsKnown() throws IOException {
        long next = done;
        while (next < size || !underWay.isEmpty()) {
            while (next < size && underWay.size() < WINDOW) {
                next = finder.next(next);
                if (next < size) {
                    underWay.add(start(next));
                    next += chunk;
                }
            }
            if (underWay.isEmpty()) {
                break;
            }
            Piece piece = underWay.peek();
            int got = take(piece);
            underWay.remove();
            if (got < chunk && (done >= size || !fill(got))) {
                return true;
            }
        }
        skip(size);
        return false;
    }

    /** Reads the rest of a chunk that came short; whether there was one. */
    private boolean fill(int got) throws IOException {
        int filled = got;
        while (filled > 0 && filled < chunk) {
            int more = take(start(done, chunk - filled));
            if (more == 0) {
                return false;
            }
            filled += more;
        }
        return filled > 0;
    }

    private Piece start(long offset) {
        return start(offset, chunk);
    }

    private Piece start(long offset, int count) {
        Piece piece = idle.isEmpty() ? new Piece(new byte[chunk]) : idle.pop();
        piece.start(offset, count);
        return piece;
    }

    /** Waits for the piece, which is the next one, and hands on what is in it. */
    private int take(Piece piece) throws IOException {
        int got = RpcCalls.await(piece.reply);
        if (got > 0) {
            skip(piece.offset);
        }
        sink.write(piece.data, 0, got);
        idle.push(piece);
        done += got;
        if (got > 0) {
            progress.moved(done, size);
        }
        return got;
    }

    /** Hands on the zeros of a hole, up to a place. */
    private void skip(long to) throws IOException {
        while (done < to) {
            int length = (int) Math.min(ZEROS.length, to - done);
            sink.write(ZEROS, 0, length);
            done += length;
        }
    }

    /** A request and the room for what it reads, which is used again and again. */
    private final class Piece {
        private final byte[] data;
        private long offset;
        private CompletableFuture<Integer> reply;

        Piece(byte[] data) {
            this.data = data;
        }

        void start(long from, int count) {
            offset = from;
            reply = client.send(new Tread(fid, from, count), this::copy);
        }

        private int copy(Rmessage message) {
            ByteBuf read = ((Rread) message).data();
            int n = read.readableBytes();
            read.getBytes(read.readerIndex(), data, 0, n);
            return n;
        }

        /** Waits until the server is done with it, so that the fid can be clunked with nothing under way. */
        void settle() {
            try {
                RpcCalls.await(reply);
            } catch (IOException _) {
                // What went wrong first has been reported.
            }
        }
    }
}
