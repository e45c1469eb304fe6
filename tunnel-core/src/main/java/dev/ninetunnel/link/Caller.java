package dev.ninetunnel.link;

import java.time.Duration;

/** What a {@link Doorkeeper}, under whose lock it is used, has to remember of one {@link Origin}. */
final class Caller {
    /** After the last link with an address, for how long it is known. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    final Pace pace;
    /** In progress. */
    int handshakes;
    private int links;
    private long lastLink;
    private boolean everLinked;

    Caller(DoorLimits limits, long now) {
        this.pace = new Pace(limits.perSecondOfAddress(), DoorLimits.AT_ONCE_SECONDS, now);
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

    /** Whether nobody there is here now. */
    boolean isGone() {
        return links == 0 && handshakes == 0;
    }

    /** Whether it is as if nobody had ever come from there. */
    boolean isForgotten(long now) {
        return isGone() && !isKnown(now) && pace.isUnused(now);
    }
}
