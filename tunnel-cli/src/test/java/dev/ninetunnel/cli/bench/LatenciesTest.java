package dev.ninetunnel.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a percentile tells of the times that were added. */
class LatenciesTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1_023, 1_024, 2_047, 2_048, 2_049, 4_096, 123_456, 999_999_999, 600_000_000_000L})
    @DisplayName("a time is told within a thousandth, and never as shorter than it was")
    void exact(long nanos) {
        Latencies latencies = new Latencies();
        latencies.add(nanos);
        assertThat(latencies.percentile(50)).isBetween(nanos, nanos + nanos / 1_000);
        assertThat(latencies.percentile(100)).isEqualTo(latencies.percentile(50));
    }

    @Test
    @DisplayName("half of the times are within the median, and all within 100 percent")
    void shares() {
        Latencies latencies = new Latencies();
        for (int i = 1; i <= 100_000; i++) {
            latencies.add(i * 1_000L);
        }
        assertThat(latencies.count()).isEqualTo(100_000);
        assertThat((double) latencies.percentile(50)).isCloseTo(50_000_000, within(50_000.0));
        assertThat((double) latencies.percentile(99)).isCloseTo(99_000_000, within(99_000.0));
        assertThat((double) latencies.percentile(100)).isCloseTo(100_000_000, within(100_000.0));
    }

    @Test
    @DisplayName("times that no clock should give are counted all the same, and no times are 0")
    void ends() {
        Latencies latencies = new Latencies();
        assertThat(latencies.percentile(99)).isZero();
        latencies.add(-5);
        latencies.add(Long.MAX_VALUE);
        assertThat(latencies.count()).isEqualTo(2);
        assertThat(latencies.percentile(50)).isZero();
    }

    @Test
    @DisplayName("what was added before a copy does not count after it")
    void since() {
        Latencies latencies = new Latencies();
        latencies.add(1_000_000);
        Latencies before = latencies.copy();
        latencies.add(10);
        latencies.add(20);
        Latencies after = latencies.since(before);
        assertThat(after.count()).isEqualTo(2);
        assertThat(after.percentile(100)).isEqualTo(20);
    }
}
