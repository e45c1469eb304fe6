package dev.ninetunnel.client;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.Extended;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.Wrapped;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Agrees on a dialect and an msize (version(5)), on the event loop of the channel. */
final class Handshake {
    private static final int FLUSHES_AT_ONCE = 64;

    private final String server;
    private final Offer offer;
    private final FrameDecoder decoder;
    private final Requests requests;

    Handshake(String server, Offer offer) {
        this.server = server;
        this.offer = offer;
        this.decoder = new FrameDecoder(offer.msize());
        this.requests = new Requests(server, offer.onSilence().map(Silence::new));
    }

    /** Puts what a client needs at the end of a pipeline. */
    void prepare(Channel channel) {
        // Requests that are handed in one after the other share a system call.
        channel.pipeline().addLast(new FlushConsolidationHandler(FLUSHES_AT_ONCE, true), decoder, requests);
    }

    /** Asks, now that the channel is active, and completes the future with the client in the end. */
    void begin(Channel channel, CompletableFuture<NineClient> client) {
        var limit = channel.eventLoop().schedule(() -> requests.end(new ConversationException(
                server + " did not answer Tversion within " + offer.patience().toSeconds()
                        + " seconds: is it a 9P server?")),
                offer.patience().toMillis(), TimeUnit.MILLISECONDS);
        client.whenComplete((_, failure) -> {
            limit.cancel(false);
            if (failure != null) {
                channel.close();
            }
        });
        if (channel.isActive()) {
            ask(channel, 0, client);
        } else {
            client.completeExceptionally(new ConversationException(server + " closed the connection"));
        }
    }

    private void ask(Channel channel, int index, CompletableFuture<NineClient> client) {
        Tversion request = new Tversion(offer.msize(), Text.of(offer.versions().get(index)));
        ByteBuf frame = channel.alloc().buffer();
        request.write(frame, Frame.NOTAG);
        Call<Rversion> call = new Call<>(frame, Rversion.class::cast);
        call.future().whenComplete((answer, failure) -> {
            if (failure instanceof RefusedException refused && !refused.is(Errno.ENOTCONN)
                    && Extended.isAskedFor(offer.versions().get(index))) {
                // It should answer "unknown" or what it knows (version(5)); diod has an error for a version of ours. An
                // endpoint whose peer is away refuses any version, and hangs up.
                ask(channel, index + 1, client);
            } else if (failure != null) {
                client.completeExceptionally(explained(failure));
            } else {
                answered(channel, index, answer, client);
            }
        });
        requests.startVersion(call);
    }

    private void answered(Channel channel, int index, Rversion answer,
            CompletableFuture<NineClient> client) {
        boolean extended = Extended.isAskedFor(offer.versions().get(index))
                && Extended.isAskedFor(answer.version().utf8());
        Duration lease = offer.leases() ? Extended.term(answer.version().utf8()).orElse(Duration.ZERO) : Duration.ZERO;
        Dialect dialect = extended
                ? Dialect.LINUX
                : Dialect.of(answer.version().utf8()).filter(offer.dialects()::contains).orElse(null);
        int msize = answer.msize();
        if (dialect == null && index + 1 < offer.versions().size()) {
            ask(channel, index + 1, client);
        } else if (dialect == null) {
            client.completeExceptionally(new ConversationException(server + " does not speak "
                    + offer.versions().get(index) + ": it answered \"" + answer.version() + '"'));
        } else if (msize < Frame.MIN_MSIZE || msize > offer.msize()) {
            client.completeExceptionally(new ConversationException(server + " wants messages of at most "
                    + Integer.toUnsignedString(msize) + " bytes, where " + Frame.MIN_MSIZE + " to " + offer.msize()
                    + " will do"));
        } else {
            decoder.limit(lease.isZero() ? msize : msize + Wrapped.GRANTED);
            client.complete(new NineClient(channel, requests, dialect, extended, lease, msize));
        }
    }

    private Exception explained(Throwable failure) {
        return switch (failure) {
            case RefusedException refused -> refused.about(server + " refused to agree on a version");
            case ConversationException ended -> ended;
            default -> new ConversationException("cannot agree on a version with " + server + ": "
                    + Escaped.of(String.valueOf(failure.getMessage())), failure);
        };
    }
}
