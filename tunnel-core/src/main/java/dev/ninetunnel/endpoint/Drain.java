package dev.ninetunnel.endpoint;

import dev.ninetunnel.link.Link;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How an endpoint leaves: local clients and peers get the replies to what they have asked, as far as the time allows,
 * and then a goodbye. For a thread other than the session loop, whose work it waits for.
 */
final class Drain {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final EventLoop loop;
    private final PeerRegistry peerRegistry;
    private final long deadline;

    /** With the time there is for everything but the goodbye, from now on. */
    Drain(EventLoop loop, PeerRegistry peerRegistry, Duration grace) {
        this.loop = loop;
        this.peerRegistry = peerRegistry;
        this.deadline = System.nanoTime() + grace.toNanos();
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /**
     * Lets the requests in progress end: first those of local clients, and then those of the peers. Nothing is read
     * from the peers meanwhile but replies; a peer that goes on asking would never be done.
     */
    void finish() {
        List<Future<Void>> clients = onLoop(
                () -> peerRegistry.all().stream().map(peer -> peer.client().shutdown(left())).toList());
        clients.forEach(done -> done.awaitUninterruptibly(left().toMillis(), TimeUnit.MILLISECONDS));
        CompletableFuture<Void> idle = new CompletableFuture<>();
        loop.execute(() -> {
            peerRegistry.carried().forEach(c -> c.link().ifPresent(Link::pauseReading));
            waitForServers(idle);
        });
        await(idle, left());
    }

    private void waitForServers(CompletableFuture<Void> idle) {
        if (peerRegistry.carried().stream().allMatch(c -> c.link().isEmpty() || c.server().requests() == 0)) {
            idle.complete(null);
        } else if (!idle.isDone()) {
            loop.schedule(() -> waitForServers(idle), LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Closes every link with the alert that says that this endpoint is done. */
    void goodbye() {
        List<CompletableFuture<?>> closed = onLoop(() -> peerRegistry.carried().stream().flatMap(c -> c.link().stream())
                .<CompletableFuture<?>>map(link -> {
                    link.close("this endpoint is leaving");
                    return link.closed();
                }).toList());
        await(CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new)), GOODBYE);
        loop.execute(() -> peerRegistry.leave("this endpoint is leaving"));
    }

    static void await(CompletableFuture<Void> what, Duration limit) {
        try {
            what.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).handle((done, late) -> late).join();
        } finally {
            what.complete(null);
        }
    }

    private <T> T onLoop(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, loop).join();
    }
}
