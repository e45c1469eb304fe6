package dev.ninetunnel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.identity.Engines;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.OpenSsl;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import java.nio.file.Path;
import java.security.Security;
import java.time.Clock;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.TlsFatalAlert;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    Path folder;

    @Test
    @DisplayName("the JDK's fast AES-GCM is in force, and the check notices when it is not")
    void fastCiphers() {
        assertThat(Tls.fastCiphers()).isTrue();
        Security.insertProviderAt(new BouncyCastleProvider(), 1);
        try {
            assertThat(Tls.fastCiphers()).isFalse();
            assertThat(Tls.aesProvider()).isEqualTo("BC");
        } finally {
            Security.removeProvider("BC");
        }
        assertThat(Tls.fastCiphers()).isTrue();
    }

    @Test
    @DisplayName("P-256 and Ed25519 identities shake hands in every pairing, without Bouncy Castle's provider")
    void kinds() throws Exception {
        OpenSsl.makeScript("-t", "ed25519", folder.resolve("edward").toString());
        OpenSsl.makeScript("-t", "p256", folder.resolve("peter").toString());
        assertThat(Security.getProvider("BC")).isNull();
        for (String server : new String[]{"edward", "peter"}) {
            for (String client : new String[]{"edward", "peter"}) {
                Identity serving = Identity.loadOrCreate(folder.resolve(server));
                Identity dialling = Identity.loadOrCreate(folder.resolve(client));
                PeerFile peers = new PeerFile(folder.resolve(client));
                peers.add(new Peer(dialling.id(), "dialling"));
                TlsHandshake accepted = new Tls(serving, Clock.systemUTC()).accept(peers);
                TlsHandshake dialled = new Tls(dialling, Clock.systemUTC()).dial(serving.id());

                Engines.shakeHands(accepted.engine(), dialled.engine());

                assertThat(accepted.peer()).contains(dialling.id());
                assertThat(dialled.peer()).contains(serving.id());
                assertThat(accepted.info()).isEqualTo(dialled.info())
                        .isEqualTo(new TlsInfo("TLSv1.3", "TLS_AES_256_GCM_SHA384", "X25519MLKEM768"));
            }
        }
    }

    @Test
    @DisplayName("handshakes that one endpoint has begun at the same time come to keys of their own")
    void together() throws Exception {
        Identity serving = Identity.loadOrCreate(folder.resolve("serving"));
        Identity dialling = Identity.loadOrCreate(folder.resolve("dialling"));
        PeerFile peers = new PeerFile(folder);
        peers.add(new Peer(dialling.id(), "dialling"));
        Tls accepting = new Tls(serving, Clock.systemUTC());
        TlsHandshake accepted = accepting.accept(peers);
        TlsHandshake other = accepting.accept(peers);

        Engines.shakeHands(other.engine(), new Tls(dialling, Clock.systemUTC()).dial(serving.id()).engine());
        assertThat(accepted.protection()).isEmpty();
        TlsHandshake dialled = new Tls(dialling, Clock.systemUTC()).dial(serving.id());
        Engines.shakeHands(accepted.engine(), dialled.engine());

        byte[] record = new byte[RecordProtection.MOST_RECORD];
        int length = dialled.protection().orElseThrow().seal(new byte[RecordProtection.MOST_RECORD], 5, record);
        byte[] plain = new byte[RecordProtection.MOST_RECORD];
        assertThat(accepted.protection().orElseThrow().open(record.clone(), length, plain)).isEqualTo(5);
        assertThatThrownBy(() -> other.protection().orElseThrow().open(record, length, plain))
                .isInstanceOf(TlsFatalAlert.class);
    }
}
