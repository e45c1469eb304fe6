package dev.ninetunnel.endpoint;

import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.tls.Tls;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.dial.Backoff;
import dev.ninetunnel.link.dial.LinkDialler;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.mux.ClientLimits;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.session.LinkWatch;
import dev.ninetunnel.session.Session;
import dev.ninetunnel.session.SessionLimits;
import dev.ninetunnel.session.Sessions;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many peers behind one address that all come back at once to an endpoint which is a process of its own: first when it has just
 * started, then each time that all their links were cut. Each has a key and a session of its own, and dials again as endpoints do.
 * Prints for each storm how long it took until all were linked, how many tries were refused, and what the endpoint needed; and
 * what it holds after a minute of quiet. The peers have been through a storm with another endpoint before: they were running when
 * the one that is measured had to start.
 */
public final class Storm implements AutoCloseable {
    private static final String HUB = "hub";
    private static final long LOOK_MILLIS = 10;
    private static final Duration QUIET = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final double NANOS = 1e9;

    private final EventLoopGroup loops = Transport.newLoops(1);
    private final EventLoop loop = loops.next();
    private final Workers workers = new Workers();
    private final Exports nothing = new Exports(List.of(), new LocalTrees());
    private final SecureRandom random = new SecureRandom();
    private final List<Returning> peers = new ArrayList<>();
    private final AtomicInteger linked = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Path room;
    private final Peer hub;
    private HostPort where;

    private Storm(Path room, int count) throws Exception {
        this.room = room;
        Path home = Files.createDirectory(room.resolve(HUB));
        this.hub = new Peer(Identity.loadOrCreate(home).id(), HUB);
        PeerFile book = new PeerFile(home);
        for (int i = 0; i < count; i++) {
            String name = "p" + i;
            Identity made = Identity.loadOrCreate(Files.createDirectory(room.resolve(name)));
            book.add(new Peer(made.id(), name));
            peers.add(new Returning(made));
        }
    }

    /** {@code LAUNCHER [PEERS [STORMS]]}: the program that starts an endpoint; 1,000 and 4 if nothing is said. */
    public static void main(String... args) throws Exception {
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
        int storms = args.length > 2 ? Integer.parseInt(args[2]) : 4;
        Path room = Files.createTempDirectory("storm");
        try (Storm storm = new Storm(room, count)) {
            storm.run(args[0], storms);
        }
    }

    private void rehearse(String launcher) throws Exception {
        Process process = start(launcher);
        try {
            comeBack();
            loop.submit(() -> peers.forEach(Returning::leave)).syncUninterruptibly();
            while (loop.submit(() -> peers.stream().anyMatch(Returning::isLinked)).get()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
        linked.set(0);
        loop.submit(() -> peers.forEach(Returning::stay)).syncUninterruptibly();
    }

    private void run(String launcher, int storms) throws Exception {
        rehearse(launcher);
        Process process = start(launcher);
        try {
            TimeUnit.SECONDS.sleep(2);
            report(process, "idle", Duration.ZERO);
            for (int i = 1; i <= storms; i++) {
                storm(process, i);
            }
            TimeUnit.SECONDS.sleep(QUIET.toSeconds());
            report(process, "a minute later, linked", Duration.ZERO);
            loop.execute(() -> peers.forEach(Returning::leave));
            TimeUnit.SECONDS.sleep(QUIET.toSeconds());
            report(process, "a minute later, without links", Duration.ZERO);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private void storm(Process process, int number) throws IOException, InterruptedException {
        int before = refused.get();
        Duration used = processor(process);
        long begun = System.nanoTime();
        comeBack();
        System.out.printf("storm %d: %d linked after %.1f s, %d tries refused%n", number, linked.get(),
                (System.nanoTime() - begun) / NANOS, refused.get() - before);
        report(process, "linked", processor(process).minus(used));
    }

    private void comeBack() throws IOException, InterruptedException {
        loop.submit(() -> peers.forEach(Returning::comeBack)).syncUninterruptibly();
        awaitLinked(System.nanoTime());
    }

    private Process start(String launcher) throws IOException {
        Path home = room.resolve(HUB);
        Path export = Files.createDirectories(room.resolve("export"));
        Process process = new ProcessBuilder(launcher, "listen", "127.0.0.1:0", "--export", "files=" + export,
                "--home=" + home, "--run=" + home.resolve("run"))
                .redirectError(room.resolve("log").toFile()).start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("ready")) {
                where = HostPort.parse(line.replaceAll(".*(127\\.0\\.0\\.1:\\d+).*", "$1"));
                return process;
            }
        }
        throw new IOException("the endpoint did not start: see " + room.resolve("log"));
    }

    private void awaitLinked(long begun) throws InterruptedException, IOException {
        while (linked.get() < peers.size()) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new IOException("only " + linked.get() + " of " + peers.size() + " are linked");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private static Duration processor(Process process) {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static void report(Process process, String when, Duration used) throws IOException {
        Path proc = Path.of("/proc", String.valueOf(process.pid()));
        try (var lines = Files.lines(proc.resolve("status")); var descriptors = Files.list(proc.resolve("fd"))) {
            String resident = lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElse("");
            System.out.printf("    %s: %d MiB resident, %d descriptors%s%n", when,
                    Long.parseLong(resident.replaceAll("\\D", "")) >> 10, descriptors.count(),
                    used.isZero() ? "" : ", %.1f s of processor time".formatted(used.toNanos() / NANOS));
        }
    }

    @Override
    public void close() {
        loops.shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        workers.close();
        nothing.close();
    }

    /** One peer. On the loop. */
    private final class Returning implements LinkWatch {
        private final LinkDialler dialler;
        private final Sessions sessions;
        private Link link;
        private int attempts;
        private boolean dropped;
        private boolean leaving;

        private Returning(Identity self) {
            this.dialler = new LinkDialler(new Tls(self, Clock.systemUTC()), LinkLimits.DEFAULT);
            this.sessions = new Sessions(self::id, HUB, loop, new ClientRole(HUB, loop, ClientLimits.standard()),
                    peer -> (replies, valve) -> new ServerRole(loop, nothing, workers, ServerLimits.STANDARD, peer,
                            replies, valve),
                    EndpointConfig.DEFAULT_MSIZE, SessionLimits.STANDARD, random);
        }

        /** Its link is cut, if it has one, and it dials. */
        private void comeBack() {
            attempts = 0;
            dropped = link != null;
            if (dropped) {
                linked.decrementAndGet();
                link.abandon("the network was cut");
            } else {
                dial();
            }
        }

        private void leave() {
            leaving = true;
            sessions.dismiss("the measurement is over");
        }

        private boolean isLinked() {
            return link != null;
        }

        private void stay() {
            leaving = false;
        }

        private void dial() {
            dialler.dial(where, hub, loop).whenComplete((there, fault) -> {
                if (fault == null) {
                    link = there;
                    sessions.dialled(there, this);
                } else {
                    again();
                }
            });
        }

        private void again() {
            refused.incrementAndGet();
            loop.schedule(this::dial, Backoff.DEFAULT.before(++attempts, random).toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void opened(Session session) {
            linked.incrementAndGet();
        }

        @Override
        public void ended(LinkEnd end, boolean wasOpen) {
            link = null;
            if (leaving) {
                return;
            }
            if (dropped) {
                dropped = false;
                dial();
                return;
            }
            if (wasOpen) {
                linked.decrementAndGet();
            }
            again();
        }
    }
}
