package dev.ninetunnel.audit;

import dev.ninetunnel.errno.SystemWords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes the record. A line that cannot be written is lost and counted; how many were is written before the
 * next line that can be, and the log says at once that it has begun.
 */
final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final long LOOK_MILLIS = 1000;
    /** How long the end of the process waits for a disk. */
    private static final Duration LAST = Duration.ofSeconds(10);

    private final Path path;
    private final Waiting waiting;
    private final Runnable look;
    private final LongFunction<byte[]> loss;
    private final Thread thread = new Thread(this::run, "audit");
    private AuditFile file;
    private volatile boolean reopening;
    private long lost;
    private boolean warned;

    /**
     * Opens the file, and begins to write.
     *
     * @param look is done every second or so, between lines
     * @param loss the line that says how many records were lost
     * @throws IOException if it cannot be opened
     */
    Writer(Path path, Waiting waiting, Runnable look, LongFunction<byte[]> loss) throws IOException {
        this.path = path;
        this.waiting = waiting;
        this.look = look;
        this.loss = loss;
        this.file = AuditFile.open(path);
        thread.setDaemon(true);
        thread.start();
    }

    /** Has the file opened again by its name, before the next line is written. Any thread. */
    void reopen() {
        reopening = true;
    }

    /** Waits until all is written that was to be; not for long if the disk is not there. Any other thread. */
    void finish() {
        waiting.close();
        try {
            thread.join(LAST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive() || lost > 0) {
            LOG.warn("the audit log {} is not whole: {}", path, thread.isAlive()
                    ? "its disk does not answer"
                    : lost + " records at its end could not be written");
        }
    }

    private void run() {
        try {
            while (!waiting.isOver()) {
                turn();
            }
            lost += waiting.lost();
            tellLoss();
            file.close();
        } catch (InterruptedException | IOException e) {
            LOG.warn("the audit log {} could not be closed: {}", path, SystemWords.of(e));
        }
    }

    /** Writes a line, if one comes soon. What must not happen costs this line, and no more. */
    private void turn() throws InterruptedException {
        byte[] line = null;
        try {
            line = waiting.take(LOOK_MILLIS);
            look.run();
            if (reopening) {
                renew();
            }
            lost += waiting.lost();
            if (line != null) {
                write(line);
            } else if (lost > 0) {
                tellLoss();
            }
        } catch (RuntimeException | Error e) {
            lost += line == null ? 0 : 1;
            LOG.error(
                    "a line of the audit log {} may be lost; this is a fault in the program, or it has too little memory",
                    path, e);
        }
    }

    private void write(byte[] line) {
        if (!tellLoss()) {
            lost++;
            return;
        }
        try {
            file.write(line);
        } catch (IOException e) {
            lost++;
            warn(e);
        }
    }

    /** Whether nothing is lost that the file does not tell. */
    private boolean tellLoss() {
        if (lost == 0) {
            return true;
        }
        try {
            file.write(loss.apply(lost));
        } catch (IOException e) {
            warn(e);
            return false;
        }
        LOG.warn("{} records of the audit log {} were lost, for the disk was full or slow; it goes on now", lost, path);
        lost = 0;
        warned = false;
        return true;
    }

    private void warn(IOException e) {
        if (!warned) {
            warned = true;
            LOG.warn("the audit log {} cannot be written, and records are lost until it can: {}. Make room on its disk",
                    path, SystemWords.of(e));
        }
    }

    private void renew() {
        reopening = false;
        try {
            AuditFile next = AuditFile.open(path);
            file.close();
            file = next;
        } catch (IOException e) {
            LOG.warn("the audit log {} cannot be opened again, and goes on in the old file: {}", path,
                    e.getMessage());
        }
    }
}
