package dev.ninetunnel.cli.bench;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.wire.Dialect;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Does a scene to a target, and takes figures once all is warm. Blocks the thread that calls it.
 *
 * @param loops event loops for the connections
 * @param msize the largest message to ask for, in bytes
 */
record Measurement(EventLoopGroup loops, int msize, Duration warmup, Duration time) {
    private static final double NANOS = 1e9;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Runs the scene once. */
    Outcome of(Scene scene, Target target, Site site) throws IOException, InterruptedException {
        site.makeFilesToWrite(scene.writers());
        List<NineClient> clients = new ArrayList<>();
        try {
            List<Gauge> gauges = new ArrayList<>();
            List<Slot> slots = new ArrayList<>();
            Supply supply = new Supply(target, clients, scene.oneConnection());
            int writer = 0;
            for (Load load : scene.loads()) {
                Gauge gauge = new Gauge();
                gauges.add(gauge);
                for (int i = 0; i < load.clients(); i++) {
                    Caller caller = supply.next();
                    Caller.OpenedFile file = caller.open(load, site,
                            load.kind() == Load.Kind.WRITE ? writer++ : 0);
                    for (int s = 0; s < load.inFlight(); s++) {
                        Supplier<CompletableFuture<Integer>> operation = caller.operation(load, site, file);
                        slots.add(new Slot(operation, gauge));
                    }
                }
            }
            return run(scene, target, gauges, slots);
        } finally {
            clients.forEach(NineClient::close);
        }
    }

    private Outcome run(Scene scene, Target target, List<Gauge> gauges, List<Slot> slots)
            throws IOException, InterruptedException {
        CompletableFuture<Object> trouble = CompletableFuture
                .anyOf(gauges.stream().map(Gauge::failed).toArray(CompletableFuture[]::new));
        CompletableFuture<Void> ended = CompletableFuture
                .allOf(slots.stream().map(Slot::start).toArray(CompletableFuture[]::new));
        pause(trouble, warmup);
        Duration before = ProcessTime.of(target.processes());
        gauges.forEach(Gauge::restart);
        long start = System.nanoTime();
        pause(trouble, time);
        double seconds = (System.nanoTime() - start) / NANOS;
        List<Gauge.Taken> taken = gauges.stream().map(Gauge::taken).toList();
        Duration used = ProcessTime.of(target.processes()).minus(before);
        gauges.forEach(Gauge::stop);
        pause(ended, trouble);
        List<Outcome.OfLoad> loads = new ArrayList<>();
        for (int i = 0; i < taken.size(); i++) {
            loads.add(Outcome.OfLoad.of(scene.loads().get(i), taken.get(i), seconds));
        }
        return new Outcome(target.name(), scene, seconds, loads,
                target.processes().isEmpty() ? Double.NaN : used.toNanos() / NANOS);
    }

    /** Lets it go on for so long, unless something fails. */
    private static void pause(CompletableFuture<?> trouble, Duration time) throws IOException, InterruptedException {
        try {
            trouble.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            // As it should be.
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    private static void pause(CompletableFuture<Void> ended, CompletableFuture<Object> trouble)
            throws IOException, InterruptedException {
        try {
            CompletableFuture.anyOf(ended, trouble).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("the last requests got no answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** Connections as the scene wants them. */
    private final class Supply {
        private final Target target;
        private final List<NineClient> clients;
        private final boolean one;
        private Caller shared;

        Supply(Target target, List<NineClient> clients, boolean one) {
            this.target = target;
            this.clients = clients;
            this.one = one;
        }

        Caller next() throws IOException, InterruptedException {
            if (shared != null) {
                return shared;
            }
            try {
                NineClient client = NineClient.connect(loops, target.address(), Offer.of(Dialect.LINUX)
                        .withMsize(msize)).get();
                clients.add(client);
                Caller caller = Caller.attach(client, target.aname());
                if (one) {
                    shared = caller;
                }
                return caller;
            } catch (ExecutionException e) {
                throw new IOException(target.name() + ": " + e.getCause().getMessage(), e.getCause());
            }
        }
    }
}
