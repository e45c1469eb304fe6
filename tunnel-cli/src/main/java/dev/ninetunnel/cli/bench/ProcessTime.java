package dev.ninetunnel.cli.bench;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The processor time that processes and their descendants have used, of all threads, user and system. */
public final class ProcessTime {
    private ProcessTime() {}

    /** So far. The clock of Linux for this ticks every 10 ms. */
    public static Duration of(List<ProcessHandle> processes) {
        return processes.stream().flatMap(p -> Stream.concat(Stream.of(p), p.descendants())).distinct()
                .map(p -> p.info().totalCpuDuration().orElse(Duration.ZERO)).reduce(Duration.ZERO, Duration::plus);
    }
}
