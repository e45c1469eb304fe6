package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.endpoint.control.Status.PeerStatus;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.EndpointPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** How much is kept of the files of peers (docs/coherence.md). */
@EnabledOnOs(OS.LINUX)
class CacheLimitsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long QUARTER = Runtime.getRuntime().maxMemory() / 4;

    @TempDir
    private Path folder;

    private static Stream<HolderStatus> caches(Endpoint endpoint) {
        return endpoint.status().peers().stream().map(PeerStatus::cache).flatMap(Optional::stream);
    }

    @Test
    @DisplayName("64 MiB are kept of a peer's files if nobody says otherwise, and nothing if it is turned off")
    void usual() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            assertThat(caches(pair.north())).singleElement().extracting(HolderStatus::mostBytes)
                    .isEqualTo(Math.min(64L << 20, Long.highestOneBit(QUARTER)));
        }
        Path other = folder.resolve("off");
        try (EndpointPair pair = new EndpointPair(other, List.of(), List.of(),
                EndpointConfig.Limits.DEFAULT.withCache(0))) {
            pair.link();
            assertThat(caches(pair.north())).isEmpty();
        }
    }

    @Test
    @DisplayName("however many peers there are, and whatever they may have each, together they take a quarter of the heap")
    void together() throws Exception {
        EndpointConfig.Limits greedy = EndpointConfig.Limits.DEFAULT.withCache(Long.MAX_VALUE);
        try (EndpointPair pair = new EndpointPair(folder, List.of(), List.of(), greedy)) {
            pair.link();
            assertThat(caches(pair.south())).singleElement().extracting(HolderStatus::mostBytes)
                    .isEqualTo(Long.highestOneBit(QUARTER));
            Path home = folder.resolve("home-east");
            try (Endpoint east = Endpoint.open(new EndpointConfig(home, home.resolve("run"),
                    EndpointConfig.DEFAULT_MSIZE, List.of(), greedy))) {
                new PeerFile(home).add(new Peer(pair.south().id(), "south"));
                new PeerFile(folder.resolve("home-south")).add(new Peer(east.id(), "east"));
                east.dial(new HostPort("127.0.0.1", pair.address().getPort()), "south");
                await().atMost(PATIENCE).until(() -> caches(pair.south()).count() == 2);
                assertThat(caches(pair.south())).extracting(HolderStatus::mostBytes)
                        .containsOnly(Long.highestOneBit(QUARTER / 2));
            }
        }
    }
}
