package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Report;
import dev.ninetunnel.cli.process.Terminal;
import java.io.PrintWriter;

/** What a copy in either direction works with. */
public record Copying(Report report, ProgressLine line, WorkerPool crew, TempFiles leftovers, PartNames names)
        implements
            AutoCloseable {
    /** With a progress line if somebody looks on and has not asked for quiet. */
    public static Copying begin(PrintWriter err, boolean quiet, boolean verbose) {
        ProgressLine line = new ProgressLine(err, !quiet && Terminal.onStandardError(), System::nanoTime,
                Terminal::errorWidth);
        Report report = new Report(line, verbose);
        return new Copying(report, line, WorkerPool.forDescriptors(), new TempFiles(report::silence), PartNames.own());
    }

    @Override
    public void close() {
        leftovers.close();
        report.tellRest();
        line.close();
    }
}
