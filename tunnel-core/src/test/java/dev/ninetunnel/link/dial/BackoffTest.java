package dev.ninetunnel.link.dial;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void threeQuickTriesThenDoublingUpToTheLongestWait() {
        Random random = new Random(1);
        long[] nominal = {200, 200, 200, 1000, 2000, 4000, 8000, 16000, 20000, 20000};
        for (int i = 0; i < nominal.length; i++) {
            Duration wait = Backoff.DEFAULT.before(i + 1, random);
            assertThat(wait.toMillis()).as("try %d", i + 1).isBetween(nominal[i] * 3 / 4 - 1, nominal[i] * 5 / 4 + 1);
        }
        assertThat(Backoff.DEFAULT.before(Integer.MAX_VALUE, random)).isLessThan(Duration.ofSeconds(26));
    }

    @Test
    void endpointsThatLostTheSameHostDoNotComeBackAllAtOnce() {
        long different = IntStream.range(0, 50)
                .mapToLong(seed -> Backoff.DEFAULT.before(9, new Random(seed)).toMillis()).distinct().count();
        assertThat(different).isGreaterThan(25);
    }
}
