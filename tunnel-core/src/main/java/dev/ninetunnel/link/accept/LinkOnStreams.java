package dev.ninetunnel.link.accept;

import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.link.Bridge;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.pairing.Pairing;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoop;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Accepts one peer that comes by two streams, such as the standard input and output of a process that inetd or sshd has
 * started for it. Any thread may call.
 */
public final class LinkOnStreams {
    private LinkOnStreams() {}

    /**
     * Begins.
     *
     * @param from where the peer comes from, for people
     * @param onLink takes the link as {@link LinkAcceptor#listen} has it
     * @return completes on the loop when the connection is over, link or not
     */
    public static CompletableFuture<Void> accept(InputStream in, OutputStream out, String from, EventLoop loop, Tls tls,
            Peers peers, Pairing pairing, LinkLimits limits, Consumer<Link> onLink) {
        InboundHandshake inboundHandshake = new InboundHandshake(tls, peers, Optional.of(pairing), limits,
                new RejectionLog(pairing.audit()), onLink);
        CompletableFuture<Void> over = new CompletableFuture<>();
        Bridge.open(from, () -> new Streams(in, out), loop, limits).whenComplete((channel, fault) -> {
            if (fault != null) {
                over.completeExceptionally(fault);
                return;
            }
            channel.closeFuture().addListener(closed -> over.complete(null));
            channel.eventLoop().execute(() -> { // which this need not be on
                inboundHandshake.begin(channel, from, () -> {});
                channel.config().setAutoRead(true);
            });
        });
        return over;
    }

    private record Streams(InputStream in, OutputStream out) implements Bridge.Bank {
        @Override
        public void inputEnded() {
            // There is nothing to learn.
        }

        @Override
        public void abandoned() {
            // The process ends, and with it who waits for its input.
        }
    }
}
