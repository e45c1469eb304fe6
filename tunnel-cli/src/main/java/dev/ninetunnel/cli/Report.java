package dev.ninetunnel.cli;

import dev.ninetunnel.client.ConversationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.Set;

/**
 * What went wrong with some of several files: each is told at once, the others go on, and the command ends with the
 * code of the first. May be used by several threads.
 */
final class Report {
    private final ProgressLine line;
    private final boolean verbose;
    private final Set<String> once = new HashSet<>();
    private int exitCode;
    private boolean silent;

    /**
     * That tells it through a progress line.
     *
     * @param verbose with stack traces
     */
    Report(ProgressLine line, boolean verbose) {
        this.line = line;
        this.verbose = verbose;
    }

    /** Work on one file. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** Does the work, and tells what went wrong. Returns whether nothing did. */
    boolean attempt(String peer, Work work) {
        try {
            work.run();
            return true;
        } catch (ClosedSinkException e) {
            throw e;
        } catch (IOException e) {
            failed(FileProblems.explained(peer, e));
        } catch (Failure e) {
            failed(e);
        }
        return false;
    }

    /** Says nothing from now on. */
    synchronized void silence() {
        silent = true;
    }

    /** Tells it, but that a conversation ended only once, however many files wait for it. */
    synchronized void failed(Failure failure) {
        if (exitCode == 0) {
            exitCode = failure.exitCode();
        }
        boolean general = failure.getCause() instanceof ConversationException
                || failure.exitCode() == Failure.UNAVAILABLE;
        if (silent || (general && !once.add(failure.getMessage()))) {
            return;
        }
        line.say("ninetunnel: " + failure.getMessage());
        if (verbose) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            line.say(trace.toString());
        }
    }

    /** Something was left out, which is no failure. */
    synchronized void note(String message) {
        if (!silent) {
            line.say("ninetunnel: " + message);
        }
    }

    /** Tells it the first time only. */
    synchronized void noteOnce(String message) {
        if (once.add(message)) {
            note(message);
        }
    }

    /** What the command ends with. */
    synchronized int exitCode() {
        return exitCode;
    }
}
