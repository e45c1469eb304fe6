package dev.ninetunnel.cli;

import dev.ninetunnel.cli.copy.ProgressLine;
import dev.ninetunnel.cli.process.ClosedSinkException;
import dev.ninetunnel.client.ConversationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What went wrong with some of several files: each is told at once, the others go on, and the command ends with the
 * code of the first. May be used by several threads.
 */
public final class Report {
    private final ProgressLine line;
    private final boolean verbose;
    private final Set<String> once = new HashSet<>();
    private int exitCode;
    private boolean silent;
    /** How many more files failed for a reason that is not theirs, by that reason. */
    private final Map<String, Integer> more = new LinkedHashMap<>();

    /**
     * That tells it through a progress line.
     *
     * @param verbose with stack traces
     */
    public Report(ProgressLine line, boolean verbose) {
        this.line = line;
        this.verbose = verbose;
    }

    /** Work on one file. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    /** Does the work, and tells what went wrong. Returns whether nothing did. */
    public boolean attempt(String peer, Work work) {
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
    public synchronized void silence() {
        silent = true;
    }

    /**
     * Tells it. What is no fault of the one file is told once, however many files suffer from it: the end of a conversation, or
     * that there are no descriptors or no room any more.
     */
    synchronized void failed(Failure failure) {
        if (exitCode == 0) {
            exitCode = failure.exitCode();
        }
        if (silent || isToldAlready(failure)) {
            return;
        }
        line.say("ninetunnel: " + failure.getMessage());
        if (verbose) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            line.say(trace.toString());
        }
    }

    private boolean isToldAlready(Failure failure) {
        Optional<String> common = FileProblems.commonReason(failure.getCause());
        if (common.isPresent()) {
            return more.merge(common.get(), 0, (before, _) -> before + 1) > 0;
        }
        boolean general = failure.getCause() instanceof ConversationException
                || failure.exitCode() == Failure.UNAVAILABLE;
        return general && !once.add(failure.getMessage());
    }

    /** How many more files failed for the same reason as one that was told. */
    public synchronized void tellRest() {
        more.forEach((reason, count) -> {
            if (count > 0 && !silent) {
                line.say("ninetunnel: " + count + " more " + (count == 1 ? "file" : "files") + ": " + reason);
            }
        });
        more.clear();
    }

    /** Something was left out, which is no failure. */
    public synchronized void note(String message) {
        if (!silent) {
            line.say("ninetunnel: " + message);
        }
    }

    /** Tells it the first time only. */
    public synchronized void noteOnce(String message) {
        if (once.add(message)) {
            note(message);
        }
    }

    /** What the command ends with. */
    synchronized int exitCode() {
        return exitCode;
    }
}
