package dev.ninetunnel.lease;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Peers that may hold leases of an endpoint that runs no more, and have not begun a session since. Belongs to the owner of the
 * granter.
 */
final class FormerHolders {
    private static final Logger LOG = LoggerFactory.getLogger(FormerHolders.class);

    private final EventExecutor owner;
    private final Executor background;
    private final Set<Rule> rules;
    private final Set<String> peers = new HashSet<>();
    private Optional<GrantRecord> record = Optional.empty();
    private Runnable over = () -> {};

    FormerHolders(EventExecutor owner, Executor background, Set<Rule> rules) {
        this.owner = owner;
        this.background = background;
        this.rules = rules;
    }

    /** Has this told when there are none any more. */
    void whenOver(Runnable taker) {
        over = taker;
    }

    /** Those that a record tells of; in which is written down from now on who may hold leases. */
    void keepRecord(GrantRecord kept) {
        record = Optional.of(kept);
        Map<String, Duration> left = kept.left();
        if (!left.isEmpty() && rules.contains(Rule.RESTART_WAITS)) {
            peers.addAll(left.keySet());
            Duration longest = Collections.max(left.values());
            owner.schedule(this::areOver, longest.toNanos(), TimeUnit.NANOSECONDS);
            LOG.info(
                    "leases may be out that were granted before this endpoint was started: changes wait until those who may have "
                            + "them are here again, for {} s at most",
                    longest.toSeconds() + 1);
        }
    }

    private void areOver() {
        peers.clear();
        record.ifPresent(kept -> background.execute(kept::forgetLeft));
        over.run();
    }

    boolean isEmpty() {
        return peers.isEmpty();
    }

    /** A peer has begun a session, and has forgotten what it held before; for leases of this one a granter waits for so long. */
    void began(String peer, Duration patience) {
        if (peers.remove(peer) && peers.isEmpty()) {
            areOver();
        }
        record.ifPresent(kept -> kept.add(peer, patience));
    }
}
