package dev.ninetunnel.endpoint;

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
    private final Neighbours neighbours;
    private final Duration grace;

    Drain(EventLoop loop, Neighbours neighbours, Duration grace) {
        this.loop = loop;
        this.neighbours = neighbours;
        this.grace = grace;
    }

    /** Lets the requests in progress end, those of local clients and those of the peers. */
    void finish() {
        List<Future<Void>> clients = onLoop(
                () -> neighbours.all().stream().map(peer -> peer.client().shutdown(grace)).toList());
        clients.forEach(done -> done.awaitUninterruptibly(grace.toMillis(), TimeUnit.MILLISECONDS));
        CompletableFuture<Void> idle = new CompletableFuture<>();
        loop.execute(() -> waitForServers(idle));
        await(idle, grace);
    }

    private void waitForServers(CompletableFuture<Void> idle) {
        if (neighbours.carried().stream().allMatch(c -> c.server().requests() == 0)) {
            idle.complete(null);
        } else if (!idle.isDone()) {
            loop.schedule(() -> waitForServers(idle), LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Closes every link with the alert that says that this endpoint is done. */
    void goodbye() {
        List<CompletableFuture<?>> closed = onLoop(() -> neighbours.carried().stream().flatMap(c -> c.link().stream())
                .<CompletableFuture<?>>map(link -> {
                    link.close("this endpoint is leaving");
                    return link.closed();
                }).toList());
        await(CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new)), GOODBYE);
        loop.execute(() -> neighbours.leave("this endpoint is leaving"));
    }

    private static void await(CompletableFuture<Void> what, Duration limit) {
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
