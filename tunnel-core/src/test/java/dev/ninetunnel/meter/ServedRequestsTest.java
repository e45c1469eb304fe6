package dev.ninetunnel.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.Allocated;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.MessageType;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a request costs that is counted, and what is said of how long it took. */
class ServedRequestsTest {
    @Test
    @DisplayName("a request takes until the end of the turn in which it is answered, for then its reply leaves")
    void untilItLeaves() {
        MockTicker clock = Ticker.newMockTicker();
        ServedRequests served = new ServedRequests(clock);
        Latency latency = served.of("data");
        long first = served.comes(Dialect.LINUX, MessageType.TREAD);
        clock.advance(1, TimeUnit.MILLISECONDS);
        served.answered(first, latency);
        served.turnEnds();
        long second = served.comes(Dialect.LINUX, MessageType.TREAD);
        clock.advance(1, TimeUnit.MILLISECONDS);
        served.answered(second, latency);
        served.repliesLeave();
        assertThat(latency.counts().all()).isEqualTo(2);
        assertThat(latency.counts().nanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(3));
        assertThat(served.counts().now()).containsOnlyKeys(new RequestCounts.Kind(Dialect.LINUX, MessageType.TREAD));
    }

    @Test
    @DisplayName("a request that is counted allocates nothing")
    void allocatesNothing() {
        ServedRequests served = new ServedRequests(Ticker.systemTicker());
        Latency latency = served.of("data");
        assertThat(Allocated.bytesEach(() -> {
            served.answered(served.comes(Dialect.LINUX, MessageType.TWRITE), latency);
            served.turnEnds();
            served.repliesLeave();
        })).isLessThan(1);
    }

    @Test
    @DisplayName("exports above a thousand are counted as one")
    void bounded() {
        ServedRequests served = new ServedRequests(Ticker.systemTicker());
        for (int i = 0; i < 1_500; i++) {
            served.of("export-" + i);
        }
        assertThat(served.latencies()).hasSize(1_001).containsKey("other");
        assertThat(served.of("export-0")).isNotSameAs(served.of("export-1400"));
    }
}
