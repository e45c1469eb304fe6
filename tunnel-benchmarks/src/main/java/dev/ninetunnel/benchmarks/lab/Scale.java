package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.cli.bench.Latencies;
import dev.ninetunnel.cli.bench.Site;
import dev.ninetunnel.cli.process.Sandbox;
import dev.ninetunnel.cli.process.TempDirectory;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.identity.IdentityException;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures what many clients, fids and peers cost endpoints that it starts for each of these. Blocks the thread that calls it.
 *
 * @param cases what to bring, in turn
 * @param program what starts an endpoint
 * @param say is told of what goes on, a line for people
 */
record Scale(List<ScaleCase> cases, String program, Consumer<String> say) {
    private static final String OURS = Comparison.OURS;
    /** Fids are spread over so many clients. */
    private static final int HOLDERS = 10;
    /** Longer than an endpoint takes to give memory back to the system. */
    private static final int QUIET_SECONDS = 12;
    /** How long somebody asks while another one's fids are cleaned up, and before. */
    private static final double ASKING_SECONDS = 5;
    private static final double NANOS = 1e9;
    private static final long MICRO = 1_000;

    /** Measures all of it. */
    Report measured() throws IOException, InterruptedException, IdentityException {
        List<ScaleResult> results = new ArrayList<>();
        for (ScaleCase scaleCase : cases) {
            say.accept(scaleCase + ": begins");
            try (Sandbox sandbox = new Sandbox()) {
                Path room = sandbox.keep(new TempDirectory(Files.createTempDirectory(OURS + "-scale"))).path();
                results.add(scaleCase.kind() == ScaleCase.Kind.PEERS
                        ? new ManyPeers(room, program, scaleCase).measured(sandbox.keep(new Programs(room)))
                        : pair(sandbox, room, scaleCase));
            }
        }
        List<String> lines = new ArrayList<>(List.of(ScaleResult.heading()));
        results.forEach(result -> lines.add(result.line()));
        results.forEach(result -> result.remarks().forEach(remark -> lines.add(result.scaleCase() + ": " + remark)));
        return new Report(lines, "[" + String.join(",", results.stream().map(ScaleResult::json).toList()) + "]");
    }

    private ScaleResult pair(Sandbox sandbox, Path room, ScaleCase scaleCase)
            throws IOException, InterruptedException, IdentityException {
        Path export = Files.createDirectory(room.resolve("export"));
        EventLoopGroup loops = NineClient.loops(1);
        Contender pair = sandbox.keep(
                Contender.ninetunnel(OURS, program, EndpointConfig.DEFAULT_MSIZE).in(room, export, Optional.empty()));
        pair.start();
        try (Site site = Site.prepare(pair.target(), 1)) {
            return switch (scaleCase.kind()) {
                case CLIENTS -> clients(pair, loops, scaleCase);
                case FIDS -> fids(pair, loops, site, scaleCase);
                case CLEANUP -> cleanup(pair, loops, site, scaleCase);
                case PEERS -> throw new IllegalArgumentException("they are no matter of two endpoints");
            };
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private ScaleResult clients(Contender pair, EventLoopGroup loops, ScaleCase scaleCase)
            throws IOException, InterruptedException {
        List<Double> before = memory(pair);
        long start = System.nanoTime();
        List<Attached> all = Attached.several(loops, pair.target(), scaleCase.count());
        double seconds = (System.nanoTime() - start) / NANOS;
        List<Double> after = memory(pair);
        all.forEach(Attached::close);
        return new ScaleResult(scaleCase, seconds, before, after, List.of());
    }

    private ScaleResult fids(Contender pair, EventLoopGroup loops, Site site, ScaleCase scaleCase)
            throws IOException, InterruptedException {
        List<Double> before = memory(pair);
        long start = System.nanoTime();
        List<Attached> holders = Attached.several(loops, pair.target(), HOLDERS);
        for (Attached holder : holders) {
            holder.walk(site.data(), scaleCase.count() / HOLDERS);
        }
        double seconds = (System.nanoTime() - start) / NANOS;
        List<Double> after = memory(pair);
        holders.forEach(Attached::close);
        return new ScaleResult(scaleCase, seconds, before, after, List.of());
    }

    private ScaleResult cleanup(Contender pair, EventLoopGroup loops, Site site, ScaleCase scaleCase)
            throws IOException, InterruptedException {
        List<Double> before = memory(pair);
        List<Attached> two = Attached.several(loops, pair.target(), 2);
        long start = System.nanoTime();
        two.getFirst().walk(site.data(), scaleCase.count());
        double seconds = (System.nanoTime() - start) / NANOS;
        List<Double> after = memory(pair);
        Attached bystander = two.getLast();
        Latencies quiet = bystander.ask(ASKING_SECONDS);
        two.getFirst().close();
        Latencies meanwhile = bystander.ask(ASKING_SECONDS);
        bystander.close();
        return new ScaleResult(scaleCase, seconds, before, after, List.of(
                "another client's requests in the " + ASKING_SECONDS + " s before its hanging up: " + shown(quiet),
                "in the " + ASKING_SECONDS + " s after it: " + shown(meanwhile)));
    }

    private static String shown(Latencies h) {
        return String.format(Locale.ROOT, "%,d, p50 %,d us, p99 %,d us, longest %,d us", h.count(),
                h.percentile(50) / MICRO, h.percentile(99) / MICRO, h.percentile(100) / MICRO);
    }

    private static List<Double> memory(Contender pair) throws InterruptedException {
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
        return pair.processes().stream().map(Memory::residentMebibytes).toList();
    }
}
