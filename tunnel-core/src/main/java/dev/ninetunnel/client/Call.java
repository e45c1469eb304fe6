package dev.ninetunnel.client;

import dev.ninetunnel.wire.Amount;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Wrapped;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A request under way. It owns its encoded frame until that is written. Used on the event loop only, but for the
 * future.
 */
final class Call<R> {
    private final MessageType type;
    private final int most;
    private final Function<Rmessage, R> use;
    private final CompletableFuture<R> future = new CompletableFuture<>();
    private ByteBuf frame;
    private boolean answered;
    /** How many Tflush of it are without an answer: its tag is not free before that is 0 (flush(5)). */
    private int flushes;

    Call(ByteBuf frame, Function<Rmessage, R> use) {
        this.frame = frame;
        boolean wrapped = Frame.type(frame) == MessageType.TWANT.number();
        this.type = wrapped ? Wrapped.type(frame) : MessageType.of(frame);
        this.most = Amount.asked(type, wrapped ? Wrapped.fields(frame) : frame);
        this.use = use;
    }

    CompletableFuture<R> future() {
        return future;
    }

    @SuppressWarnings("ReferenceEquality") // The very same future is meant.
    boolean promises(CompletableFuture<?> other) {
        return future == other;
    }

    /** Throws {@link MalformedMessageException} if this is nothing that may answer it. Users of a reply need not check it again. */
    void check(ByteBuf reply) {
        if (Frame.type(reply) == MessageType.RGRANTED.number()) {
            Amount.check(type, most, Wrapped.replyType(reply), Wrapped.fields(reply));
        } else {
            Amount.check(type, most, MessageType.of(reply), reply);
        }
    }

    /** The frame, which now belongs to the caller. */
    ByteBuf takeFrame() {
        ByteBuf taken = frame;
        frame = null;
        return taken;
    }

    boolean answered() {
        return answered;
    }

    boolean beingFlushed() {
        return flushes > 0;
    }

    void flushSent() {
        flushes++;
    }

    /** An Rflush came: a reply that is not here yet never comes. */
    void flushAnswered() {
        flushes--;
        future.completeExceptionally(new CancellationException(type + " was flushed"));
    }

    /** Completes the future by what the reply says. The reply's data are valid for as long as this takes. */
    void answer(Rmessage reply) {
        answered = true;
        switch (reply) {
            case Rlerror error -> future.completeExceptionally(RefusedException.of(error));
            case Rerror error -> future.completeExceptionally(RefusedException.of(error));
            default -> succeed(reply);
        }
    }

    private void succeed(Rmessage reply) {
        R result;
        try {
            result = use.apply(reply);
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
            return;
        }
        future.complete(result);
    }

    void fail(Throwable cause) {
        if (frame != null) {
            takeFrame().release();
        }
        future.completeExceptionally(cause);
    }
}
