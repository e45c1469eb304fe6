package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.session.SessionLimits;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two endpoints that dial each other, 1,000 times in virtual time: of links that cross one stays, by a rule that both sides
 * know, and no session ends for the other's sake (docs/reliability.md, "Which events meet which").
 */
class CrossingLinksModelTest {
    private static final int RUNS = Integer.getInteger("ninetunnel.crossing.runs", 1000);
    private static final long SEED = Long.getLong("ninetunnel.seed", 20261129);

    private static final SessionLimits LASTING = SessionLimits.STANDARD;
    private static final SessionLimits OF_ONE_LINK = LASTING.withLife(Duration.ZERO);

    private static void run(int times, SessionLimits limits, Consumer<VirtualPair> test) {
        for (int i = 0; i < times; i++) {
            try (VirtualPair pair = new VirtualPair(SEED + i, limits)) {
                try {
                    test.accept(pair);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + (SEED + i) + ":\n" + pair.story(), e);
                }
            }
        }
    }

    private static void startTogether(VirtualPair pair) {
        pair.in(pair.random().nextInt(50), pair.north::start);
        pair.in(pair.random().nextInt(50), pair.south::start);
    }

    private static void assertNoneEnded(VirtualPair pair) {
        assertThat(pair.north.ended()).as("sessions that ended at north").isZero();
        assertThat(pair.south.ended()).as("sessions that ended at south").isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("two that start together are linked within 2 seconds, once, whether their sessions outlive a link or not")
    void start(boolean lasting) {
        run(RUNS, lasting ? LASTING : OF_ONE_LINK, pair -> {
            startTogether(pair);
            pair.pass(Duration.ofSeconds(2));
            assertThat(pair.areLinked()).isTrue();
            pair.pass(Duration.ofSeconds(60));
            assertThat(pair.areLinked()).isTrue();
            assertNoneEnded(pair);
        });
    }

    @Test
    @DisplayName("when their link is cut, the session goes on within 2 seconds, whoever dials, and is the same")
    void cut() {
        run(RUNS / 5, LASTING, pair -> {
            startTogether(pair);
            pair.pass(Duration.ofSeconds(2));
            for (int i = 0; i < 5; i++) {
                pair.cut();
                pair.pass(Duration.ofSeconds(2));
                assertThat(pair.areLinked()).isTrue();
            }
            assertNoneEnded(pair);
        });
    }

    @Test
    @DisplayName("cuts while they start and while they resume end no session that both have")
    void cutAtAnyTime() {
        run(RUNS / 5, LASTING, pair -> {
            startTogether(pair);
            int cuts = 1 + pair.random().nextInt(4);
            for (int i = 0; i < cuts; i++) {
                pair.in(pair.random().nextInt(1500), pair::cut);
            }
            pair.pass(Duration.ofSeconds(30));
            assertThat(pair.areLinked()).isTrue();
        });
    }

    @Test
    @DisplayName("after any troubles at any time they are linked again within 30 seconds, and stay so")
    void troubles() {
        run(RUNS / 5, LASTING, pair -> {
            startTogether(pair);
            int troubles = 1 + pair.random().nextInt(6);
            for (int i = 0; i < troubles; i++) {
                pair.in(pair.random().nextInt(3000), () -> trouble(pair));
            }
            pair.pass(Duration.ofSeconds(33));
            assertThat(pair.areLinked()).isTrue();
            int endedBefore = pair.north.ended() + pair.south.ended();
            pair.pass(Duration.ofSeconds(60));
            assertThat(pair.areLinked()).isTrue();
            assertThat(pair.north.ended() + pair.south.ended()).isEqualTo(endedBefore);
        });
    }

    private static void trouble(VirtualPair pair) {
        VirtualPair.Station one = List.of(pair.north, pair.south).get(pair.random().nextInt(2));
        switch (pair.random().nextInt(6)) {
            case 0 -> pair.cut();
            case 1 -> {
                one.vanish();
                restart(pair, one);
            }
            case 2 -> {
                one.leave();
                restart(pair, one);
            }
            case 3 -> one.reload();
            case 4 -> one.hurry();
            default -> {
                pair.north.reload();
                pair.south.reload();
            }
        }
    }

    private static void restart(VirtualPair pair, VirtualPair.Station one) {
        pair.in(1 + pair.random().nextInt(500), () -> {
            one.vanish();
            one.start();
        });
    }
}
