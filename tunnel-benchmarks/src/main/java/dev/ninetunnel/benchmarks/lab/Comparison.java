package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.cli.bench.Bench;
import dev.ninetunnel.cli.bench.Json;
import dev.ninetunnel.cli.bench.Outcome;
import dev.ninetunnel.cli.bench.Results;
import dev.ninetunnel.cli.bench.Scene;
import dev.ninetunnel.cli.bench.Site;
import dev.ninetunnel.cli.bench.Table;
import dev.ninetunnel.cli.bench.Target;
import dev.ninetunnel.cli.process.Sandbox;
import dev.ninetunnel.cli.process.TempDirectory;
import dev.ninetunnel.identity.IdentityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tunnels of several kinds that are set up on this machine, measured in turn. Blocks the thread that calls it.
 *
 * @param bench what to measure; its msize is what our endpoints agree on
 * @param programs the builds of this program, by name: the first is the one that the others are compared with
 * @param cold for how long bulk is measured by itself with tunnels that were just started; zero for not at all
 * @param line the network between the two halves, if it is not this machine's own
 * @param only the names of those to be measured; empty for all that are there
 */
record Comparison(Bench bench, Map<String, String> programs, Duration cold, Optional<Line> line, List<String> only) {
    /** The name of this program. */
    static final String OURS = "ninetunnel";

    private static final double NANOS = 1e9;

    Report measured() throws IOException, InterruptedException, IdentityException {
        List<Contender.Kind> kinds = new ArrayList<>();
        programs.forEach((name, program) -> kinds.add(Contender.ninetunnel(name, program, bench.msize())));
        kinds.addAll(Contender.others());
        kinds.removeIf(kind -> !only.isEmpty() && !only.contains(kind.name()));
        try (Sandbox sandbox = new Sandbox()) {
            Path room = sandbox.keep(new TempDirectory(Files.createTempDirectory(OURS + "-bench"))).path();
            Path export = sandbox.keep(Contender.export(room)).path();
            Map<Target, Site> targets = new LinkedHashMap<>();
            List<String> notes = new ArrayList<>();
            Idle idle = Idle.UNKNOWN;
            for (Contender.Kind kind : kinds) {
                Contender contender = sandbox.keep(kind.in(room, export, line));
                try {
                    contender.start();
                    Idle its = contender.idle();
                    notes.addAll(notes(contender, its));
                    idle = kind.name().equals(OURS) ? its : idle;
                    targets.put(contender.target(), Site.prepare(contender.target(), bench.fileBytes()));
                } catch (IOException | IdentityException e) {
                    contender.close();
                    notes.add(kind.name() + " is left out, since it could not be started: " + e.getMessage());
                    bench.say().accept(notes.getLast());
                }
            }
            if (targets.isEmpty()) {
                throw new IOException("nothing to measure: " + (notes.isEmpty()
                        ? "none of the names after --only is installed; diod is needed for all but this program"
                        : String.join("; ", notes)));
            }
            Results warm = bench.of(targets);
            Results first = cold.isZero()
                    ? new Results(List.of())
                    : new ColdStart(bench, cold, room, export, line)
                            .measured(kinds.stream().filter(kind -> warm.has(kind.name())).toList(),
                                    targets.values().iterator().next());
            return report(warm, first, Goal.of(warm, first, idle, OURS, line), notes);
        }
    }

    /** What an idle endpoint takes, before anything was asked of it. */
    private static List<String> notes(Contender contender, Idle idle) {
        return Double.isNaN(idle.secondsToLink())
                ? List.of()
                : List.of(String.format(Locale.ROOT, "%s: ready after %.2f s where it listens, %.2f s where it dials; "
                        + "an endpoint takes %.0f MiB when idle", contender.target().name(), idle.secondsToListen(),
                        idle.secondsToLink(), idle.mebibytes()));
    }

    private Report report(Results warm, Results first, List<Goal> goals, List<String> notes) {
        List<String> lines = new ArrayList<>(notes);
        lines.addAll(new Table(warm, OURS).lines());
        if (!first.outcomes().isEmpty()) {
            lines.add("");
            lines.add(String.format(Locale.ROOT, "Cold: the first %.3g s after ready", cold.toNanos() / NANOS));
            lines.addAll(new Table(first, OURS).lines());
        }
        if (!goals.isEmpty()) {
            lines.add("");
            lines.add("Goals");
            goals.forEach(goal -> lines.add(goal.toString()));
        }
        return new Report(lines, json(warm, first, goals));
    }

    static String json(Results results, Results first, List<Goal> goals) {
        return "{\"measurements\":" + Json.measurements(results) + ",\"cold\":" + Json.measurements(first)
                + ",\"processor_ratios\":"
                + Json.array(results.scenes().stream().flatMap(scene -> results.targets(scene)
                        .stream().filter(target -> !target.equals(OURS))
                        .map(target -> ratio(results, scene, target)))
                        .toList())
                + ",\"goals\":" + Json.array(goals.stream().map(Goal::json).toList()) + "}";
    }

    /** Our processor time for each GB, divided by another's; nothing in scenes without file data. */
    private static String ratio(Results results, Scene scene, String target) {
        return "{\"scene\":" + dev.ninetunnel.json.Json.of(scene.toString()) + ",\"target\":"
                + dev.ninetunnel.json.Json.of(target) + ",\"ratio\":"
                + Json.number(results.ratio(scene, OURS, scene, target, Outcome::processorSecondsPerGigabyte)) + "}";
    }
}
