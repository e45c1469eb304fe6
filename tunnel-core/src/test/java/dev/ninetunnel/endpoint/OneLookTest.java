package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.process.InheritedSockets;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.EndpointPair;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is trusted changes while somebody is let in. */
class OneLookTest {
    @TempDir
    private Path folder;

    /** Is another list as soon as it has been asked for a key. */
    private static final class Changing implements Peers {
        private volatile List<Peer> now;
        private final List<Peer> next;

        Changing(List<Peer> first, List<Peer> next) {
            this.now = first;
            this.next = next;
        }

        @Override
        public List<Peer> list() {
            return now;
        }

        @Override
        public Optional<Peer> byId(PeerId id) {
            Optional<Peer> found = now.stream().filter(peer -> peer.id().equals(id)).findFirst();
            now = next;
            return found;
        }
    }

    @Test
    @DisplayName("who is taken from the list between the handshake and the first word is not linked, and who gets the name is not it")
    void takenAway() throws Exception {
        PeerId ann = Identity.loadOrCreate(folder.resolve("ann")).id();
        PeerId other = Identity.loadOrCreate(folder.resolve("other")).id();
        Changing peers = new Changing(List.of(new Peer(ann, "ann")), List.of(new Peer(other, "ann")));
        EndpointConfig config = config("hub", List.of(EndpointPair.directory(folder.resolve("files"))));
        try (Endpoint hub = Endpoint.open(HubConfig.everyone(config, Set.of(), List.of()), InheritedSockets.NONE,
                setup -> peers);
                Endpoint dialling = Endpoint.open(config("ann", List.of()))) {
            int port = hub.listen(new HostPort("127.0.0.1", 0)).getPort();
            new PeerFile(folder.resolve("ann")).add(new Peer(hub.id(), "hub"));
            assertThatThrownBy(() -> dialling.dial(new HostPort("127.0.0.1", port), "hub"))
                    .isInstanceOf(EndpointException.class);
            assertThat(hub.status().peers()).noneMatch(Status.PeerStatus::linked);
        }
    }

    private EndpointConfig config(String name, List<Export> exports) {
        Path home = folder.resolve(name);
        return new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE, exports,
                EndpointConfig.Limits.DEFAULT);
    }
}
