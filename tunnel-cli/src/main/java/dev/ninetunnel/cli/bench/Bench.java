package dev.ninetunnel.cli.bench;

import dev.ninetunnel.cli.process.Sandbox;
import dev.ninetunnel.client.NineClient;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Scenes to be measured. Blocks the thread that calls it, for as long as the measurements take.
 *
 * @param scenes what to do, in turn
 * @param rounds how often to do all of it
 * @param fileBytes how long the files are that are read and written
 * @param msize the largest message to ask for, in bytes
 * @param say is told of each measurement, a line for people
 */
public record Bench(List<Scene> scenes, int rounds, Duration warmup, Duration time, long fileBytes, int msize,
        int threads, Consumer<String> say) {
    /**
     * Measures a server that runs.
     *
     * @param file a file that is there, to be read; if empty, a directory is made for files, and removed
     */
    public Results of(Target target, Optional<String> file) throws IOException, InterruptedException {
        try (Sandbox sandbox = new Sandbox()) {
            Site site = sandbox.keep(
                    file.isPresent() ? Site.existing(target, file.get()) : Site.planned(target, fileBytes));
            if (file.isEmpty()) {
                site.make();
            }
            return of(Map.of(target, site));
        }
    }

    /** Measures several servers in turn, scene by scene, each with the files that were made for it. */
    public Results of(Map<Target, Site> targets) throws IOException, InterruptedException {
        EventLoopGroup loops = NineClient.loops(threads);
        List<Outcome> outcomes = new ArrayList<>();
        try {
            Measurement measurement = new Measurement(loops, msize, warmup, time);
            for (int round = 1; round <= rounds; round++) {
                for (Scene scene : scenes) {
                    for (Map.Entry<Target, Site> entry : targets.entrySet()) {
                        Outcome outcome = measurement.of(scene, entry.getKey(), entry.getValue());
                        outcomes.add(outcome);
                        say.accept(progress(round, outcome));
                    }
                }
            }
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        return new Results(outcomes);
    }

    /**
     * Measures once what a server that was not asked for anything yet does from its first moment on.
     *
     * @param site files that are there already, so that making them does not warm it
     */
    public Outcome first(Scene scene, Duration moments, Target target, Site site)
            throws IOException, InterruptedException {
        return new Bench(List.of(scene), 1, Duration.ZERO, moments, fileBytes, msize, threads, _ -> {})
                .of(Map.of(target, site)).outcomes().getFirst();
    }

    private String progress(int round, Outcome o) {
        Outcome.OfLoad first = o.loads().getFirst();
        return String.format(Locale.ROOT, "round %d of %d, %s, %s: %.0f MB/s, %.0f ops/s, p50 %.0f us, p99 %.0f us",
                round,
                rounds, o.target(), o.scene(), o.megabytesPerSecond(), first.operationsPerSecond(), first.p50(),
                first.p99());
    }
}
