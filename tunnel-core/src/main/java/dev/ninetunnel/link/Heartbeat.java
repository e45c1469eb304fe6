package dev.ninetunnel.link;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The one place that decides whether a link is alive. It looks at the link from time to time: a silence in either
 * direction is broken by a probe; a link on which the far side says nothing in spite of that, or takes nothing of what waits
 * for it, is given up, without a goodbye. One whose far side is there, but answers no probe, ends for that fault: on
 * another link it would owe the same answers. A far side that is not being read is not blamed for its silence. On the link's
 * event loop.
 */
public final class Heartbeat {
    /** An answer that takes longer is overdue. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final Link link;
    private final Liveness times;
    private final Consumer<Runnable> prober;
    private final Supplier<Duration> unanswered;
    private final Ticker ticker;
    private Future<?> looking;

    /** Until it is known whether the link has outlived a change of the network; else null. */
    private Future<?> deciding;
    private boolean probing;
    private long probedAt;
    private Duration roundTrip;
    /** What the socket had taken at the last look at which it took something, and when that was. */
    private long taken;
    private long takenAt;

    /**
     * One that does not look yet.
     *
     * @param prober sends the far side something that it answers at once, and runs what it is given when that has come; does
     *        nothing where there is nothing to send
     * @param unanswered for how long such questions have been open, and none answered; zero if none is
     */
    public Heartbeat(Link link, Liveness times, Consumer<Runnable> prober, Supplier<Duration> unanswered) {
        this.link = link;
        this.times = times;
        this.prober = prober;
        this.unanswered = unanswered;
        this.ticker = link.loop().ticker();
    }

    /** Begins to look. Once. */
    public void start() {
        takenAt = ticker.nanoTime();
        long look = times.look().toNanos();
        looking = link.loop().scheduleAtFixedRate(Repeated.of("a link", this::look), look, look,
                TimeUnit.NANOSECONDS);
    }

    /** Looks no more. */
    public void stop() {
        looking.cancel(false);
        if (deciding != null) {
            deciding.cancel(false);
        }
    }

    /** How long the last probe took to be answered; empty before the first one was. */
    public Optional<Duration> roundTrip() {
        return Optional.ofNullable(roundTrip);
    }

    /** For how long nothing has come from the far side, where it should have answered a probe by now. */
    public Optional<Duration> overdue() {
        long now = ticker.nanoTime();
        long silent = now - link.lastReceived();
        boolean isOverdue = probing && isLonger(now - probedAt, ANSWER) && isLonger(silent, ANSWER) && link.isReading();
        return isOverdue ? Optional.of(Duration.ofNanos(silent)) : Optional.empty();
    }

    /**
     * This host's network has changed: the far side is asked at once, and the link is given up if nothing at all comes within 2
     * seconds. For a link whose session goes on with another, and over which the far side can be asked.
     */
    public void networkChanged() {
        long now = ticker.nanoTime();
        probe(now);
        if (deciding == null) {
            deciding = link.loop().schedule(() -> decide(now), ANSWER.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void decide(long asked) {
        deciding = null;
        if (link.lastReceived() - asked < 0 && link.isReading()) {
            giveUp("nothing has come from the peer since this host's network has changed");
        }
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
        } else if (isDeaf(now)) {
            stop();
            link.faulty("it has answered no Tflush for " + unanswered.get().toSeconds() + " s, though it is there");
        } else if (isLonger(now - Math.min(link.lastReceived(), link.lastSent()), times.probe())
                || unanswered.get().compareTo(times.probe()) >= 0) {
            probe(now);
        }
    }

    /** A message of which more comes, slowly, may be what the answers wait behind. */
    private boolean isDeaf(long now) {
        boolean isSending = link.isAmidFrame() && !isLonger(now - link.lastReceived(), times.probe());
        return unanswered.get().compareTo(times.dead()) >= 0 && link.isReading() && !isSending;
    }

    private void probe(long now) {
        if (!probing) {
            probing = true;
            probedAt = now;
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
