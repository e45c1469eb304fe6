package dev.ninetunnel.lease;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.linux.InotifyWatch;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.wire.LeaseKinds;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A granter on real files, with holders that keep to the rules, on a clock that the test moves. */
final class Bench implements AutoCloseable {
    static final Duration TERM = Duration.ofSeconds(10);
    private static final Duration UP = Duration.ofDays(1);

    final Path folder;
    final EmbeddedChannel clock = new EmbeddedChannel();
    final ChangeWatch watch = InotifyWatch.open().orElseThrow();
    final Granter granter;
    private final FileTree tree;

    Bench(Path folder, Set<Rule> rules) throws IOException {
        this(folder, rules, 100, 100);
    }

    Bench(Path folder, Set<Rule> rules, int most, int mostOfHolder) throws IOException {
        this.folder = folder;
        clock.freezeTime();
        granter = new Granter(clock.eventLoop(), watch, Runnable::run, most, mostOfHolder, rules);
        try {
            tree = new LocalTrees().open(folder);
        } catch (FsException e) {
            throw new IOException(e);
        }
    }

    void write(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
    }

    /** Another process of the host writes it. */
    void writeByAnother(String file, String content) {
        try {
            new ProcessBuilder("sh", "-c", "printf %s \"$1\" > \"$0\"", file, content).directory(folder.toFile())
                    .inheritIO().start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void writeNow(String file, String content) {
        try {
            write(file, content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Node node(String file) {
        try (Node root = tree.root(Caller.SELF)) {
            return file.isEmpty() ? root.duplicate() : root.walk(file.getBytes(StandardCharsets.UTF_8));
        } catch (FsException e) {
            throw new IllegalStateException(e);
        }
    }

    String onDisk(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many descriptors this process has of a file of the folder. */
    long open(String file) throws IOException {
        String at = folder.toRealPath().resolve(file).toString();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(descriptor -> leadsTo(descriptor, at)).count();
        }
    }

    private static boolean leadsTo(Path descriptor, String at) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(at);
        } catch (IOException _) {
            return false; // that of the list
        }
    }

    void pass(Duration time) {
        clock.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        clock.runScheduledPendingTasks();
        clock.runPendingTasks();
    }

    /** A granter of this folder has been killed that had told these peers that they may hold leases. */
    void killedBefore(String... peers) throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        try (GrantRecord killed = new GrantRecord(run, UP, TERM)) {
            for (String peer : peers) {
                killed.add(peer, LeaseTable.patience(TERM));
            }
        }
        granter.keepRecord(new GrantRecord(run, UP, TERM));
    }

    TestHolder holder(String peer) {
        return new TestHolder(peer);
    }

    @Override
    public void close() {
        tree.close();
        watch.close();
        clock.finishAndReleaseAll();
    }

    /** A change that writes a file, once it may. */
    final class Writing {
        private final String file;
        private final String content;
        private final Change change;
        boolean done;

        private Writing(TestHolder by, String file, String content, boolean rights, String... others) {
            this.file = file;
            this.content = content;
            List<FileId> ids = ids(others);
            ids.addAll(ids(file));
            change = granter.propose(by == null ? null : by.holder, "attach", ids, rights, Set.of(),
                    this::carryOut);
            granter.start(change);
            if (done) {
                over();
            }
        }

        private void carryOut() {
            granter.run(change);
            writeNow(file, content);
            done = true;
            clock.eventLoop().execute(this::over);
        }

        private void over() {
            granter.hear();
            granter.end(change);
        }
    }

    /** A write, or a read, that may bring the file for the holder alone: carried out when it may, and answered when the test says so. */
    final class Claim {
        private final TestHolder by;
        private final String file;
        private final String content;
        private final Change change;
        private Ask ask;
        private Behind behind;
        private String seen;

        /** Null as content for a read. */
        private Claim(TestHolder by, String file, String content) {
            this.by = by;
            this.file = file;
            this.content = content;
            by.asked();
            try (Node node = node(file)) {
                change = granter.propose(by.holder, "attach", List.of(node.id()), false, Set.of(), this::carryOut);
            }
            granter.start(change);
        }

        private void carryOut() {
            try (Node node = node(file)) {
                ask = granter.ask(by.holder, "attach", node.id(), LeaseKinds.EXCLUSIVE, change);
                ask.look(node);
            }
            seen = onDisk(file);
            if (content != null) {
                if (ask.isExclusive()) {
                    behind = granter.behind(ask);
                    behind.begins();
                } else {
                    granter.run(change);
                }
                writeNow(file, content);
                if (behind != null) {
                    behind.ends();
                }
                seen = content;
            }
        }

        boolean isDone() {
            return seen != null;
        }

        /** Its reply leaves, and arrives. Returns whether the file is the holder's alone. */
        boolean reply() {
            granter.hear();
            if (behind != null) {
                granter.end(behind);
            }
            Grant grant = granter.answer(ask, ~0);
            granter.end(change);
            by.kept(file, seen, grant);
            clock.runPendingTasks();
            return (grant.kinds() & LeaseKinds.EXCLUSIVE) != 0;
        }
    }

    /** A write that was told as done before it came. */
    final class Late {
        private final String file;
        private final String content;
        private final Behind behind;

        private Late(TestHolder by, String file, String content, long lease) {
            this.file = file;
            this.content = content;
            by.asked();
            try (Node node = node(file)) {
                behind = granter.behind(by.holder, "attach", node.id(), lease);
            }
        }

        boolean isRefused() {
            return behind == null;
        }

        /** A worker carries it out. */
        Late work() {
            return work(() -> {});
        }

        /** The same, and something else happens at that very moment. */
        Late work(Runnable meanwhile) {
            behind.begins();
            writeNow(file, content);
            meanwhile.run();
            behind.ends();
            return this;
        }

        void reply() {
            granter.hear();
            granter.end(behind);
            clock.runPendingTasks();
        }
    }

    /** A read by one that wants no lease with it. */
    final class Plain {
        String content;

        private Plain(TestHolder by, String file) {
            Runnable read = () -> content = onDisk(file);
            try (Node node = node(file)) {
                if (granter.isExclusiveToAnother(by.holder, node.id())) {
                    granter.start(granter.wait(by.holder, List.of(node.id()), read));
                } else {
                    read.run();
                }
            }
        }
    }

    /** A read that is under way. */
    final class Reading {
        private final TestHolder by;
        private final String file;
        private final Ask ask;
        private final Node node;
        private String content;

        private Reading(TestHolder by, String file, Object attach, int want) {
            this.by = by;
            this.file = file;
            by.asked();
            node = node(file);
            ask = granter.ask(by.holder, attach, node.id(), want);
        }

        /** A worker carries it out. */
        Reading work() {
            ask.look(node);
            content = Files.isDirectory(folder.resolve(file)) ? "names" : onDisk(file);
            return this;
        }

        /** Its reply leaves, and arrives. What was read. */
        String reply() {
            granter.hear();
            Grant grant = granter.answer(ask, ~0);
            node.close();
            by.kept(file, content, grant);
            return content;
        }
    }

    /** One that stops to use what is recalled when it hears of it, and gives it up when the test says so, or at once. */
    final class TestHolder {
        final Holder holder;
        final Queue<Runnable> unheard = new ArrayDeque<>();
        final Map<Long, String> fileOf = new HashMap<>();
        private final Map<String, String> cache = new HashMap<>();
        /** What its programs have been told is written, and is not sent. */
        final Map<String, String> owed = new HashMap<>();
        private boolean deaf;
        private long asked;

        private TestHolder(String peer) {
            holder = granter.join(peer, TERM, (lease, lost, givenUp) -> {
                Runnable hears = () -> {
                    String file = fileOf.remove(lease);
                    cache.remove(file);
                    String told = owed.remove(file);
                    if (told != null) {
                        new Late(this, file, told, lease).work().reply();
                    }
                    givenUp.run();
                };
                if (deaf) {
                    unheard.add(hears);
                } else {
                    hears.run();
                }
            });
        }

        /** From now on recalls are under way until {@link #hear}. */
        TestHolder deaf() {
            deaf = true;
            return this;
        }

        /** What is under way arrives, and is given up. */
        void hear() {
            deaf = false;
            for (Runnable recall = unheard.poll(); recall != null; recall = unheard.poll()) {
                recall.run();
            }
            clock.runPendingTasks();
        }

        private void asked() {
            asked = clock.eventLoop().ticker().nanoTime();
            granter.heard(holder);
        }

        private void kept(String file, String content, Grant grant) {
            if (grant.kinds() != 0) {
                fileOf.put(grant.lease(), file);
                cache.put(file, content);
            }
        }

        /** What it answers from its cache, which a clock allows that is slower than the granter's; null for nothing. */
        String cached(String file) {
            long passed = clock.eventLoop().ticker().nanoTime() - asked;
            return passed - passed / 1000 < TERM.toNanos() ? cache.get(file) : null;
        }

        Claim claim(String file, String content) {
            return new Claim(this, file, content);
        }

        Claim claimReading(String file) {
            return new Claim(this, file, null);
        }

        /** Its program is told that this is written. */
        void tell(String file, String content) {
            cache.put(file, content);
            owed.put(file, content);
        }

        /** What it owes of a file is sent, and arrives. */
        Late send(String file) {
            long lease = fileOf.entrySet().stream().filter(e -> e.getValue().equals(file)).findFirst().orElseThrow()
                    .getKey();
            return new Late(this, file, owed.remove(file), lease);
        }

        Plain readPlainly(String file) {
            return new Plain(this, file);
        }

        Reading begin(String file) {
            return new Reading(this, file, "attach", LeaseKinds.ATTRIBUTES | LeaseKinds.DATA | LeaseKinds.NAMES);
        }

        Reading begin(String file, Object attach) {
            return new Reading(this, file, attach, LeaseKinds.ATTRIBUTES | LeaseKinds.DATA | LeaseKinds.NAMES);
        }

        String read(String file) {
            return begin(file).work().reply();
        }

        Writing write(String file, String content) {
            return new Writing(this, file, content, false);
        }

        Writing write(String file, String content, String... others) {
            return new Writing(this, file, content, false, others);
        }

        Writing changeRights(String file) {
            return new Writing(this, file, onDisk(file), true);
        }
    }

    /** What the far side of no session changes. */
    Writing writeByNobody(String file, String content) {
        return new Writing(null, file, content, false);
    }

    /** It is about to read these files at once. */
    Runnable awaitRoom(TestHolder holder, Runnable go, String... files) {
        return granter.awaitRoom(holder.holder, "attach", ids(files), go);
    }

    private List<FileId> ids(String... files) {
        List<FileId> ids = new ArrayList<>();
        for (String file : files) {
            try (Node node = node(file)) {
                ids.add(node.id());
            }
        }
        return ids;
    }

    List<String> files(TestHolder holder) {
        return List.copyOf(holder.cache.keySet());
    }
}
