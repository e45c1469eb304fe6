package dev.ninetunnel.link.dial;

import dev.ninetunnel.link.LinkFaults;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries the addresses of one name, so that one that does not answer costs a moment and not a time-out (RFC 8305): IPv6 and IPv4 in
 * turn, the next one as soon as one has failed or has not answered for {@link #DELAY}; the first that connects wins, and the others
 * are given up. On one event loop.
 */
final class AddressRace<C> {
    /** RFC 8305, section 5: the Connection Attempt Delay. */
    static final Duration DELAY = Duration.ofMillis(250);
    private static final Logger LOG = LoggerFactory.getLogger(LinkDialler.class);

    /** One try, which may be given up. */
    interface Entrant<C> {
        /** Completes on the loop. */
        CompletableFuture<C> result();

        /** It is not wanted, or not any more. */
        void giveUp();
    }

    /** No address has answered well. */
    static final class LostException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Why each of them did not, in the order in which they failed. */
        final transient Map<InetAddress, Throwable> reasons;

        LostException(Map<InetAddress, Throwable> reasons) {
            this.reasons = reasons;
        }
    }

    private final EventLoop loop;
    private final String name;
    private final Function<InetAddress, Entrant<C>> start;
    private final Deque<InetAddress> waiting;
    private final List<Entrant<C>> running = new ArrayList<>();
    private final Map<InetAddress, Throwable> failed = new LinkedHashMap<>();
    private final CompletableFuture<C> result = new CompletableFuture<>();
    private Future<?> next;

    /**
     * Not begun.
     *
     * @param name whose addresses they are, for the log
     * @param addresses at least one
     * @param start begins a try
     */
    AddressRace(EventLoop loop, String name, Collection<InetAddress> addresses,
            Function<InetAddress, Entrant<C>> start) {
        this.loop = loop;
        this.name = name;
        this.start = start;
        this.waiting = inTurn(addresses);
    }

    /** RFC 8305, section 4: first one of IPv6, then one of IPv4, and so on; each kind in the order in which they came. */
    static Deque<InetAddress> inTurn(Collection<InetAddress> addresses) {
        Deque<InetAddress> six = new ArrayDeque<>();
        Deque<InetAddress> four = new ArrayDeque<>();
        new LinkedHashSet<>(addresses).forEach(a -> (a instanceof Inet6Address ? six : four).add(a));
        Deque<InetAddress> all = new ArrayDeque<>();
        while (!six.isEmpty() || !four.isEmpty()) {
            if (!six.isEmpty()) {
                all.add(six.remove());
            }
            if (!four.isEmpty()) {
                all.add(four.remove());
            }
        }
        return all;
    }

    /** Begins. Completes with the winner, or with {@link LostException}. */
    CompletableFuture<C> run() {
        startNext("");
        return result;
    }

    private void startNext(String why) {
        InetAddress address = waiting.remove();
        if (!why.isEmpty()) {
            LOG.info("{}: {}, so {} is tried{}", name, why, address.getHostAddress(),
                    waiting.isEmpty() ? "" : ", and then " + waiting.size() + " more");
        }
        Entrant<C> entrant = start.apply(address);
        running.add(entrant);
        if (!waiting.isEmpty()) {
            next = loop.schedule(() -> startNext(address.getHostAddress() + " has not answered yet"),
                    DELAY.toMillis(), TimeUnit.MILLISECONDS);
        }
        entrant.result().whenComplete((connected, fault) -> ended(address, entrant, connected, fault));
    }

    private void ended(InetAddress address, Entrant<C> entrant, C connected, Throwable fault) {
        running.remove(entrant);
        if (result.isDone()) {
            if (fault == null) {
                entrant.giveUp();
            }
        } else if (fault == null) {
            endWait();
            result.complete(connected);
            List.copyOf(running).forEach(Entrant::giveUp);
        } else {
            failed.put(address, fault);
            if (!waiting.isEmpty()) {
                endWait();
                startNext(address.getHostAddress() + " does not answer (" + LinkFaults.reason(fault) + ")");
            } else if (running.isEmpty()) {
                result.completeExceptionally(new LostException(failed));
            }
        }
    }

    private void endWait() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }
}
