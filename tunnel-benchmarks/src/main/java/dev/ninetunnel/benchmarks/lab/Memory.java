package dev.ninetunnel.benchmarks.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory that a process takes, where the system tells (proc_pid_status(5)). */
final class Memory {
    private static final String RESIDENT = "VmRSS:";
    private static final double KIBIBYTES = 1024;

    private Memory() {}

    /** What is resident, in MiB; NaN if that is not to be known. */
    static double residentMebibytes(ProcessHandle process) {
        try (var lines = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / KIBIBYTES)
                    .findFirst().orElse(Double.NaN);
        } catch (IOException _) {
            return Double.NaN;
        }
    }
}
