package dev.ninetunnel.cli.bench;

import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.EndpointException;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerBook;
import dev.ninetunnel.link.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One endpoint as a process of its own, and many peers of it in this one, each with a key of its own and a link that nobody
 * uses.
 */
final class ManyPeers {
    private static final String HUB = "hub";
    private static final int AT_ONCE = 4;
    private static final int QUIET_SECONDS = 12;
    private static final double NANOS = 1e9;

    private final Path room;
    private final List<String> self;
    private final Crowd crowd;

    ManyPeers(Path room, List<String> self, Crowd crowd) {
        this.room = room;
        this.self = self;
        this.crowd = crowd;
    }

    Burden measured(Programs programs) throws IOException, InterruptedException, IdentityException {
        Path home = Files.createDirectory(room.resolve(HUB));
        Path export = Files.createDirectory(room.resolve("export"));
        Peer hub = new Peer(Identity.loadOrCreate(home).id(), HUB);
        PeerBook book = new PeerBook(home);
        List<Path> homes = new ArrayList<>();
        for (int i = 0; i < crowd.count(); i++) {
            Path one = Files.createDirectory(room.resolve("p" + i));
            book.add(new Peer(Identity.loadOrCreate(one).id(), "p" + i));
            new PeerBook(one).add(hub);
            homes.add(one);
        }
        List<Endpoint> peers = new ArrayList<>();
        try {
            List<String> words = new ArrayList<>(self);
            words.addAll(List.of("listen", "127.0.0.1:0", "--export", "files=" + export, "--home=" + home,
                    "--run=" + home.resolve("run")));
            Process process = programs.start(HUB, words);
            String ready = programs.awaitLine(process, HUB, "ready");
            HostPort where = HostPort.parse(ready.replaceAll(".*(127\\.0\\.0\\.1:\\d+).*", "$1"));
            List<Double> before = memory(process);
            long start = System.nanoTime();
            dial(homes, where, peers);
            double seconds = (System.nanoTime() - start) / NANOS;
            return new Burden(crowd, seconds, before, memory(process), List.of());
        } finally {
            all(peers, peer -> {
                peer.close();
                return peer;
            });
        }
    }

    private static List<Double> memory(Process process) throws InterruptedException {
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
        return List.of(Memory.residentMebibytes(process.toHandle()));
    }

    private static void dial(List<Path> homes, HostPort hub, List<Endpoint> into)
            throws IOException, InterruptedException {
        into.addAll(all(homes, home -> {
            Endpoint peer = Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                    List.of(), EndpointConfig.Limits.DEFAULT));
            peer.dial(hub, HUB);
            return peer;
        }));
    }

    /** What is done for each of many. */
    @FunctionalInterface
    private interface Work<T, R> {
        R on(T one) throws EndpointException, InterruptedException;
    }

    private static <T, R> List<R> all(List<T> of, Work<T, R> work) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<R>> under = of.stream().map(one -> threads.submit(() -> work.on(one))).toList();
            List<R> done = new ArrayList<>();
            for (Future<R> one : under) {
                done.add(one.get());
            }
            return done;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }
}
