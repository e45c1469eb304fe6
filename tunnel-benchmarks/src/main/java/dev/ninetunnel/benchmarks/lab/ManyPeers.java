package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.cli.bench.ProcessTime;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One endpoint as a process of its own, and many peers of it in this one, each with a key of its own and a link that nobody
 * uses.
 */
final class ManyPeers {
    private static final String HUB = "hub";
    /** How many handshakes are under way at a time. */
    private static final int AT_ONCE = 16;
    private static final int QUIET_SECONDS = 12;
    private static final double NANOS = 1e9;
    private static final double MILLION = 1e6;

    private final Path room;
    private final String program;
    private final ScaleCase scaleCase;

    ManyPeers(Path room, String program, ScaleCase scaleCase) {
        this.room = room;
        this.program = program;
        this.scaleCase = scaleCase;
    }

    ScaleResult measured(Programs programs) throws IOException, InterruptedException, IdentityException {
        Path home = Files.createDirectory(room.resolve(HUB));
        Peer hub = new Peer(Identity.loadOrCreate(home).id(), HUB);
        List<Identity> identities = identities(home);
        Process process = start(programs, home);
        String ready = programs.awaitLine(process, HUB, "ready");
        HostPort where = HostPort.parse(ready.replaceAll(".*(127\\.0\\.0\\.1:\\d+).*", "$1"));
        List<Double> before = memory(process);
        try (IdlePeers peers = new IdlePeers(hub, where)) {
            Duration atFirst = processor(process);
            long start = System.nanoTime();
            dial(peers, identities);
            double seconds = (System.nanoTime() - start) / NANOS;
            Duration linked = processor(process);
            List<Double> after = memory(process);
            Duration rested = processor(process);
            if (peers.linked() < scaleCase.count()) {
                throw new IOException("only " + peers.linked() + " of " + scaleCase + " have kept their links");
            }
            return new ScaleResult(scaleCase, seconds, before, after,
                    List.of(remark("for each to be linked", linked.minus(atFirst).dividedBy(scaleCase.count())),
                            remark("for each second with all of them linked and idle",
                                    rested.minus(linked).dividedBy(QUIET_SECONDS))));
        }
    }

    private static String remark(String what, Duration took) {
        return String.format(Locale.ROOT, "the hub needs %.1f ms of processor time %s", took.toNanos() / MILLION, what);
    }

    private static Duration processor(Process process) {
        return ProcessTime.of(List.of(process.toHandle()));
    }

    private List<Identity> identities(Path hub) throws IdentityException, IOException {
        List<Identity> all = new ArrayList<>();
        PeerFile book = new PeerFile(hub);
        for (int i = 0; i < scaleCase.count(); i++) {
            String name = "p" + i;
            Identity made = Identity.loadOrCreate(Files.createDirectory(room.resolve(name)));
            book.add(new Peer(made.id(), name));
            all.add(made);
        }
        return all;
    }

    private Process start(Programs programs, Path home) throws IOException {
        Path export = Files.createDirectory(room.resolve("export"));
        return programs.start(HUB,
                List.of(program, "listen", "127.0.0.1:0", "--export", "files=" + export, "--home=" + home,
                        "--run=" + home.resolve("run")));
    }

    private static List<Double> memory(Process process) throws InterruptedException {
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
        return List.of(Memory.residentMebibytes(process.toHandle()));
    }

    private static void dial(IdlePeers peers, List<Identity> identities) throws IOException, InterruptedException {
        for (int from = 0; from < identities.size(); from += AT_ONCE) {
            List<CompletableFuture<Void>> coming = identities
                    .subList(from, Math.min(identities.size(), from + AT_ONCE)).stream().map(peers::dial).toList();
            try {
                CompletableFuture.allOf(coming.toArray(CompletableFuture[]::new)).get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause().getMessage(), e.getCause());
            }
        }
    }
}
