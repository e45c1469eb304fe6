package dev.ninetunnel.fuse.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.wire.LeaseKinds;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules for what the kernel keeps: each is held, and would be missed if it were left out. Time stands still until a test moves it. */
class KernelLeasesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration TERM = Duration.ofMillis(7500);
    private static final int A = LeaseKinds.ATTRIBUTES;
    private static final int N = LeaseKinds.NAMES;
    private static final int D = LeaseKinds.DATA;

    /** A kernel that a test plays. */
    private static final class Played implements Notices, AutoCloseable {
        private final Kernel kernel;
        private final KernelLeases leases;
        private final List<String> told = new CopyOnWriteArrayList<>();
        /** Files of which a read is under way, which a notice waits for. */
        private final Set<Long> busy = ConcurrentHashMap.newKeySet();
        /** Files that the kernel has been given, and has not taken up yet. */
        private final Set<Long> onTheirWay = ConcurrentHashMap.newKeySet();
        private volatile boolean epochs = true;
        private final AtomicLong now = new AtomicLong(1_000_000_000_000L);

        Played(Rule... leftOut) {
            EnumSet<Rule> rules = EnumSet.allOf(Rule.class);
            rules.removeAll(List.of(leftOut));
            kernel = new Kernel(now::get, rules);
            kernel.begin(this, _ -> true);
            leases = kernel.leases(TERM);
        }

        Grant granted(long number, int kinds, Kept file) {
            Grant grant = leases.granted(number, kinds, now.get());
            file.by(grant);
            return grant;
        }

        AtomicBoolean recalled(long number, int kinds) {
            AtomicBoolean givenUp = new AtomicBoolean();
            leases.recalled(number, kinds, () -> givenUp.set(true));
            return givenUp;
        }

        void pass(Duration time) {
            now.addAndGet(time.toNanos());
        }

        @Override
        public boolean tellsNames() {
            return epochs;
        }

        @Override
        public void names() {
            told.add("names");
        }

        @Override
        public boolean file(long node, boolean data) {
            await().atMost(PATIENCE).until(() -> !busy.contains(node));
            told.add((onTheirWay.contains(node) ? "too early " : "") + node + (data ? " with data" : ""));
            return !onTheirWay.remove(node);
        }

        @Override
        public boolean content(long node, ByteBuf data) {
            return true;
        }

        @Override
        public void close() {
            busy.clear();
            kernel.close();
        }
    }

    private static void holds(Rule rule, Predicate<Played> isWrong) {
        try (Played kernel = new Played()) {
            assertThat(isWrong.test(kernel)).as("wrong with all rules").isFalse();
        }
        try (Played kernel = new Played(rule)) {
            assertThat(isWrong.test(kernel)).as("wrong without " + rule).isTrue();
        }
    }

    @Test
    @DisplayName("an answer is told what may be kept while the leases are looked at: neither waits for the other")
    void lookedAtMeanwhile() throws Exception {
        try (Played kernel = new Played()) {
            Kept file = new Kept(7, false);
            Grant grant = kernel.granted(1, A | D, file);
            synchronized (kernel.leases) {
                CompletableFuture.runAsync(() -> {
                    assertThat(file.isCovered()).isTrue();
                    assertThat(grant.attributesNanos()).isPositive();
                }).get(PATIENCE.toMinutes(), TimeUnit.MINUTES);
            }
        }
    }

    @Test
    @DisplayName("rules 31 and 35: what was asked for ahead is handed on only while its lease is held, and no program here has changed the file since")
    void askedAhead() {
        List<BiConsumer<Played, Kept>> ends = List.of((kernel, _) -> kernel.recalled(1, A | D),
                (kernel, _) -> kernel.pass(TERM), (_, file) -> file.opened(true), (_, file) -> {
                    file.opened(true);
                    file.closed(true);
                }, (_, file) -> file.resizes(), (_, file) -> {
                    file.resizes();
                    file.resized();
                });
        for (BiConsumer<Played, Kept> end : ends) {
            try (Played kernel = new Played()) {
                Kept file = new Kept(5, false);
                long before = file.changes();
                Grant grant = kernel.granted(1, A | D, file);
                file.opened(false);
                assertThat(file.isStill(grant, before)).isTrue();
                assertThat(file.isStill(null, before)).as("without a lease").isFalse();
                end.accept(kernel, file);
                assertThat(file.isStill(grant, before)).as("afterwards").isFalse();
            }
        }
    }

    @Test
    @DisplayName("rule 31: a lease is given up when the kernel knows")
    void toldBeforeGivenUp() {
        holds(Rule.KERNEL_TOLD_BEFORE_ACK, kernel -> {
            kernel.granted(1, A | D, new Kept(5, false));
            kernel.busy.add(5L);
            AtomicBoolean givenUp = kernel.recalled(1, A | D);
            boolean early = givenUp.get();
            kernel.busy.clear();
            await().atMost(PATIENCE).untilTrue(givenUp);
            return early;
        });
    }

    @Test
    @DisplayName("rule 32, case 25: an answer that is written after a recall says that nothing of it may be kept")
    void lateAnswer() {
        holds(Rule.KERNEL_KEEPS_NO_LATE_REPLY, kernel -> {
            Grant grant = kernel.granted(1, A, new Kept(5, false));
            assertThat(grant.attributesNanos()).isPositive();
            await().atMost(PATIENCE).untilTrue(kernel.recalled(1, A));
            return grant.attributesNanos() > 0;
        });
    }

    @Test
    @DisplayName("rule 32, case 25: a file that the kernel is taking up while it is told is told again")
    void takenUpLate() {
        holds(Rule.KERNEL_KEEPS_NO_LATE_REPLY, kernel -> {
            kernel.granted(1, A, new Kept(5, false));
            kernel.onTheirWay.add(5L);
            await().atMost(PATIENCE).untilTrue(kernel.recalled(1, A));
            return !kernel.told.contains("5 with data");
        });
    }

    @Test
    @DisplayName("rule 34: a notice that waits for a read of one file holds up no other, and names wait for nothing")
    void noticesDoNotWaitForEachOther() {
        try (Played kernel = new Played()) {
            kernel.granted(1, A | D, new Kept(5, false));
            kernel.granted(2, A | N, new Kept(6, true));
            kernel.busy.add(5L);
            AtomicBoolean first = kernel.recalled(1, A | D);
            AtomicBoolean second = kernel.recalled(2, A | N);
            await().atMost(PATIENCE).untilTrue(second);
            assertThat(first).isFalse();
            assertThat(kernel.told).containsExactly("names", "6 with data");
            kernel.busy.clear();
            await().atMost(PATIENCE).untilTrue(first);
        }
    }

    @Test
    @DisplayName("rule 34: data of a file that a program here writes are leased to nobody, and no notice waits for them")
    void writersAreNotWaitedFor() {
        try (Played kernel = new Played()) {
            Kept file = new Kept(5, false);
            file.opened(true);
            assertThat(file.mayLeaseData()).isFalse();
            kernel.granted(1, A, file);
            await().atMost(PATIENCE).untilTrue(kernel.recalled(1, A));
            assertThat(kernel.told).containsExactly("5");
        }
    }

    @Test
    @DisplayName("rule 35: the kernel keeps things for what is left of the term, less a second, from when the question was put")
    void term() {
        holds(Rule.KERNEL_TERM, kernel -> {
            Grant grant = kernel.granted(1, A, new Kept(5, false));
            kernel.pass(Duration.ofMillis(6600));
            return grant.attributesNanos() > 0;
        });
        try (Played kernel = new Played()) {
            Grant grant = kernel.granted(1, A | N, new Kept(5, true));
            kernel.pass(Duration.ofSeconds(2));
            assertThat(grant.attributesNanos()).isEqualTo(Duration.ofMillis(4500).toNanos());
            kernel.granted(2, A, new Kept(6, false));
            assertThat(grant.namesNanos()).as("an answer renews all").isEqualTo(Duration.ofMillis(6500).toNanos());
        }
    }

    @Test
    @DisplayName("a kernel that cannot be told of names keeps them for a second at most")
    void olderKernel() {
        try (Played kernel = new Played()) {
            kernel.epochs = false;
            Grant grant = kernel.granted(1, A | N, new Kept(5, true));
            assertThat(grant.namesNanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
            assertThat(grant.attributesNanos()).isEqualTo(Duration.ofMillis(6500).toNanos());
            kernel.pass(Duration.ofSeconds(1));
            await().atMost(PATIENCE).untilTrue(kernel.recalled(1, A | N));
            assertThat(kernel.told).containsExactly("5 with data");
        }
    }

    @Test
    @DisplayName("case 27: what a mapping shows is renewed in time, or dropped at the end of the term")
    void mapped() {
        try (Played kernel = new Played()) {
            List<Long> renewed = new CopyOnWriteArrayList<>();
            kernel.leases.renewBy(renewed::add);
            Kept open = new Kept(5, false);
            Kept closed = new Kept(6, false);
            open.opened(false);
            kernel.granted(1, A | D, open);
            kernel.granted(2, A | D, closed);
            assertThat(kernel.leases.look()).isTrue();
            assertThat(renewed).isEmpty();
            kernel.pass(Duration.ofSeconds(4));
            assertThat(kernel.leases.look()).isTrue();
            assertThat(renewed).contains(5L);
            kernel.pass(Duration.ofSeconds(3));
            assertThat(kernel.leases.look()).isFalse();
            await().atMost(PATIENCE).until(() -> kernel.told.contains("5 with data"));
            assertThat(kernel.told).doesNotContain("6 with data");
            assertThat(open.opened(false)).as("may be kept when it is opened again").isFalse();
        }
    }

    @Test
    @DisplayName("what was read is kept from one opening to the next only if all of it was read by a lease that is good still")
    void keptFromOpeningToOpening() {
        try (Played kernel = new Played()) {
            Kept file = new Kept(5, false);
            assertThat(file.opened(false)).as("never read").isFalse();
            file.read(kernel.granted(1, A | D, file));
            assertThat(file.opened(false)).isTrue();
            file.read(null);
            assertThat(file.opened(false)).as("read without a lease").isFalse();
            file.read(kernel.granted(1, A | D, file));
            assertThat(file.opened(true)).as("opened for writing").isFalse();
            file.closed(true);
            assertThat(file.opened(false)).as("after it was written").isFalse();
            file.read(kernel.granted(1, A | D, file));
            await().atMost(PATIENCE).untilTrue(kernel.recalled(1, A | D));
            assertThat(file.opened(false)).as("after a recall").isFalse();
        }
    }

    @Test
    @DisplayName("when the conversation ends, the kernel is told of all")
    void lost() {
        try (Played kernel = new Played()) {
            Grant grant = kernel.granted(1, A | D, new Kept(5, false));
            kernel.granted(2, A | N, new Kept(6, true));
            kernel.leases.lost();
            assertThat(grant.attributesNanos()).isZero();
            await().atMost(PATIENCE)
                    .until(() -> kernel.told.containsAll(List.of("5 with data", "names", "6 with data")));
        }
    }
}
