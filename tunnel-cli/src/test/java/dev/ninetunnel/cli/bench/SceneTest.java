package dev.ninetunnel.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is typed, and what is understood. */
class SceneTest {
    @Test
    @DisplayName("a kind alone is the usual load of that kind")
    void kindAlone() {
        assertThat(Scene.parse("read")).hasToString("read:1x8x128k");
        assertThat(Scene.parse("getattr")).hasToString("getattr:1x1");
        assertThat(Scene.USUAL).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"write:3x2x1000", "getattr:1x1+read:4x16x128k", "shared/mix:2x2+walk:1x1+open:1x5"})
    @DisplayName("a scene is shown as it is typed")
    void shownAsTyped(String typed) {
        assertThat(Scene.parse(typed)).hasToString(typed);
    }

    @Test
    @DisplayName("each client that writes has a file of its own")
    void writers() {
        assertThat(Scene.parse("write:3x2+read:5x1+write:2x8").writers()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "reed", "read:", "read:1", "read:0x1", "read:1x1x0", "read:1x1x999999k", "read+",
            "x/read",
            "shared/", "read:1x8x128m"})
    @DisplayName("what is no scene is refused with a word on how one is written")
    void refused(String typed) {
        assertThatThrownBy(() -> Scene.parse(typed)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("load");
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
