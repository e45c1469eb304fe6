package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.dial.LinkDialler;
import dev.ninetunnel.mux.ClientLimits;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.session.LinkWatch;
import dev.ninetunnel.session.Session;
import dev.ninetunnel.session.SessionLimits;
import dev.ninetunnel.session.Sessions;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Peers of one endpoint, each with a key, a link and a session of its own, as the endpoint sees them. They share one event
 * loop, export nothing, post no sockets, look at no files and dial once. Used by one thread, which is not the loop.
 */
final class IdlePeers implements AutoCloseable {
    private final Peer hub;
    private final HostPort where;
    private final EventLoopGroup loops = Transport.newLoops(1);
    private final EventLoop loop = loops.next();
    private final Workers workers = new Workers();
    private final Exports nothing;
    private final SecureRandom random = new SecureRandom();
    private final List<Sessions> all = new ArrayList<>();
    private final AtomicInteger linked = new AtomicInteger();

    /** None yet, of this endpoint. */
    IdlePeers(Peer hub, HostPort where) throws IOException {
        this.hub = hub;
        this.where = where;
        this.nothing = new Exports(List.of(), new LocalTrees());
    }

    /** One more. Completes when its session has its link, or exceptionally when it will have none. */
    CompletableFuture<Void> dial(Identity identity) {
        Sessions sessions = new Sessions(identity::id, hub.name(), loop,
                new ClientRole(hub.name(), loop, ClientLimits.standard()),
                peer -> (replies, valve) -> new ServerRole(loop, nothing, workers, ServerLimits.STANDARD, peer, replies,
                        valve),
                EndpointConfig.DEFAULT_MSIZE, SessionLimits.STANDARD, random);
        all.add(sessions);
        CompletableFuture<Void> opened = new CompletableFuture<>();
        new LinkDialler(new Tls(identity, Clock.systemUTC()), LinkLimits.DEFAULT).dial(where, hub, loop)
                .thenAccept(link -> sessions.dialled(link, new Watch(opened)))
                .whenComplete((_, fault) -> {
                    if (fault != null) {
                        opened.completeExceptionally(fault);
                    }
                });
        return opened;
    }

    /** How many have a link now. */
    int linked() {
        return linked.get();
    }

    private final class Watch implements LinkWatch {
        private final CompletableFuture<Void> opened;

        Watch(CompletableFuture<Void> opened) {
            this.opened = opened;
        }

        @Override
        public void opened(Session session) {
            linked.incrementAndGet();
            opened.complete(null);
        }

        @Override
        public void ended(LinkEnd end, boolean wasOpen) {
            if (wasOpen) {
                linked.decrementAndGet();
            }
            opened.completeExceptionally(new IOException(end.reason()));
        }
    }

    @Override
    public void close() {
        CompletableFuture.runAsync(() -> all.forEach(sessions -> sessions.dismiss("the measurement is over")), loop)
                .join();
        loops.shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        workers.close();
        nothing.close();
    }
}
