package dev.ninetunnel.cli.bench;

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
import org.HdrHistogram.Histogram;

/**
 * Measures what many clients, fids and peers cost endpoints that it starts for each of these. Blocks the thread that calls it.
 *
 * @param crowds what to bring, in turn
 * @param self the words that start this program
 * @param say is told of what goes on, a line for people
 */
public record Scale(List<Crowd> crowds, List<String> self, Consumer<String> say) {
    private static final String OURS = "ninetunnel";
    /** Fids are spread over so many clients. */
    private static final int HOLDERS = 10;
    /** Longer than an endpoint takes to give memory back to the system. */
    private static final int QUIET_SECONDS = 12;
    /** How long somebody asks while another one's fids are cleaned up, and before. */
    private static final double ASKING_SECONDS = 5;
    private static final double NANOS = 1e9;

    /** Measures all of it. */
    public Bench.Told measured() throws IOException, InterruptedException, IdentityException {
        List<Burden> burdens = new ArrayList<>();
        for (Crowd crowd : crowds) {
            say.accept(crowd + ": begins");
            try (Premises premises = new Premises()) {
                Path room = premises.keep(new Folder(Files.createTempDirectory(OURS + "-scale"))).path();
                burdens.add(crowd.kind() == Crowd.Kind.PEERS
                        ? new ManyPeers(room, self, crowd).measured(premises.keep(new Programs(room)))
                        : pair(premises, room, crowd));
            }
        }
        List<String> lines = new ArrayList<>(List.of(Burden.heading()));
        burdens.forEach(burden -> lines.add(burden.line()));
        burdens.forEach(burden -> burden.remarks().forEach(remark -> lines.add(burden.crowd() + ": " + remark)));
        return new Bench.Told(lines, "[" + String.join(",", burdens.stream().map(Burden::json).toList()) + "]");
    }

    private Burden pair(Premises premises, Path room, Crowd crowd)
            throws IOException, InterruptedException, IdentityException {
        Path export = Files.createDirectory(room.resolve("export"));
        EventLoopGroup loops = NineClient.loops(1);
        Contender pair = premises.keep(
                Contender.ninetunnel(OURS, self, EndpointConfig.DEFAULT_MSIZE).in(room, export, Optional.empty()));
        pair.start();
        try (Site site = Site.prepare(pair.target(), 1)) {
            return switch (crowd.kind()) {
                case CLIENTS -> clients(pair, loops, crowd);
                case FIDS -> fids(pair, loops, site, crowd);
                case CLEANUP -> cleanup(pair, loops, site, crowd);
                case PEERS -> throw new IllegalArgumentException("they are no matter of two endpoints");
            };
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private Burden clients(Contender pair, EventLoopGroup loops, Crowd crowd) throws IOException, InterruptedException {
        List<Double> before = memory(pair);
        long start = System.nanoTime();
        List<Attached> all = Attached.several(loops, pair.target(), crowd.count());
        double seconds = (System.nanoTime() - start) / NANOS;
        List<Double> after = memory(pair);
        all.forEach(Attached::close);
        return new Burden(crowd, seconds, before, after, List.of());
    }

    private Burden fids(Contender pair, EventLoopGroup loops, Site site, Crowd crowd)
            throws IOException, InterruptedException {
        List<Double> before = memory(pair);
        long start = System.nanoTime();
        List<Attached> holders = Attached.several(loops, pair.target(), HOLDERS);
        for (Attached holder : holders) {
            holder.walk(site.data(), crowd.count() / HOLDERS);
        }
        double seconds = (System.nanoTime() - start) / NANOS;
        List<Double> after = memory(pair);
        holders.forEach(Attached::close);
        return new Burden(crowd, seconds, before, after, List.of());
    }

    private Burden cleanup(Contender pair, EventLoopGroup loops, Site site, Crowd crowd)
            throws IOException, InterruptedException {
        List<Double> before = memory(pair);
        List<Attached> two = Attached.several(loops, pair.target(), 2);
        long start = System.nanoTime();
        two.getFirst().walk(site.data(), crowd.count());
        double seconds = (System.nanoTime() - start) / NANOS;
        List<Double> after = memory(pair);
        Attached bystander = two.getLast();
        Histogram quiet = bystander.ask(ASKING_SECONDS);
        two.getFirst().close();
        Histogram meanwhile = bystander.ask(ASKING_SECONDS);
        bystander.close();
        return new Burden(crowd, seconds, before, after, List.of(
                "another client's requests in the " + ASKING_SECONDS + " s before its hanging up: " + shown(quiet),
                "in the " + ASKING_SECONDS + " s after it: " + shown(meanwhile)));
    }

    private static String shown(Histogram h) {
        return String.format(Locale.ROOT, "%,d, p50 %,d us, p99 %,d us, longest %,d us", h.getTotalCount(),
                h.getValueAtPercentile(50), h.getValueAtPercentile(99), h.getMaxValue());
    }

    private static List<Double> memory(Contender pair) throws InterruptedException {
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
        return pair.processes().stream().map(Memory::residentMebibytes).toList();
    }
}
