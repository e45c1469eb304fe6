package dev.ninetunnel.cli.bench;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.identity.IdentityException;
import io.netty.channel.EventLoopGroup;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Benchmarks as they are asked for on the command line. Blocks the thread that calls it, for as long as the measurements
 * take.
 *
 * @param scenes what to do, in turn
 * @param rounds how often to do all of it
 * @param fileBytes how long the files are that are read and written
 * @param msize the largest message to ask for, and for endpoints that are set up to agree on, in bytes
 * @param say is told of each measurement, a line for people
 */
public record Bench(List<Scene> scenes, int rounds, Duration warmup, Duration time, long fileBytes, int msize,
        int threads, Consumer<String> say) {
    /** The name of this program in a comparison. */
    private static final String OURS = "ninetunnel";

    /** What came of it, in the two forms in which it is told. */
    public record Told(List<String> lines, String json) {}

    /**
     * Measures a server that runs.
     *
     * @param file a file that is there, to be read; if empty, a directory is made for files, and removed
     */
    public Told of(Target target, Optional<String> file) throws IOException, InterruptedException {
        try (Premises premises = new Premises()) {
            Site site = premises.keep(
                    file.isPresent() ? Site.existing(target, file.get()) : Site.planned(target, fileBytes));
            if (file.isEmpty()) {
                site.make();
            }
            return told(measure(Map.of(target, site)), target.name(), List.of(), List.of());
        }
    }

    /**
     * Sets up tunnels on this machine, and measures them in turn.
     *
     * @param self the words that start this program
     * @param also other builds of it, by name
     * @param line the network between the two halves, if it is not this machine's own
     * @param only the names of those to be measured; empty for all that are there
     */
    public Told compared(List<String> self, Map<String, List<String>> also, Optional<Line> line, List<String> only)
            throws IOException, InterruptedException, IdentityException {
        List<Contender.Kind> kinds = new ArrayList<>();
        kinds.add(Contender.ninetunnel(OURS, self, msize));
        also.forEach((name, command) -> kinds.add(Contender.ninetunnel(name, command, msize)));
        kinds.addAll(Contender.others());
        kinds.removeIf(kind -> !only.isEmpty() && !only.contains(kind.name()));
        try (Premises premises = new Premises()) {
            Path room = premises.keep(new Folder(Files.createTempDirectory(OURS + "-bench"))).path();
            Path export = premises.keep(Folder.inMemory(room)).path();
            Map<Target, Site> targets = new LinkedHashMap<>();
            List<String> notes = new ArrayList<>();
            Idle idle = Idle.UNKNOWN;
            for (Contender.Kind kind : kinds) {
                Contender contender = premises.keep(kind.in(room, export, line));
                try {
                    contender.start();
                    Idle its = contender.idle();
                    notes.addAll(notes(contender, its));
                    idle = kind.name().equals(OURS) ? its : idle;
                    targets.put(contender.target(), Site.prepare(contender.target(), fileBytes));
                } catch (IOException | IdentityException e) {
                    contender.close();
                    notes.add(kind.name() + " is left out, since it could not be started: " + e.getMessage());
                    say.accept(notes.getLast());
                }
            }
            if (targets.isEmpty()) {
                throw new IOException("nothing to measure: " + (notes.isEmpty()
                        ? "none of the names after --only is installed; diod is needed for all but this program"
                        : String.join("; ", notes)));
            }
            Results results = measure(targets);
            return told(results, OURS, Goal.of(results, idle, OURS, line), notes);
        }
    }

    /** What an idle endpoint takes, before anything was asked of it. */
    private static List<String> notes(Contender contender, Idle idle) {
        return Double.isNaN(idle.secondsToReady())
                ? List.of()
                : List.of(String.format(Locale.ROOT, "%s: %.2f s to ready; an endpoint takes %.0f MiB when idle",
                        contender.target().name(), idle.secondsToReady(), idle.mebibytes()));
    }

    private Results measure(Map<Target, Site> targets) throws IOException, InterruptedException {
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

    private String progress(int round, Outcome o) {
        Outcome.OfLoad first = o.loads().getFirst();
        return String.format(Locale.ROOT, "round %d of %d, %s, %s: %.0f MB/s, %.0f ops/s, p50 %.0f us, p99 %.0f us",
                round,
                rounds, o.target(), o.scene(), o.megabytesPerSecond(), first.operationsPerSecond(), first.p50(),
                first.p99());
    }

    private static Told told(Results results, String ours, List<Goal> goals, List<String> notes) {
        List<String> lines = new ArrayList<>(notes);
        lines.addAll(new Table(results, ours).lines());
        if (!goals.isEmpty()) {
            lines.add("");
            lines.add("Goals");
            goals.forEach(goal -> lines.add(goal.toString()));
        }
        return new Told(lines, Json.of(results, ours, goals));
    }
}
