package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.link.Destination;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkDialler;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.mux.FarSide;
import dev.ninetunnel.session.Session;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a peer linked by dialling it: once at the start, and again whenever the link has gone, as often as it takes. It
 * stops for what trying again cannot heal. On the session loop.
 */
final class Redial {
    private static final Logger LOG = LoggerFactory.getLogger(Redial.class);

    private final LinkDialler dialler;
    private final Destination where;
    private final Peer peer;
    private final EventLoop loop;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final BiConsumer<Link, Session.Owner> onLink;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private int attempts;
    private boolean stopped;

    /**
     * Before the first try.
     *
     * @param onLink begins a session on a link, and tells this what becomes of it
     */
    Redial(LinkDialler dialler, Destination where, Peer peer, EventLoop loop, Backoff backoff, RandomGenerator random,
            BiConsumer<Link, Session.Owner> onLink) {
        this.dialler = dialler;
        this.where = where;
        this.peer = peer;
        this.loop = loop;
        this.backoff = backoff;
        this.random = random;
        this.onLink = onLink;
    }

    /** Completes when the first try has led to a session; fails with an {@link EndpointException} if it did not. */
    CompletableFuture<Void> first() {
        return first;
    }

    /** Fails with an {@link EndpointException} when, after the first success, there is no sense in dialling again. */
    CompletableFuture<Void> over() {
        return over;
    }

    void dial() {
        if (stopped) {
            return;
        }
        dialler.dial(where, peer, loop).whenComplete((link, failure) -> {
            if (failure != null) {
                failed(failure);
            } else if (stopped) {
                link.close("the endpoint is leaving");
            } else {
                onLink.accept(link, new Watch());
            }
        });
    }

    /** Dials no more. A session that is there goes on. */
    void stop() {
        stopped = true;
    }

    private void failed(Throwable failure) {
        LinkException e = failure instanceof LinkException known ? known : null;
        String reason = e == null ? String.valueOf(failure.getMessage()) : e.getMessage();
        EndpointException.Kind kind = e == null ? EndpointException.Kind.UNAVAILABLE : kind(e.kind());
        unlinked(new EndpointException(kind, reason, failure), e == null || healable(e.kind()));
    }

    /** There is no link, or none any more. */
    private void unlinked(EndpointException reason, boolean healable) {
        if (!first.isDone()) {
            stopped = true;
            first.completeExceptionally(reason);
        } else if (!healable) {
            stopped = true;
            over.completeExceptionally(reason);
        } else if (!stopped) {
            attempts++;
            Duration wait = backoff.before(attempts, random);
            LOG.info("dialling {} at {} again in {} s (try {}): {}", peer.name(), where, wait.toMillis() / 1000.0,
                    attempts, reason.getMessage());
            loop.schedule(this::dial, wait.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static boolean healable(LinkException.Kind kind) {
        return switch (kind) {
            case WRONG_KEY, EXPIRED, NO_COMMON_TERMS, REFUSED_BY_PEER, PROXY_AUTH, PROXY_REFUSED, NO_COMMAND -> false;
            case NAME, UNREACHABLE, REFUSED, TIMEOUT, NOT_TLS, CLOSED, COMMAND_ENDED, BIND, OTHER -> true;
        };
    }

    private static EndpointException.Kind kind(LinkException.Kind kind) {
        return switch (kind) {
            case NAME -> EndpointException.Kind.NO_HOST;
            case WRONG_KEY, EXPIRED, REFUSED_BY_PEER, PROXY_AUTH, PROXY_REFUSED ->
                EndpointException.Kind.NOT_ALLOWED;
            case NO_COMMAND -> EndpointException.Kind.MISSING;
            case NOT_TLS, NO_COMMON_TERMS -> EndpointException.Kind.PROTOCOL;
            case UNREACHABLE, REFUSED, TIMEOUT, CLOSED, COMMAND_ENDED, BIND, OTHER ->
                EndpointException.Kind.UNAVAILABLE;
        };
    }

    /** One link's fate. */
    private final class Watch implements Session.Owner {
        @Override
        public void opened(Session session, FarSide far) {
            attempts = 0;
            first.complete(null);
        }

        @Override
        public void ended(Session session, LinkEnd end) {
            EndpointException.Kind kind = switch (end.kind()) {
                case REFUSED -> EndpointException.Kind.NOT_ALLOWED;
                case BROKEN -> EndpointException.Kind.PROTOCOL;
                case LOCAL -> session.isOpen() ? EndpointException.Kind.UNAVAILABLE : EndpointException.Kind.PROTOCOL;
                case GOODBYE, LOST -> EndpointException.Kind.UNAVAILABLE;
            };
            unlinked(new EndpointException(kind, end.reason()), end.kind() != LinkEnd.Kind.REFUSED);
        }
    }
}
