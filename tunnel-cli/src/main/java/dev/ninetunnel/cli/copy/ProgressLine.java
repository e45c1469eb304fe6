package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Amount;
import dev.ninetunnel.cli.process.Terminal;
import dev.ninetunnel.client.Progress;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * One line on a terminal that tells how far a copy has come, written over and over; other messages go through here, so
 * that they do not run into it. Where nobody looks on, there are only the messages. May be used by several threads.
 */
public final class ProgressLine implements AutoCloseable {
    private static final long PAUSE = 200_000_000L;
    private static final int LONGEST_NAME = 28;
    private static final double PERCENT = 100.0;
    private static final double SECOND = 1e9;

    private final PrintWriter err;
    private final boolean shown;
    private final LongSupplier nanoTime;
    private final IntSupplier columns;
    private final long begun;
    private final Set<Transfer> underWay = new LinkedHashSet<>();
    private long last;
    private long bytes;
    /** Of a tree, as far as it has been gone through. */
    private long expected;
    private int unseen;
    private long filesDone;
    private int written;

    /**
     * With the time from a clock.
     *
     * @param shown whether there is a terminal, and whether a line on it is wanted
     * @param columns how wide that is now; a line that is longer could not be taken away again
     */
    ProgressLine(PrintWriter err, boolean shown, LongSupplier nanoTime, IntSupplier columns) {
        this.err = err;
        this.shown = shown;
        this.nanoTime = nanoTime;
        this.columns = columns;
        this.begun = nanoTime.getAsLong();
        this.last = begun;
    }

    /** Only messages. */
    public static ProgressLine none(PrintWriter err) {
        return new ProgressLine(err, false, System::nanoTime, Terminal::errorWidth);
    }

    /** A message on a line of its own. */
    public synchronized void say(String message) {
        erase();
        err.println(message);
        err.flush();
    }

    /** Whether anybody looks on. */
    boolean isShown() {
        return shown;
    }

    /** There are so many bytes more to be moved, or fewer. */
    synchronized void expect(long more) {
        expected += more;
    }

    /** There is a part of a tree of which is not known yet what it has; until what this returns is closed. */
    synchronized Unseen unseen() {
        unseen++;
        return new Unseen();
    }

    /** A file begins to move; the transfer is to be closed when it has. */
    public synchronized Transfer begin(String name) {
        Transfer transfer = new Transfer(name);
        underWay.add(transfer);
        return transfer;
    }

    private synchronized void moved(Transfer transfer, long done, long total) {
        bytes += done - transfer.done;
        transfer.done = done;
        transfer.total = total;
        long now = nanoTime.getAsLong();
        if (shown && now - last >= PAUSE) {
            last = now;
            show(now);
        }
    }

    private void show(long now) {
        StringBuilder line = new StringBuilder();
        if (expected > 0) {
            line.append(Amount.bytes(bytes)).append(" of ").append(Amount.bytes(expected));
            if (unseen > 0) {
                line.append(" or more");
            } else {
                line.append("  ").append((int) Math.min(PERCENT, bytes * PERCENT / expected)).append('%');
            }
        } else if (underWay.size() == 1) {
            Transfer only = underWay.iterator().next();
            line.append(shortened(only.name)).append("  ").append(Amount.bytes(only.done));
            if (only.total > 0) {
                line.append(" of ").append(Amount.bytes(only.total)).append("  ")
                        .append((int) Math.min(PERCENT, only.done * PERCENT / only.total)).append('%');
            }
        } else {
            line.append(underWay.size()).append(" files at once  ").append(Amount.bytes(bytes));
        }
        line.append("  ").append(Amount.speed(bytes, now - begun));
        if (unseen == 0 && bytes > 0 && expected > bytes) {
            double seconds = (double) (now - begun) / SECOND * (expected - bytes) / bytes;
            line.append("  ").append(Tally.time((long) (seconds * SECOND))).append(" left");
        }
        if (filesDone > 0) {
            line.append("  ").append(filesDone).append(filesDone == 1 ? " file done" : " files done");
        }
        // The last column stays free: some terminals go on to the next line when it is written.
        line.setLength(Math.min(line.length(), Math.max(columns.getAsInt() - 1, 1)));
        int length = line.length();
        line.append(" ".repeat(Math.max(0, written - length)));
        err.print("\r" + line);
        err.flush();
        written = length;
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : "..." + name.substring(name.length() - LONGEST_NAME + 3);
    }

    private void erase() {
        if (written > 0) {
            err.print("\r" + " ".repeat(written) + "\r");
            err.flush();
            written = 0;
        }
    }

    private synchronized void end(Transfer transfer) {
        underWay.remove(transfer);
        filesDone++;
    }

    /** Takes the line away. */
    @Override
    public synchronized void close() {
        erase();
    }

    /** A part of a tree. May be closed twice. */
    final class Unseen implements AutoCloseable {
        private boolean closed;

        @Override
        public void close() {
            synchronized (ProgressLine.this) {
                unseen -= closed ? 0 : 1;
                closed = true;
            }
        }
    }

    /** One file on its way. */
    public final class Transfer implements Progress, AutoCloseable {
        private final String name;
        private long done;
        private long total;

        private Transfer(String name) {
            this.name = name;
        }

        /** What is there already has not been moved. */
        void goesOnAt(long begun) {
            synchronized (ProgressLine.this) {
                expected -= expected == 0 ? 0 : begun - done;
                done = begun;
            }
        }

        @Override
        public void moved(long moved, long all) {
            ProgressLine.this.moved(this, moved, all);
        }

        @Override
        public void close() {
            end(this);
        }
    }
}
