package dev.ninetunnel.link;

import static dev.ninetunnel.link.Ends.frame;
import static dev.ninetunnel.link.Ends.get;
import static dev.ninetunnel.link.Ends.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.identity.TlsInfo;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkTest {
    @TempDir
    Path folder;

    @Test
    @DisplayName("two endpoints that trust one another have a link, and both know what protects it")
    void mutualTrust() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link dialled = get(ends.dial(ends.listen(LinkLimits.DEFAULT)));
            Link accepted = ends.nextAccepted();

            assertThat(dialled.peer()).isEqualTo(ends.rome.id());
            assertThat(accepted.peer()).isEqualTo(ends.oslo.id());
            assertThat(accepted.peerName()).isEqualTo("oslo");
            assertThat(dialled.ours()).isTrue();
            assertThat(accepted.ours()).isTrue();
            TlsInfo expected = new TlsInfo("TLSv1.3", "TLS_AES_256_GCM_SHA384", "X25519MLKEM768");
            assertThat(dialled.tls()).isEqualTo(expected);
            assertThat(accepted.tls()).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("L1 even types go to the server role and odd types to the client role, in both directions at once")
    void splits() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link dialled = get(ends.dial(ends.listen(LinkLimits.DEFAULT)));
            Link accepted = ends.nextAccepted();
            Collected toRomeServer = new Collected();
            Collected toRomeClient = new Collected();
            Collected toOsloServer = new Collected();
            Collected toOsloClient = new Collected();
            dialled.loop().execute(() -> dialled.route(toOsloServer, toOsloClient));
            accepted.loop().execute(() -> accepted.route(toRomeServer, toRomeClient));

            send(dialled, frame(120, 1, 11), frame(101, 2, 19), frame(254, 3, 7), frame(255, 4, 7));
            send(accepted, frame(110, 5, 17), frame(7, 6, 11));

            await().atMost(Ends.PATIENCE).untilAsserted(() -> {
                assertThat(toRomeServer.frames).extracting(Collected.Seen::tag).containsExactly(1, 3);
                assertThat(toRomeClient.frames).extracting(Collected.Seen::tag).containsExactly(2, 4);
                assertThat(toOsloServer.frames).extracting(Collected.Seen::tag).containsExactly(5);
                assertThat(toOsloClient.frames).extracting(Collected.Seen::tag).containsExactly(6);
            });
            assertThat(toRomeServer.batches).hasPositiveValue();
            assertThat(toRomeClient.batches).hasPositiveValue();
        }
    }
}
