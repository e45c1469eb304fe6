package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Grant.Access;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real endpoints that both listen and both dial each other; {@link CrossingLinksModelTest} has the orders of events. */
class BothDialTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int STARTS = 5;

    @TempDir
    private Path folder;

    private Hub hub(String name, int port, String other, int othersPort) throws Exception {
        Path home = folder.resolve(name);
        PeerConfig peer = new PeerConfig(other, Optional.of(Identity.loadOrCreate(folder.resolve(other)).id()),
                Optional.of(new Destination.Direct(new HostPort("127.0.0.1", othersPort))), List.of(),
                new Rights(Map.of("files", new Grant(Access.READ_WRITE, "", List.of(), Optional.empty())),
                        Rights.Limits.STANDARD, true));
        return Hub.open(new HubConfig(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                List.of(EndpointPair.directory(folder.resolve(name + "-exports/files"))),
                EndpointConfig.Limits.DEFAULT), List.of(new HostPort("127.0.0.1", port)), List.of(peer)));
    }

    private static CompletableFuture<Void> start(Hub hub) {
        return CompletableFuture.runAsync(() -> {
            try {
                hub.start();
            } catch (EndpointException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void awaitLinked(Hub hub) {
        await().atMost(PATIENCE).until(() -> hub.endpoint().status().peers().getFirst().linked());
    }

    @Test
    @DisplayName("two that are started together have one session, over one link, and what was begun over it goes on")
    void together() throws Exception {
        for (int i = 0; i < STARTS; i++) {
            int northsPort = FreePort.find();
            int southsPort = FreePort.find();
            try (Hub north = hub("north", northsPort, "south", southsPort);
                    Hub south = hub("south", southsPort, "north", northsPort)) {
                CompletableFuture.allOf(start(north), start(south)).get();
                awaitLinked(north);
                awaitLinked(south);
                try (RemoteFiles souths = EndpointPair.connect(north.endpoint().socket("south"));
                        RemoteFiles norths = EndpointPair.connect(south.endpoint().socket("north"))) {
                    north.endpoint().dialNow();
                    south.endpoint().dialNow();
                    for (int j = 0; j < 20; j++) {
                        assertThat(souths.list(RemotePath.ROOT)).isEmpty();
                        assertThat(norths.list(RemotePath.ROOT)).isEmpty();
                    }
                }
                assertThat(north.endpoint().status().serving()).hasSize(1);
                assertThat(south.endpoint().status().serving()).hasSize(1);
                assertThat(north.endpoint().status().peers().getFirst().session().orElseThrow().resumes()).isZero();
            }
        }
    }
}
