package dev.ninetunnel.endpoint;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Who;
import dev.ninetunnel.endpoint.process.NetworkWatch;
import dev.ninetunnel.identity.ExpectedPeer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.link.dial.LinkDialler;
import dev.ninetunnel.tls.Tls;
import dev.ninetunnel.wire.Escaped;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** The peers that are dialled from here, and go on being dialled. Any thread, where nothing else is said. */
final class Diallers {
    private final EventLoop loop;
    private final PeerLookup peerLookup;
    private final LinkDialler dialler;
    private final PeerRegistry peerRegistry;
    private final Audit audit;
    private final List<Dialled> dialled = new CopyOnWriteArrayList<>();

    private record Dialled(String peer, Redial redial) {}

    Diallers(EventLoop loop, PeerLookup peerLookup, Tls tls, LinkLimits limits, PeerRegistry peerRegistry,
            Audit audit) {
        this.loop = loop;
        this.peerLookup = peerLookup;
        this.dialler = new LinkDialler(tls, limits);
        this.peerRegistry = peerRegistry;
        this.audit = audit;
    }

    /** Begins to dial a peer. */
    Redial begin(Destination where, String peer, Redial.RetryPolicy retryPolicy) {
        AtomicReference<ExpectedPeer> known = new AtomicReference<>();
        Redial redial = new Redial(() -> dial(where, peer, known), peer + " at " + where, loop, retryPolicy,
                new SecureRandom(),
                new NetworkWatch(NetworkWatch::ofThisHost), peerRegistry::dialled,
                () -> peerRegistry.peer(peer).link().map(Link::closed));
        dialled.add(new Dialled(peer, redial));
        loop.execute(redial::start);
        return redial;
    }

    /** One try, with the key that the peer has now; with the last one while the list of peers is broken. */
    private CompletableFuture<Link> dial(Destination where, String peer, AtomicReference<ExpectedPeer> known) {
        try {
            if (known.get() == null || peerLookup.isReadable()) {
                known.set(peerLookup.named(peer));
            }
            CompletableFuture<Link> link = dialler.dial(where, known.get(), loop);
            return audit.isOn() ? link.whenComplete((made, fault) -> record(where, peer, fault)) : link;
        } catch (EndpointException e) {
            return CompletableFuture.failedFuture(new LinkException(LinkException.Kind.WRONG_KEY, e.getMessage(), e));
        }
    }

    /** Puts on record that who answered is not let be the peer; a missing answer is no refusal. */
    private void record(Destination where, String peer, Throwable fault) {
        Throwable cause = fault instanceof CompletionException wrapped ? wrapped.getCause() : fault;
        if (!(cause instanceof LinkException known)) {
            return;
        }
        switch (known.kind()) {
            case NOT_TLS, WRONG_KEY, EXPIRED, NO_COMMON_TERMS, REFUSED_BY_PEER -> audit.note(
                    new Who(peer, known.seen().map(PeerId::hex).orElse(""), ""),
                    new Event.Refused(known.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            Escaped.of(where.toString()), true, Escaped.of(String.valueOf(known.getMessage()))));
            default -> {
                // A matter of the network.
            }
        }
    }

    /** Where one waits for its next try, it does not wait any more. */
    void hurry(String why) {
        dialled.forEach(d -> loop.execute(() -> d.redial().hurry(why)));
    }

    /** Dials a peer no more. A session that is there goes on. */
    void stop(String peer) {
        dialled.stream().filter(d -> d.peer().equals(peer)).toList().forEach(d -> {
            dialled.remove(d);
            loop.execute(d.redial()::stop);
        });
    }

    /** Dials no peer any more. */
    void stop() {
        dialled.forEach(d -> loop.execute(d.redial()::stop));
    }

    /** How it stands with dialling a peer, if it is dialled from here. On the session loop. */
    Optional<Redial.State> state(String peer) {
        return dialled.stream().filter(d -> d.peer().equals(peer)).map(d -> d.redial().state()).findFirst();
    }
}
