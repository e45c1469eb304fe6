package dev.ninetunnel.cli;

import java.io.PrintWriter;

/** What a copy in either direction works with. */
record Copying(Report report, ProgressLine line, Crew crew, Leftovers leftovers, PartNames names)
        implements
            AutoCloseable {
    /** With a progress line if somebody looks on and has not asked for quiet. */
    static Copying begin(PrintWriter err, boolean quiet, boolean verbose) {
        ProgressLine line = new ProgressLine(err, !quiet && Terminal.onStandardError(), System::nanoTime,
                Terminal::errorWidth);
        Report report = new Report(line, verbose);
        return new Copying(report, line, Crew.forDescriptors(), new Leftovers(report::silence), PartNames.own());
    }

    @Override
    public void close() {
        leftovers.close();
        report.tellRest();
        line.close();
    }
}
