package dev.ninetunnel.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.Wire;
import dev.ninetunnel.link.Wire.Way;
import dev.ninetunnel.mux.ClientLimits;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.session.LinkWatch;
import dev.ninetunnel.session.Session;
import dev.ninetunnel.session.SessionLimits;
import dev.ninetunnel.session.Sessions;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The files of one endpoint, south, which two peers with caches and one without use, each with two local programs, and a program of
 * south's host: in one thread and a time of their own, with the real sessions, roles, caches and granter. What happens next comes
 * from a seed: a message or a worker takes longer than others, a link is cut, a peer begins anew, time passes.
 */
final class SharedFiles implements AutoCloseable {
    static final int MSIZE = 8192;
    private static final int SILENT_STEPS = 40;
    static final List<String> NAMES = List.of("a", "b", "c");
    private static final Exports NOTHING = nothing();

    final Random random;
    final Observations observations = new Observations();
    private final List<String> story = new ArrayList<>();
    private final boolean isTold;
    private final Path folder;
    private final EmbeddedChannel south = new EmbeddedChannel();
    private final FileChannel content;
    private final ChangeWatch watch = LocalTrees.watch().orElseThrow();
    private final Granter granter;
    private final Exports exports;
    /** Work that no worker has begun. */
    private final List<Runnable> work = new ArrayList<>();
    private final Workers workers = new Workers(work::add);
    private final List<PeerSide> peers = new ArrayList<>();
    private int values;
    private boolean calm = true;
    private int troubles;
    private final boolean writesBehind;
    private int losses;
    private long overdue;

    /**
     * With programs that write behind, or none.
     *
     * @param isTold whether its {@link #story} is kept, which takes longer than all else
     */
    SharedFiles(Path folder, long seed, boolean writesBehind, boolean isTold) throws IOException {
        this.isTold = isTold;
        this.writesBehind = writesBehind;
        this.folder = Files.createDirectories(folder);
        this.random = new Random(seed);
        for (String name : List.of("f", "g", "h")) {
            Files.writeString(folder.resolve(name), "00000000");
        }
        content = FileChannel.open(folder.resolve("f"));
        south.freezeTime();
        granter = new Granter(south.eventLoop(), watch, Runnable::run, 1000, 1000);
        exports = new Exports(List.of(new Export("files", new Export.Target.Directory(folder, false))),
                new LocalTrees());
        note(false);
        for (String name : List.of("north", "west", "east")) {
            peers.add(new PeerSide(name));
        }
        rest();
    }

    private static Exports nothing() {
        try {
            return new Exports(List.of(), new LocalTrees());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line of the story. */
    void tell(Supplier<String> what) {
        if (isTold) {
            story.add(what.get());
        }
    }

    /** What has happened, a line each. */
    String story() {
        return String.join("\n", story);
    }

    int nextValue() {
        return ++values;
    }

    // ---- the truth

    /** What has been written, which need not have taken a worker. */
    private void noteWrites() {
        try {
            observations.are(Map.of("content", content()), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String content() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MSIZE);
        content.read(bytes, 0);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    private void note(boolean outsiders) {
        try {
            Map<String, Object> now = new HashMap<>();
            now.put("content", content());
            now.put("size", Files.size(folder.resolve("g")));
            now.put("links", ((Integer) Files.getAttribute(folder.resolve("h"), "unix:nlink")).longValue());
            Map<String, Long> names = new TreeMap<>();
            try (Stream<Path> all = Files.list(folder)) {
                for (Path path : all.toList()) {
                    names.put(path.getFileName().toString(), (Long) Files.getAttribute(path, "unix:ino",
                            LinkOption.NOFOLLOW_LINKS));
                }
            }
            now.put("names", names);
            observations.are(now, outsiders);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- what happens

    /** So many things happen, and then all that has been asked for. */
    void run(int steps) {
        calm = false;
        for (int i = 0; i < steps; i++) {
            step();
        }
        calm = true;
        rest();
    }

    private void step() {
        int what = random.nextInt(100);
        PeerSide peer = peers.get(random.nextInt(peers.size()));
        if (what < 45) {
            peer.deliver();
        } else if (what < 65) {
            doWork();
        } else if (what < 92) {
            peer.programs.get(random.nextInt(peer.programs.size())).act();
        } else if (what < 95) {
            outsider();
        } else if (what < 97) {
            pass(random.nextInt(20) == 0 ? 11_000 : random.nextInt(2_000));
        } else if (what < 98) {
            granter.hearNow();
        } else if (random.nextInt(4) == 0) {
            troubles++;
            peer.trouble();
        } else if (writesBehind && random.nextInt(3) == 0) {
            troubles++;
            peer.fallSilent();
        }
        peers.forEach(PeerSide::isStillSilent);
        settle();
    }

    /** All that has been begun comes to its end. */
    private void rest() {
        for (int i = 0; i < 20_000; i++) {
            boolean busy = false;
            for (PeerSide peer : peers) {
                busy |= peer.deliver();
            }
            busy |= doWork();
            settle();
            if (!busy) {
                if (peers.stream().allMatch(PeerSide::isIdle)) {
                    return;
                }
                assertThat(troubles).as("troubles, without which nothing waits for the end of a term").isPositive();
                pass(500);
            }
        }
        throw new AssertionError("something waits for ever");
    }

    private boolean doWork() {
        if (work.isEmpty()) {
            return false;
        }
        tell(() -> "a worker works");
        work.remove(random.nextInt(work.size())).run();
        note(false);
        return true;
    }

    private void pass(long millis) {
        tell(() -> "pass " + millis);
        south.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        peers.forEach(peer -> peer.clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS));
    }

    private void settle() {
        for (int i = 0; i < 3; i++) {
            run(south);
            if (granter.overdue() > overdue) {
                overdue = granter.overdue();
                lose();
            }
            peers.forEach(PeerSide::settle);
        }
        noteWrites();
    }

    private void lose() {
        losses++;
        observations.mayBeLost();
    }

    /** How often what was written behind may have been lost. */
    int losses() {
        return losses;
    }

    boolean writesBehind() {
        return writesBehind;
    }

    private static void run(EmbeddedChannel clock) {
        clock.runPendingTasks();
        clock.runScheduledPendingTasks();
    }

    private void outsider() {
        note(false);
        try {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            Path path = folder.resolve(name);
            switch (random.nextInt(5)) {
                case 0 -> Files.write(folder.resolve("f"), value(nextValue()).getBytes(StandardCharsets.UTF_8),
                        StandardOpenOption.WRITE);
                case 1 -> {
                    try (var channel = Files.newByteChannel(folder.resolve("g"), StandardOpenOption.WRITE)) {
                        channel.truncate(0).position(nextValue() - 1).write(ByteBuffer.allocate(1));
                    }
                }
                case 2 -> Files.deleteIfExists(path);
                case 3 -> {
                    if (!Files.exists(path)) {
                        Files.createLink(path, folder.resolve("h"));
                    }
                }
                default -> {
                    Path to = folder.resolve(NAMES.get(random.nextInt(NAMES.size())));
                    if (Files.exists(path) && !Files.exists(to)) {
                        Files.move(path, to, StandardCopyOption.ATOMIC_MOVE);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tell(() -> "a program of the host changes something");
        note(true);
    }

    static String value(int number) {
        return String.format("%08d", number);
    }

    boolean isCalm() {
        return calm;
    }

    @Override
    public void close() {
        peers.forEach(PeerSide::close);
        run(south);
        while (!work.isEmpty()) {
            work.removeFirst().run();
            run(south);
        }
        south.advanceTimeBy(1, TimeUnit.MINUTES); // the leases of the sessions end, and with them the files are closed
        run(south);
        watch.close();
        try {
            content.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        exports.close();
        south.finishAndReleaseAll();
    }

    /** A peer that uses the files, the session with it at both ends, and its local programs. */
    final class PeerSide {
        final String name;
        private int silent;
        private EmbeddedChannel clock;
        private ClientRole client;
        private Sessions mine;
        private final Sessions souths;
        private Wire wire;
        final List<ModelProgram> programs = new ArrayList<>();

        PeerSide(String name) {
            this.name = name;
            this.souths = new Sessions(() -> id("south"), name, south.eventLoop(),
                    new ClientRole(name, south.eventLoop(), ClientLimits.standard()), peer -> (replies, valve) -> {
                        ServerRole role = new ServerRole(south.eventLoop(), exports, workers,
                                ServerLimits.STANDARD.withMsize(MSIZE), peer, replies, valve);
                        role.grantBy(granter);
                        return role;
                    }, MSIZE, SessionLimits.STANDARD, new SecureRandom());
            start();
        }

        private static PeerId id(String name) {
            return PeerId.parse(String.format("%02x", name.charAt(0) & 0xFF).repeat(32));
        }

        private void start() {
            clock = new EmbeddedChannel();
            clock.freezeTime();
            EmbeddedChannel its = clock;
            client = new ClientRole("south", clock.eventLoop(), ClientLimits.standard(),
                    far -> name.equals("east")
                            ? Optional.empty()
                            : Optional.of(holder(far.lease(), its)));
            Workers none = new Workers(Runnable::run);
            mine = new Sessions(() -> id(name), "south", clock.eventLoop(), client,
                    peer -> (replies, valve) -> new ServerRole(its.eventLoop(), NOTHING, none, ServerLimits.STANDARD,
                            peer, replies, valve),
                    MSIZE, SessionLimits.STANDARD, new SecureRandom());
            dial();
            programs.clear();
            for (int i = 0; i < 2; i++) {
                programs.add(new ModelProgram(SharedFiles.this, name, i, () -> client.newLocalClient()));
            }
        }

        private Holder holder(Duration term, EmbeddedChannel its) {
            Holder holder = new Holder(1 << 20, term, its.eventLoop().ticker()::nanoTime);
            holder.writeBehind(writesBehind ? WriteBehind.ALL : WriteBehind.OFF);
            return holder;
        }

        private void dial() {
            wire = new Wire(id(name), name, id("south"), "south");
            souths.accepted(wire.accepted());
            mine.dialled(wire.dialled(), new LinkWatch() {
                @Override
                public void opened(Session session) {}

                @Override
                public void ended(LinkEnd end, boolean opened) {}
            });
        }

        /** Nothing comes from it or to it for a while, and then for more than a term. */
        void fallSilent() {
            tell(() -> name + " falls silent");
            silent = SILENT_STEPS;
        }

        private void isStillSilent() {
            if (silent > 0 && --silent == 0) {
                pass(11_000);
            }
        }

        /** Whether anything was under way. */
        boolean deliver() {
            if (silent > 0 && !calm) {
                return false;
            }
            if (!wire.isOpen(Way.FROM_DIALLER) || !wire.isOpen(Way.TO_DIALLER)) {
                wire.cut();
                dial();
                return true;
            }
            Way first = random.nextBoolean() ? Way.FROM_DIALLER : Way.TO_DIALLER;
            for (Way way : List.of(first, first == Way.FROM_DIALLER ? Way.TO_DIALLER : Way.FROM_DIALLER)) {
                if (wire.carries(way)) {
                    tell(() -> name + ": a message " + way);
                    wire.deliver(way);
                    return true;
                }
            }
            return false;
        }

        void trouble() {
            if (random.nextInt(5) > 0) {
                tell(() -> name + "'s link is cut");
                wire.cut();
            } else {
                tell(() -> name + " begins anew");
                stop();
                lose();
                start();
            }
        }

        private void stop() {
            wire.cut();
            mine.end("killed");
            programs.forEach(ModelProgram::close);
            run(clock);
            clock.finishAndReleaseAll();
        }

        void settle() {
            wire.settle();
            run(clock);
            programs.forEach(ModelProgram::settle);
            run(clock);
            wire.settle();
        }

        boolean isIdle() {
            return programs.stream().allMatch(ModelProgram::isIdle);
        }

        void close() {
            stop();
            souths.end("the test is over");
        }
    }
}
