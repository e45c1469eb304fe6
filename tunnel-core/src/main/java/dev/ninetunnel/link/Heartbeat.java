package dev.ninetunnel.link;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one place that decides whether a link is alive. It looks at the link from time to time: a silence in either
 * direction is broken by a probe; a link on which the far side says nothing in spite of that, or takes nothing of what waits
 * for it, is given up, without a goodbye. A far side that is not being read is not blamed for its silence. On the link's
 * event loop.
 */
public final class Heartbeat {
    private final Link link;
    private final Liveness times;
    private final Consumer<Runnable> prober;
    private final Ticker ticker;
    private final Future<?> looking;
    private boolean probing;
    private Duration roundTrip;
    /** What the socket had taken at the last look at which it took something, and when that was. */
    private long taken;
    private long takenAt;

    /**
     * Begins to look.
     *
     * @param prober sends the far side something that it answers at once, and runs what it is given when that has come; does
     *        nothing where there is nothing to send
     */
    public Heartbeat(Link link, Liveness times, Consumer<Runnable> prober) {
        this.link = link;
        this.times = times;
        this.prober = prober;
        this.ticker = link.loop().ticker();
        this.takenAt = ticker.nanoTime();
        long look = times.look().toNanos();
        this.looking = link.loop().scheduleAtFixedRate(Repeated.of("a link", this::look), look, look,
                TimeUnit.NANOSECONDS);
    }

    /** Looks no more. */
    public void stop() {
        looking.cancel(false);
    }

    /** How long the last probe took to be answered; empty before the first one was. */
    public Optional<Duration> roundTrip() {
        return Optional.ofNullable(roundTrip);
    }

    private void look() {
        long now = ticker.nanoTime();
        long mark = link.writeMark();
        if (mark == 0 || mark != taken) {
            taken = mark;
            takenAt = now;
        }
        if (isLonger(now - link.lastReceived(), times.dead()) && link.isReading()) {
            giveUp("nothing has come from the peer for " + seconds(now - link.lastReceived()) + " s");
        } else if (isLonger(now - takenAt, times.dead())) {
            giveUp("the peer has taken nothing of what waits for it for " + seconds(now - takenAt) + " s");
        } else if (isLonger(now - Math.min(link.lastReceived(), link.lastSent()), times.probe())) {
            probe(now);
        }
    }

    private void probe(long now) {
        if (!probing) {
            probing = true;
            prober.accept(() -> {
                probing = false;
                roundTrip = Duration.ofNanos(ticker.nanoTime() - now);
            });
        }
    }

    private void giveUp(String reason) {
        stop();
        link.abandon(reason);
    }

    private static boolean isLonger(long nanos, Duration than) {
        return nanos >= than.toNanos();
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }
}
