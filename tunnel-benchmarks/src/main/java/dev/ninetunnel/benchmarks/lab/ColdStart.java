package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.cli.bench.Bench;
import dev.ninetunnel.cli.bench.Outcome;
import dev.ninetunnel.cli.bench.Results;
import dev.ninetunnel.cli.bench.Scene;
import dev.ninetunnel.cli.bench.Site;
import dev.ninetunnel.cli.process.Sandbox;
import dev.ninetunnel.identity.IdentityException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What tunnels do in their first moments: each measurement has one that was started for it. Blocks the thread that calls it.
 *
 * @param bench what to measure, of which only bulk; the load itself is warm by now
 * @param moments how long after it is ready
 * @param export what all of them serve
 */
record ColdStart(Bench bench, Duration moments, Path room, Path export, Optional<Line> line) {
    /**
     * Measures these, in turn.
     *
     * @param site files in what is served, that are there already
     */
    Results measured(List<Contender.Kind> kinds, Site site)
            throws IOException, InterruptedException, IdentityException {
        List<Outcome> outcomes = new ArrayList<>();
        for (int round = 1; round <= bench.rounds(); round++) {
            for (Scene scene : bench.scenes().stream().filter(Scene::bulk).toList()) {
                for (Contender.Kind kind : kinds) {
                    Outcome outcome = once(scene, kind, room.resolve("cold-" + outcomes.size()), site);
                    outcomes.add(outcome);
                    bench.say().accept(String.format(Locale.ROOT, "cold, round %d of %d, %s, %s: %.0f MB/s", round,
                            bench.rounds(), outcome.target(), scene, outcome.megabytesPerSecond()));
                }
            }
        }
        return new Results(outcomes);
    }

    private Outcome once(Scene scene, Contender.Kind kind, Path own, Site site)
            throws IOException, InterruptedException, IdentityException {
        try (Sandbox sandbox = new Sandbox()) {
            Contender fresh = sandbox.keep(kind.in(own, export, line));
            fresh.start();
            return bench.first(scene, moments, fresh.target(), site.by(fresh.target()));
        }
    }
}
