package dev.ninetunnel.endpoint.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.json.Json;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The last hour of each peer. */
class HistoryTest {
    private final Map<String, History.Amounts> amounts = new HashMap<>();
    private final History history = new History(() -> Map.copyOf(amounts));

    private String since(long number) {
        return Json.of(History.since(history.now(), number));
    }

    @Test
    @DisplayName("a sample says what went a second, and how long an answer took; nothing of a peer that has just come")
    void rates() {
        history.sample();
        amounts.put("ann", new History.Amounts(100, 1000, 10, 5_000_000));
        history.sample();
        amounts.put("ann", new History.Amounts(600, 1000, 20, 25_000_000));
        history.sample();
        history.sample();
        assertThat(since(0)).isEqualTo("{\"step\":5,\"most\":720,\"next\":4,\"samples\":[{},{},"
                + "{\"ann\":[100,0,2.0]},{\"ann\":[0,0,null]}]}");
        assertThat(since(3)).endsWith("\"samples\":[{\"ann\":[0,0,null]}]}");
        assertThat(since(9)).endsWith("\"samples\":[]}");
    }

    @Test
    @DisplayName("what is older than an hour makes room")
    void hour() {
        for (int i = 0; i < 2 * History.SAMPLES + 7; i++) {
            amounts.put("ann", new History.Amounts(5L * i * i, 0, 0, 0));
            history.sample();
        }
        long last = 2L * History.SAMPLES + 6;
        assertThat(history.now().ring()).hasSize(History.SAMPLES);
        assertThat(since(0)).endsWith("{\"ann\":[" + (2 * last - 1) + ",0,null]}]}");
    }
}
