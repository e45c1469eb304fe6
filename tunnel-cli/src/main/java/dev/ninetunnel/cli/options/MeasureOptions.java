package dev.ninetunnel.cli.options;

import dev.ninetunnel.cli.bench.Bench;
import dev.ninetunnel.cli.bench.Scene;
import dev.ninetunnel.endpoint.EndpointConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How something is measured. */
public final class MeasureOptions {
    @Option(names = "--seconds", paramLabel = "N", defaultValue = "2", description = "How long each measurement takes. "
            + "Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--warmup", paramLabel = "N", defaultValue = "1", description = "For how many seconds each scene goes on "
            + "before it is measured. Default: ${DEFAULT-VALUE}.")
    private double warmup;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1", description = "How many threads make the load. Default: "
            + "${DEFAULT-VALUE}.")
    private int threads;

    @Option(names = "--file-size", paramLabel = "MIB", defaultValue = "64", description = "How long the files are, in "
            + "MiB. Default: ${DEFAULT-VALUE}.")
    private int fileSize; // by default more than fits into a processor's cache

    @Option(names = "--msize", paramLabel = "BYTES", defaultValue = ""
            + EndpointConfig.DEFAULT_MSIZE, description = "The largest message to ask for. Default: ${DEFAULT-VALUE}.")
    private int msize;

    /**
     * What is to be measured.
     *
     * @param say is told of each measurement, a line for people
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    public Bench bench(List<Scene> scenes, int rounds, Consumer<String> say) {
        if (seconds <= 0 || warmup < 0 || threads < 1 || fileSize < 1 || rounds < 1) {
            throw new IllegalArgumentException("--seconds, --rounds, --threads and --file-size are above 0");
        }
        return new Bench(scenes, rounds, nanos(warmup), nanos(seconds), (long) fileSize << 20, msize, threads, say);
    }

    private static Duration nanos(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
