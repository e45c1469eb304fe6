package dev.ninetunnel.session;

import dev.ninetunnel.link.Heartbeat;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.Traffic;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.Optional;

/** What has happened over all links of a session. On its loop. */
final class Totals {
    private final Ticker ticker;
    private final long begun;
    private int links;
    private Traffic.Amount sent = Traffic.Amount.NOTHING;
    private Traffic.Amount received = Traffic.Amount.NOTHING;
    private long heard;

    Totals(EventExecutor loop) {
        this.ticker = loop.ticker();
        this.begun = ticker.nanoTime();
    }

    boolean isNew() {
        return links == 0;
    }

    void linked() {
        links++;
    }

    void unlinked(Link link) {
        sent = sent.plus(link.sent().amount());
        received = received.plus(link.received().amount());
        heard = link.lastReceived();
    }

    /** With what the present link adds; both may be null. */
    SessionStats now(Link link, Heartbeat heartbeat) {
        long now = ticker.nanoTime();
        Duration age = Duration.ofNanos(now - begun);
        int resumes = Math.max(0, links - 1);
        if (link == null) {
            return new SessionStats(age, resumes, sent, received,
                    links == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(now - heard)), Optional.empty());
        }
        return new SessionStats(age, resumes, sent.plus(link.sent().amount()), received.plus(link.received().amount()),
                Optional.of(Duration.ofNanos(now - link.lastReceived())), heartbeat.roundTrip());
    }
}
