package dev.ninetunnel.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network as it is written. */
class LineTest {
    @Test
    @DisplayName("a rate, a delay and a queue with their units")
    void units() {
        assertThat(Line.parse("1gbit,20ms,5m")).isEqualTo(new Line(1_000_000_000, Duration.ofMillis(20), 5 << 20));
        assertThat(Line.parse("100mbit,0ms,64k")).isEqualTo(new Line(100_000_000, Duration.ZERO, 64 << 10));
        assertThat(Line.parse("56kbit,300ms,1500")).isEqualTo(new Line(56_000, Duration.ofMillis(300), 1500));
    }

    @Test
    @DisplayName("a queue that no memory could hold is as long as can be, and one of nothing is refused")
    void bounds() {
        assertThat(Line.parse("1gbit,20ms,999999m").queue()).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> Line.parse("1gbit,20ms,0m")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("above 0");
        assertThatThrownBy(() -> Line.parse("1gbit,20ms,5g")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no network");
    }

    @Test
    @DisplayName("a network is a rate, a delay and a queue")
    void network() {
        Line line = Line.parse("100mbit,20ms,64k");
        assertThat(line).isEqualTo(new Line(100_000_000, Duration.ofMillis(20), 65536));
        assertThat(line.megabytesPerSecond()).isEqualTo(12.5);
        assertThat(line.nanosFor(1250)).isEqualTo(100_000);
        assertThat(Line.parse("1gbit,0ms,1500").bitsPerSecond()).isEqualTo(1_000_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "100", "100mbit", "100mbit,20ms", "0mbit,20ms,64k", "1mbit,1ms,0", "1mbit,1s,64k"})
    @DisplayName("what is no network is refused")
    void refusedNetwork(String typed) {
        assertThatThrownBy(() -> Line.parse(typed)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("network");
    }
}
