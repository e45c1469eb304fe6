package dev.ninetunnel.endpoint.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.Traffic;
import dev.ninetunnel.meter.Latency;
import dev.ninetunnel.mux.CacheTotals;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How many peers a scrape tells apart. */
class CountsTest {
    private static final long NANOS = 200_000;

    private static PeerCounts peer(String name) {
        Latency latency = new Latency();
        latency.add(NANOS);
        Traffic.Amount amount = new Traffic.Amount(1, 2, 3);
        return new PeerCounts(name, 1, new PeerCounts.Links(4, amount, amount), 5, Optional.empty(),
                new PeerCounts.Asking(6, 7, 8, latency), new PeerCounts.Served(9, 10), 11,
                new PeerCounts.Cache(12, 13, 14, new CacheTotals(15, 16, 17, 18, 19)));
    }

    @Test
    @DisplayName("of 100,000 peers a thousand are told apart, and the others are one; nothing that was counted is left out")
    void bounded() {
        List<PeerCounts> told = Counts.bounded(IntStream.range(0, 100_000).mapToObj(i -> peer("peer-" + i)).toList());
        assertThat(told).hasSize(1_001);
        assertThat(told.getLast().name()).isEqualTo("other");
        assertThat(told.stream().mapToInt(PeerCounts::linked).sum()).isEqualTo(100_000);
        assertThat(told.stream().mapToLong(peer -> peer.links().sent().bytes()).sum()).isEqualTo(300_000);
        assertThat(told.stream().mapToLong(peer -> peer.asking().latency().counts().all()).sum()).isEqualTo(100_000);
        assertThat(told.getLast().asking().latency().counts().nanos()).isEqualTo(99_000 * NANOS);
    }

    @Test
    @DisplayName("a peer that is called as the others together are is one of them, so that no name is there twice")
    void calledOther() {
        assertThat(Counts.bounded(Stream.of("other", "one", "other").map(CountsTest::peer).toList()))
                .extracting(PeerCounts::name).containsExactly("one", "other");
    }

    @Test
    @DisplayName("names that came over the wire are escaped")
    void escaped() {
        assertThat(Families.label("peer", "a\n# TYPE \u001b[31m").get("peer")).isPrintable().doesNotContain("\n");
    }
}
