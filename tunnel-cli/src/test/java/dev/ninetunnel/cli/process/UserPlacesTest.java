package dev.ninetunnel.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.cli.Failure;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** XDG's variables come first, then HOME, then the user's entry. */
class UserPlacesTest {
    private static Path settings(Map<String, String> environment, String entry) {
        return new UserPlaces(environment, entry).settings();
    }

    @Test
    @DisplayName("what the environment says goes before the user's entry, and XDG's own variable before HOME")
    void order() {
        assertThat(settings(Map.of("XDG_CONFIG_HOME", "/c", "HOME", "/h"), "/e")).isEqualTo(Path.of("/c"));
        assertThat(settings(Map.of("HOME", "/h"), "/e")).isEqualTo(Path.of("/h/.config"));
        assertThat(settings(Map.of(), "/e")).isEqualTo(Path.of("/e/.config"));
        assertThat(new UserPlaces(Map.of("XDG_RUNTIME_DIR", "/r"), "/e").runtime()).contains(Path.of("/r"));
    }

    @Test
    @DisplayName("empty and relative paths count for nothing, as XDG wants it")
    void relative() {
        assertThat(settings(Map.of("XDG_CONFIG_HOME", "c", "HOME", ""), "/e")).isEqualTo(Path.of("/e/.config"));
        assertThat(new UserPlaces(Map.of("XDG_RUNTIME_DIR", "r"), "/e").runtime()).isEmpty();
    }

    @Test
    @DisplayName("a user without an entry is told what to set, and gets no directory '?'")
    void nowhere() {
        assertThatThrownBy(() -> settings(Map.of(), "?")).isInstanceOf(Failure.class)
                .hasMessageContainingAll("HOME", "--home");
        assertThat(settings(Map.of("HOME", "/h"), "?")).isEqualTo(Path.of("/h/.config"));
    }
}
