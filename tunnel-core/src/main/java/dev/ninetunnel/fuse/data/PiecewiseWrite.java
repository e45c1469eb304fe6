package dev.ninetunnel.fuse.data;

import dev.ninetunnel.wire.message.Rwrite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A large write, in pieces that are under way at once: while the server has one on its disk, the next is on the line. The kernel
 * waits for each write before it hands over another one.
 *
 * @param piece the largest, in bytes
 */
public record PiecewiseWrite(int piece) {
    /** Sends a piece. */
    @FunctionalInterface
    public interface Piece {
        /** From this place in the data on, so many bytes. Called in their order. */
        CompletableFuture<Rwrite> write(int at, int count);
    }

    /**
     * Sends all pieces. How many bytes were written up to the first that was not: what lies behind that may have been, and is written
     * again by a program that goes on. Fails if none was.
     */
    public CompletableFuture<Integer> of(int size, Piece send) {
        List<CompletableFuture<Rwrite>> pieces = new ArrayList<>();
        int at = 0;
        do {
            int count = Math.min(piece, size - at);
            pieces.add(send.write(at, count));
            at += count;
        } while (at < size);
        return written(pieces, 0, 0);
    }

    private CompletableFuture<Integer> written(List<CompletableFuture<Rwrite>> pieces, int index, int before) {
        if (index == pieces.size()) {
            return CompletableFuture.completedFuture(before);
        }
        return pieces.get(index).handle((reply, failure) -> {
            if (failure != null) {
                return before > 0
                        ? CompletableFuture.completedFuture(before)
                        : CompletableFuture.<Integer>failedFuture(failure);
            }
            int now = before + reply.count();
            return reply.count() == piece
                    ? written(pieces, index + 1, now)
                    : CompletableFuture.completedFuture(now);
        }).thenCompose(all -> all);
    }
}
