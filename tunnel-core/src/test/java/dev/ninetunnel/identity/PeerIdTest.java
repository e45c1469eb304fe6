package dev.ninetunnel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdTest {
    private static final String HEX = "2bdb5153de2346b7156a78e84ebfd7ee5e5fc073a7c59ce8be5b3827a387e5aa";

    @TempDir
    Path home;

    @Test
    @DisplayName("a peer id is read in either case, with colons or without, with a prefix or without")
    void forms() {
        PeerId id = new PeerId(HEX);
        String colons = HEX.replaceAll("(..)(?!$)", "$1:");

        assertThat(PeerId.parse(HEX)).isEqualTo(id);
        assertThat(PeerId.parse(HEX.toUpperCase(Locale.ROOT))).isEqualTo(id);
        assertThat(PeerId.parse(colons)).isEqualTo(id);
        assertThat(PeerId.parse("SHA256:" + colons.toUpperCase(Locale.ROOT))).isEqualTo(id);
        assertThat(PeerId.parse("  sha256:" + HEX + "\n")).isEqualTo(id);
        assertThat(id).hasToString(HEX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "sha256:", HEX + "0",
            "g" + "0000000000000000000000000000000000000000000000000000000000000000",
            "2b:db5153de2346b7156a78e84ebfd7ee5e5fc073a7c59ce8be5b3827a387e5aa", "\u001b[31mred"})
    @DisplayName("what is no peer id is refused, and shown without its control characters")
    void refused(String text) {
        assertThatThrownBy(() -> PeerId.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ninetunnel id").message().doesNotContain("\u001b");
    }

    @Test
    @DisplayName("a peer id is what openssl computes from the certificate")
    void likeOpenSsl() throws Exception {
        Identity identity = Identity.loadOrCreate(home);

        OpenSsl.run(home, "x509", "-in", "cert.pem", "-noout", "-pubkey", "-out", "public.pem");
        OpenSsl.run(home, "pkey", "-pubin", "-in", "public.pem", "-outform", "der", "-out", "public.der");
        assertThat(OpenSsl.run(home, "dgst", "-sha256", "-r", "public.der")).startsWith(identity.id().hex());
    }
}
