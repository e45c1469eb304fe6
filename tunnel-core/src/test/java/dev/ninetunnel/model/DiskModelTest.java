package dev.ninetunnel.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.Libc;
import dev.ninetunnel.wire.Dialect;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is done through the whole tunnel (our client, a local socket, the link, the export) has the results and the
 * errors of the same done to the local disk by system calls. A failure tells the seed and the fewest steps that show
 * it; {@code -Dmodel.first=SEED -Dmodel.sequences=1} does one seed again.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "SKIPPED: the oracle knows this machine's flags")
class DiskModelTest {
    private static ResourceLeakDetector.Level watched;

    /** Every record of who touched a buffer doubles the time of so many requests; other tests look for leaks on the same paths. */
    @BeforeAll
    static void watchLess() {
        watched = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    }

    @AfterAll
    static void watchAgain() {
        ResourceLeakDetector.setLevel(watched);
    }

    private static final int AT_ONCE = 25;
    /** That many differences are enough to tell. */
    private static final int ENOUGH = 5;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("S1-S19 whatever is done in 9P2000.L comes out as on the local disk, for 10,000 sequences at random")
    void linux() throws Exception {
        compare(Dialect.LINUX, OptionalInt.of(-1), LinuxSequence::of, Integer.getInteger("model.sequences", 10_000));
    }

    @Test
    @DisplayName("S1-S19 whatever is done in 9P2000 comes out as on the local disk, for 2,000 sequences at random")
    void plain() throws Exception {
        compare(Dialect.PLAIN, OptionalInt.empty(), PlainSequence::of, Integer.getInteger("model.sequences", 2_000));
    }

    private void compare(Dialect dialect, OptionalInt uid, LongFunction<List<Step>> sequence, int sequences)
            throws Exception {
        long first = Long.getLong("model.first", 1);
        Path local = Files.createDirectory(folder.resolve("local"));
        EventLoopGroup group = NineClient.loops(1);
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            try (NineClient client = NineClient.connect(group, UnixDomainSocketAddress.of(pair.southsFiles()),
                    Offer.of(dialect)).get()) {
                onThreadOfItsOwn(() -> {
                    try (Libc libc = new Libc()) {
                        libc.forgetUmask();
                        Bench bench = new Bench(client, folder.resolve("south"), local, libc, uid);
                        List<String> told = new ArrayList<>();
                        long end = first + sequences;
                        for (long seed = first; seed < end && told.size() < ENOUGH; seed += AT_ONCE) {
                            compare(bench, sequence, seed, Math.min(seed + AT_ONCE, end), told);
                        }
                        assertThat(told).as("differences between 9P and the disk").isEmpty();
                    }
                });
            }
            pair.awaitNothingLeft();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static void compare(Bench bench, LongFunction<List<Step>> sequence, long from, long to,
            List<String> told) throws IOException {
        List<List<Step>> some = LongStream.range(from, to).mapToObj(sequence).toList();
        for (Bench.Difference difference : bench.compare(some)) {
            told.add("seed " + (from + some.indexOf(difference.steps())) + ":" + bench.shrink(difference));
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** On a thread whose umask can be changed without changing that of others. */
    private static void onThreadOfItsOwn(Work work) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread.ofPlatform().start(() -> {
            try {
                work.run();
            } catch (IOException | RuntimeException | Error e) {
                failure.set(e);
            }
        }).join();
        switch (failure.get()) {
            case null -> {}
            case AssertionError e -> throw e;
            default -> throw new AssertionError(failure.get());
        }
    }
}
