package dev.ninetunnel.endpoint;

import dev.ninetunnel.endpoint.process.NetworkWatch;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.dial.Backoff;
import dev.ninetunnel.session.LinkWatch;
import dev.ninetunnel.session.Session;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a peer linked by dialling it: once at the start, and again whenever the link has gone, as often as it takes. It
 * stops for what trying again cannot heal, and for a start that fails at once, unless it is to be patient. It does not
 * wait when this host's network changes meanwhile, or when it is told not to. On the session loop.
 */
final class Redial {
    static final String NETWORK_CHANGED = "this host's network has changed";
    private static final Logger LOG = LoggerFactory.getLogger(Redial.class);

    /**
     * How it goes about.
     *
     * @param start how long after the start a failure of the first try is taken for a fault in what was typed
     * @param patient whether even such a failure is only a reason to try again
     * @param tireless whether it goes on even after what trying again cannot heal: somebody may mend it meanwhile
     * @param look how often it looks for a change of the network while it waits
     */
    record RetryPolicy(Backoff backoff, Duration start, boolean patient, boolean tireless, Duration look) {
        static final RetryPolicy USUAL = new RetryPolicy(Backoff.DEFAULT, Duration.ofSeconds(30), false, false,
                Duration.ofSeconds(3));
        /** For one of several peers. */
        static final RetryPolicy TIRELESS = new RetryPolicy(USUAL.backoff, USUAL.start, true, true, USUAL.look);

        RetryPolicy withPatience(boolean wanted) {
            return new RetryPolicy(backoff, start, wanted, tireless, look);
        }
    }

    /** What it does now. */
    sealed interface State {
        /** It is on its way to the peer, with this try: 0 is the first of all, or the one after a loss. */
        record Dialling(int attempt) implements State {}

        /** It waits for a try. */
        record Waiting(int attempt, Duration left, String reason) implements State {}

        /** There is a session, on a link that was dialled from here or by the peer. */
        record Linked() implements State {}

        /** It dials no more. */
        record Stopped() implements State {}
    }

    private final Supplier<CompletableFuture<Link>> dialler;
    private final String shown;
    private final EventLoop loop;
    private final RetryPolicy retryPolicy;
    private final RandomGenerator random;
    private final NetworkWatch network;
    private final BiConsumer<Link, LinkWatch> onLink;
    private final Supplier<Optional<CompletableFuture<LinkEnd>>> elsewhere;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private long startedAt;
    private long dialsAt;
    private int attempts;
    private boolean linked;
    private boolean stopped;
    /** The end of the peer's own link is waited for; how often it was until now. */
    private boolean standingBy;
    private int standings;
    private String lastReason = "";
    private Future<?> waiting;
    private Future<?> looking;

    /**
     * Before the first try.
     *
     * @param dialler makes one try; completes on the loop
     * @param shown who is dialled where, for the log
     * @param onLink begins a session on a link, and tells this what becomes of it
     * @param elsewhere the end to come of the link that there is already, if the peer has dialled one
     */
    Redial(Supplier<CompletableFuture<Link>> dialler, String shown, EventLoop loop, RetryPolicy retryPolicy,
            RandomGenerator random, NetworkWatch network, BiConsumer<Link, LinkWatch> onLink,
            Supplier<Optional<CompletableFuture<LinkEnd>>> elsewhere) {
        this.dialler = dialler;
        this.shown = shown;
        this.loop = loop;
        this.retryPolicy = retryPolicy;
        this.random = random;
        this.network = network;
        this.onLink = onLink;
        this.elsewhere = elsewhere;
    }

    /** Completes with the first session; fails with an {@link EndpointException} if there is to be none. */
    CompletableFuture<Void> first() {
        return first;
    }

    /** Fails with an {@link EndpointException} when, after the first success, there is no sense in dialling again. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** Begins. */
    void start() {
        startedAt = now();
        dial();
    }

    /** Dials no more. A session that is there goes on. */
    void stop() {
        stopped = true;
        endWait();
        first.completeExceptionally(
                new EndpointException(EndpointException.Kind.UNAVAILABLE, "the endpoint is leaving"));
    }

    /** If it waits for the next try, it waits no more, and begins with the quick ones again. */
    void hurry(String why) {
        if (waiting != null) {
            LOG.info("dialling {} at once: {}", shown, why);
            endWait();
            attempts = 1;
            dial();
        }
    }

    State state() {
        if (linked || standingBy) {
            return new State.Linked();
        }
        if (stopped) {
            return new State.Stopped();
        }
        return waiting == null
                ? new State.Dialling(attempts)
                : new State.Waiting(attempts, Duration.ofNanos(Math.max(0, dialsAt - now())), lastReason);
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    private void dial() {
        endWait();
        Optional<CompletableFuture<LinkEnd>> other = stopped ? Optional.empty() : elsewhere.get();
        other.ifPresent(this::standBy);
        if (stopped || other.isPresent()) {
            return;
        }
        dialler.get().whenComplete((link, failure) -> {
            if (failure != null) {
                unlinked(DialFault.of(failure, first.isDone()));
            } else if (stopped) {
                link.close("the endpoint is leaving");
            } else {
                onLink.accept(link, new Watch());
            }
        });
    }

    /** The peer has dialled this endpoint: one link is enough, and ours is wanted when that one has ended. */
    private void standBy(CompletableFuture<LinkEnd> other) {
        first.complete(null);
        attempts = 0;
        standingBy = true;
        int standing = ++standings;
        // Not before all who are told of the end have been: which link there is then is known only afterwards.
        other.thenAccept(end -> loop.execute(() -> {
            if (standingBy && standing == standings) {
                standingBy = false;
                unlinked(DialFault.elsewhere(end));
            }
        }));
    }

    /** There is no link, or none any more. */
    private void unlinked(DialFault fault) {
        linked = false;
        boolean starting = !first.isDone();
        boolean hopeless = starting && !retryPolicy.patient() && now() - startedAt < retryPolicy.start().toNanos();
        if (stopped) {
            first.completeExceptionally(fault.reason());
        } else if (elsewhere.get().isPresent()) {
            standBy(elsewhere.get().get());
        } else if ((fault.hope() == DialFault.Hope.NONE && !retryPolicy.tireless()) || hopeless) {
            stopped = true;
            (starting ? first : over).completeExceptionally(fault.reason());
        } else {
            waitAfter(fault.reason().getMessage(), fault.hope());
        }
    }

    private void waitAfter(String reason, DialFault.Hope hope) {
        attempts++;
        lastReason = reason;
        Duration wait = hope == DialFault.Hope.SOON
                ? retryPolicy.backoff().before(attempts, random)
                : retryPolicy.backoff().longest();
        LOG.info("dialling {} again in {} s (try {}): {}", shown, wait.toMillis() / 1000.0, attempts, reason);
        dialsAt = now() + wait.toNanos();
        waiting = loop.schedule(this::dial, wait.toNanos(), TimeUnit.NANOSECONDS);
        look();
    }

    private void look() {
        if (waiting == null) {
            return;
        }
        if (network.changed()) {
            hurry(NETWORK_CHANGED);
        } else {
            looking = loop.schedule(this::look, retryPolicy.look().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void endWait() {
        standingBy = false;
        if (waiting != null) {
            waiting.cancel(false);
            waiting = null;
        }
        if (looking != null) {
            looking.cancel(false);
            looking = null;
        }
    }

    /** One link's fate. */
    private final class Watch implements LinkWatch {
        @Override
        public void opened(Session session) {
            attempts = 0;
            linked = true;
            first.complete(null);
        }

        @Override
        public void ended(LinkEnd end, boolean opened) {
            unlinked(DialFault.of(end, opened));
        }
    }
}
