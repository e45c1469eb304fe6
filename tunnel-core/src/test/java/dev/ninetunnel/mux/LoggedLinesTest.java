package dev.ninetunnel.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.Logged;
import org.junit.jupiter.api.Test;

/** What local clients can make the log say. */
class LoggedLinesTest {
    @Test
    void s26AFloodOfLocalClientsThatDoNotSpeak9pLeavesAFewLinesInTheLog() {
        try (Bench bench = Bench.open(); Logged logged = new Logged()) {
            for (int i = 0; i < 500; i++) {
                Bench.Client client = bench.connect();
                client.raw(out -> out.writeIntLE(7).writeByte(101).writeShortLE(1));
                assertThat(client.isOpen()).isFalse();
            }
            assertThat(logged.warnings()).hasSizeBetween(1, 40);
        }
    }
}
