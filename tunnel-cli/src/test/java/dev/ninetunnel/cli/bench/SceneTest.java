package dev.ninetunnel.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

}
