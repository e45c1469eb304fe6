package dev.ninetunnel.cli.copy;

import dev.ninetunnel.cli.Report;
import dev.ninetunnel.cli.process.Terminal;
import java.io.PrintWriter;

/**
 * What a copy in either direction works with.
 *
 * @param plan where it is said what would be done
 */
public record Copying(CopyRules rules, Report report, ProgressLine line, Tally tally, PrintWriter plan, WorkerPool crew,
        TempFiles leftovers, PartNames names)
        implements
            AutoCloseable {
    /** With a progress line if somebody looks on and has not asked for quiet. */
    public static Copying begin(CopyRules rules, PrintWriter out, PrintWriter err, boolean quiet, boolean verbose) {
        ProgressLine line = new ProgressLine(err, !quiet && Terminal.onStandardError(), System::nanoTime,
                Terminal::errorWidth);
        Report report = new Report(line, verbose);
        return new Copying(rules, report, line, new Tally(System::nanoTime), out, WorkerPool.forDescriptors(),
                new TempFiles(report::silence), PartNames.own());
    }

    /** From now on there may be a part, until what this returns is closed; it stays if parts are kept. */
    TempFiles.Leftover expectPart(TempFiles.Removal removal) {
        return leftovers.expect(rules.keepParts() ? () -> {} : removal);
    }

    /** Says what would be done. */
    void would(String what) {
        synchronized (plan) {
            plan.println("would " + what);
        }
    }

    /** Tells what has been done. */
    public void tellTally() {
        line.say("ninetunnel: " + tally.line());
    }

    @Override
    public void close() {
        leftovers.close();
        report.tellRest();
        line.close();
    }
}
