package dev.ninetunnel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of peers is understood, or refused with the place of the fault; what is understood has each name and each key once, and
 * another key for one of its names changes nothing else.
 */
class PeerFileFormatFuzz {
    private static final Path FILE = Path.of("peers");
    private static final PeerId OTHER = PeerId.parse("cd".repeat(32));

    @FuzzTest
    void isUnderstoodOrRefused(byte[] input) throws IdentityException {
        String text = new String(input, StandardCharsets.UTF_8);
        List<Peer> peers;
        try {
            peers = PeerFileFormat.parse(FILE, text);
        } catch (IdentityException e) {
            assertThat(e.getMessage()).startsWith("peers:");
            return;
        }
        assertThat(peers).extracting(Peer::name).doesNotHaveDuplicates();
        assertThat(peers).extracting(Peer::id).doesNotHaveDuplicates().doesNotContain(OTHER);
        for (int i = 0; i < peers.size(); i++) {
            Peer changed = new Peer(OTHER, peers.get(i).name());
            List<Peer> expected = new ArrayList<>(peers);
            expected.set(i, changed);
            assertThat(PeerFileFormat.parse(FILE, PeerFileFormat.replaced(text, changed))).isEqualTo(expected);
        }
    }
}
