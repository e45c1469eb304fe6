package dev.ninetunnel.cli;

import java.io.PrintWriter;
import java.util.Random;

/** What a copy in either direction works with. */
record Copying(Report report, ProgressLine line, Crew crew, Leftovers leftovers, TemporaryName names)
        implements
            AutoCloseable {
    /** With a progress line if somebody looks on and has not asked for quiet. */
    static Copying begin(PrintWriter err, boolean quiet, boolean verbose) {
        ProgressLine line = new ProgressLine(err, !quiet && Terminal.onStandardError(), System::nanoTime);
        return new Copying(new Report(line, verbose), line, new Crew(), new Leftovers(),
                new TemporaryName(new Random()));
    }

    @Override
    public void close() {
        leftovers.close();
        line.close();
    }
}
