package dev.ninetunnel.audit;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Lines on their way to the file, bounded in bytes: adding one never waits, and lines without room are counted. Any thread
 * may add; one takes.
 */
final class Waiting {
    /** In bytes. */
    static final int MOST = 8 << 20;

    private final Queue<byte[]> lines = new ArrayDeque<>();
    private long bytes;
    private long lost;
    private boolean closed;

    synchronized void add(byte[] line) {
        if (closed || bytes + line.length > MOST) {
            lost++;
            return;
        }
        lines.add(line);
        bytes += line.length;
        notifyAll();
    }

    /** The next line; null if none has come within a time in milliseconds, or none comes any more. */
    synchronized byte[] take(long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = millis;
        while (lines.isEmpty() && !closed && left > 0) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        }
        byte[] next = lines.poll();
        bytes -= next == null ? 0 : next.length;
        return next;
    }

    /** How many have found no room since this was asked last. */
    synchronized long lost() {
        long now = lost;
        lost = 0;
        return now;
    }

    /** Takes no more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Whether it takes no more, and none is left. */
    synchronized boolean isOver() {
        return closed && lines.isEmpty();
    }
}
