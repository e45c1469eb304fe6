package dev.ninetunnel.fuse.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.wire.message.Rwrite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PiecewiseWriteTest {
    private final List<String> sent = new ArrayList<>();
    private final List<CompletableFuture<Rwrite>> replies = new ArrayList<>();

    private CompletableFuture<Integer> write(int size) {
        return new PiecewiseWrite(10).of(size, (at, count) -> {
            sent.add(at + "+" + count);
            replies.add(new CompletableFuture<>());
            return replies.getLast();
        });
    }

    private void answer(int... counts) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] < 0) {
                replies.get(i).completeExceptionally(new FuseException(Errno.ENOSPC));
            } else {
                replies.get(i).complete(new Rwrite(counts[i]));
            }
        }
    }

    @Test
    void piecesAreUnderWayAtOnceAndCountTogether() {
        CompletableFuture<Integer> written = write(25);
        assertThat(sent).containsExactly("0+10", "10+10", "20+5");
        assertThat(written).isNotDone();
        answer(10, 10, 5);
        assertThat(written).isCompletedWithValue(25);
    }

    @Test
    void whatFitsOnePieceIsOneAndNothingIsOneToo() {
        CompletableFuture<Integer> one = write(10);
        CompletableFuture<Integer> none = write(0);
        assertThat(sent).containsExactly("0+10", "0+0");
        answer(10, 0);
        assertThat(one).isCompletedWithValue(10);
        assertThat(none).isCompletedWithValue(0);
    }

    @Test
    void aProgramIsToldOfNoByteBehindOneThatWasNotWritten() {
        CompletableFuture<Integer> cut = write(30);
        answer(10, 3, 10);
        assertThat(cut).isCompletedWithValue(13);
    }

    @Test
    void anErrorComesOnceNothingIsWritten() {
        CompletableFuture<Integer> later = write(30);
        answer(10, -1, 10);
        assertThat(later).isCompletedWithValue(10);
        replies.clear();
        CompletableFuture<Integer> first = write(30);
        answer(-1, 10, 10);
        assertThat(first).isCompletedExceptionally();
    }
}
