package dev.ninetunnel.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The peers that a benchmark brings, as the endpoint sees them that is measured. */
class IdlePeersTest {
    @TempDir
    private Path room;

    @Test
    @DisplayName("each peer has a session of its own with the endpoint, and whoever is not trusted has none")
    void sessions() throws Exception {
        Path home = room.resolve("hub");
        Identity hub = Identity.loadOrCreate(home);
        Identity first = Identity.loadOrCreate(room.resolve("first"));
        Identity second = Identity.loadOrCreate(room.resolve("second"));
        new PeerFile(home).add(new Peer(first.id(), "first"));
        new PeerFile(home).add(new Peer(second.id(), "second"));
        try (Endpoint endpoint = Endpoint.open(new EndpointConfig(home, home.resolve("run"),
                EndpointConfig.DEFAULT_MSIZE, List.of(), EndpointConfig.Limits.DEFAULT))) {
            InetSocketAddress at = endpoint.listen(new HostPort("127.0.0.1", 0));
            try (IdlePeers peers = new IdlePeers(new Peer(hub.id(), "hub"), new HostPort("127.0.0.1", at.getPort()))) {
                peers.dial(first).get(60, TimeUnit.SECONDS);
                peers.dial(second).get(60, TimeUnit.SECONDS);
                assertThat(peers.linked()).isEqualTo(2);
                // There, a session is in force once the peer has shown that it has the answer.
                await().atMost(Duration.ofMinutes(1)).until(
                        () -> endpoint.status().peers().stream().filter(Status.PeerStatus::linked).count() == 2);
                Identity stranger = Identity.loadOrCreate(room.resolve("stranger"));
                assertThatThrownBy(() -> peers.dial(stranger).get(60, TimeUnit.SECONDS)).isNotNull();
                assertThat(peers.linked()).isEqualTo(2);
            }
        }
    }
}
