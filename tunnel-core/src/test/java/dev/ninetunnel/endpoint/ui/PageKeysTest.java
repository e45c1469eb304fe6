package dev.ninetunnel.endpoint.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** For how long, and how often, somebody may come in. */
class PageKeysTest {
    private Instant now = Instant.EPOCH;
    private final PageKeys keys = new PageKeys(() -> now);

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    @DisplayName("a token opens the page once, and not when two minutes are over")
    void token() {
        String token = keys.token();
        assertThat(keys.open(token)).isPresent();
        assertThat(keys.open(token)).as("again").isEmpty();
        String late = keys.token();
        pass(PageKeys.TOKEN_LIFE);
        assertThat(keys.open(late)).as("too late").isEmpty();
        assertThat(keys.open("")).isEmpty();
    }

    @Test
    @DisplayName("a session goes on while it is used, and ends when it has not been for twelve hours")
    void session() {
        String cookie = keys.open(keys.token()).orElseThrow().cookie();
        for (int i = 0; i < 10; i++) {
            pass(PageKeys.SESSION_LIFE.minusSeconds(1));
            assertThat(keys.session(cookie)).isPresent();
        }
        pass(PageKeys.SESSION_LIFE);
        assertThat(keys.session(cookie)).isEmpty();
    }

    @Test
    @DisplayName("tokens and sessions are few: the oldest make room")
    void bounded() {
        List<String> cookies = new ArrayList<>();
        for (int i = 0; i <= PageKeys.MOST; i++) {
            cookies.add(keys.open(keys.token()).orElseThrow().cookie());
        }
        assertThat(keys.session(cookies.getFirst())).isEmpty();
        assertThat(keys.session(cookies.getLast())).isPresent();
        String first = keys.token();
        for (int i = 0; i < PageKeys.MOST; i++) {
            keys.token();
        }
        assertThat(keys.open(first)).isEmpty();
    }
}
