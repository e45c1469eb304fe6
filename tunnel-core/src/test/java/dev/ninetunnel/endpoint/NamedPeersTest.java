package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Peers;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is let in where a file says who is, and what people are told of the others. */
class NamedPeersTest {
    private static final PeerId PAIRED = PeerId.parse("1".repeat(64));
    private static final PeerId STRANGER = PeerId.parse("2".repeat(64));

    @Test
    @DisplayName("a stranger is to be written into the file: in the list of peers alone, its key would let nobody in")
    void advice() throws Exception {
        Peers book = () -> List.of(new Peer(PAIRED, "laptop"));
        ConfiguredPeers peers = new ConfiguredPeers(book, List::of);
        assertThat(peers.list()).isEmpty();
        assertThat(peers.admission(STRANGER)).contains("id = \"" + STRANGER + "\"", "[peer.NAME]", "ninetunnel reload")
                .doesNotContain("trust");
        assertThat(peers.admission(PAIRED)).contains("paired as laptop", "[peer.laptop]", "ninetunnel reload")
                .doesNotContain("trust");
        assertThat(book.admission(STRANGER)).contains("ninetunnel trust " + STRANGER);
    }
}
