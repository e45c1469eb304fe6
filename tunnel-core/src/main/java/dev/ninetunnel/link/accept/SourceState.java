package dev.ninetunnel.link.accept;

import dev.ninetunnel.link.HandshakeLimits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a {@link HandshakeLimiter}, under whose lock it is used, has to remember of one {@link SourceAddress}. */
final class SourceState {
    /** After the last link with an address, for how long it is known. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    final SourceAddress origin;
    final TokenBucket pace;
    /** Those who have not had their turn, in the order in which they came. */
    final Deque<PendingConnection> unheard = new ArrayDeque<>(1);
    /** Those of them who wait for it. */
    final Deque<PendingConnection> waiting = new ArrayDeque<>(1);
    /** Connections that have not proven anything so far. */
    int present;
    private int links;
    private long lastLink;
    private boolean everLinked;

    SourceState(SourceAddress sourceAddress, HandshakeLimits limits, long now) {
        this.origin = sourceAddress;
        this.pace = new TokenBucket(limits.perSecondOfAddress(), HandshakeLimits.AT_ONCE_SECONDS, now);
    }

    void linkBegins() {
        links++;
        everLinked = true;
    }

    void linkEnds(long now) {
        links--;
        lastLink = now;
    }

    /** Whether somebody there has a link, or had one lately. */
    boolean isKnown(long now) {
        return links > 0 || (everLinked && now - lastLink < REMEMBERED.toNanos());
    }

    /** Whether it has no connection now. */
    boolean isGone() {
        return links == 0 && present == 0;
    }

    /** Whether it is as if there had never been a connection from there. */
    boolean isForgotten(long now) {
        return isGone() && !isKnown(now) && pace.isUnused(now);
    }
}
