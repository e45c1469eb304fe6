package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Amount;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What a copy has done so far. May be used by several threads. */
public final class Tally {
    private static final double NANOS = 1e9;

    private final LongSupplier nanoTime;
    private final long begun;
    private final LongAdder files = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder same = new LongAdder();
    private final LongAdder removed = new LongAdder();

    Tally(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    void copied(long size) {
        files.increment();
        bytes.add(size);
    }

    /** A file was there already. */
    void wasThere() {
        same.increment();
    }

    void removed() {
        removed.increment();
    }

    /** Whether nothing has been copied or removed. */
    public boolean isNothing() {
        return files.sum() == 0 && removed.sum() == 0;
    }

    /** All of it, in one line for people. */
    public String line() {
        long took = nanoTime.getAsLong() - begun;
        StringBuilder line = new StringBuilder(counted(files.sum())).append(", ").append(Amount.bytes(bytes.sum()))
                .append(" in ").append(time(took)).append(", ").append(Amount.speed(bytes.sum(), took));
        if (same.sum() > 0) {
            line.append("; ").append(counted(same.sum())).append(same.sum() == 1 ? " was" : " were")
                    .append(" there already");
        }
        if (removed.sum() > 0) {
            line.append("; ").append(removed.sum()).append(" removed");
        }
        return line.toString();
    }

    private static String counted(long number) {
        return number + (number == 1 ? " file" : " files");
    }

    static String time(long nanos) {
        Duration took = Duration.ofNanos(nanos);
        return took.toMinutes() == 0
                ? String.format(Locale.ROOT, "%.1f s", nanos / NANOS)
                : String.format(Locale.ROOT, "%d:%02d min", took.toMinutes(), took.toSecondsPart());
    }
}
