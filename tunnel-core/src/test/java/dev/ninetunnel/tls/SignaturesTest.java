package dev.ninetunnel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.identity.Engines;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.OpenSsl;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.identity.PemBlocks;
import dev.ninetunnel.identity.Signatures;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which signatures a peer may prove its key with, against the TLS of the JDK, which offers one alone. */
class SignaturesTest {
    private static final char[] PASSWORD = "none".toCharArray();

    @TempDir
    private Path folder;

    /** A peer with a key of this kind, as openssl makes it, and a certificate that it has signed itself. */
    private final class Foreigner {
        final PrivateKey key;
        final X509Certificate certificate;

        Foreigner(String kind, String option) throws Exception {
            List<String> command = new ArrayList<>(List.of("genpkey", "-algorithm", kind, "-out", "foreign.key"));
            if (option != null) {
                command.addAll(List.of("-pkeyopt", option));
            }
            OpenSsl.run(folder, command.toArray(String[]::new));
            OpenSsl.run(folder, "req", "-x509", "-key", "foreign.key", "-subj", "/CN=foreign", "-out", "foreign.pem");
            try (InputStream in = Files.newInputStream(folder.resolve("foreign.pem"))) {
                certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            }
            byte[] der = PemBlocks.parse(folder, Files.readString(folder.resolve("foreign.key")), "").getFirst()
                    .object()
                    .getContent();
            key = KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(der));
        }

        Peer peer() {
            return new Peer(PeerId.of(certificate.getPublicKey()), "foreign");
        }

        SSLEngine engine(boolean dials, String... schemes) throws Exception {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("foreign", key, PASSWORD, new Certificate[]{certificate});
            KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX", "SunJSSE");
            managers.init(keys, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLSv1.3", "SunJSSE");
            context.init(managers.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
            SSLEngine engine = context.createSSLEngine("foreign", 1);
            engine.setUseClientMode(dials);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setSignatureSchemes(schemes);
            parameters.setNeedClientAuth(!dials);
            engine.setSSLParameters(parameters);
            return engine;
        }
    }

    private record Listed(List<Peer> list, Set<String> certified) implements Peers {}

    private Tls own(String kind, String option) throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        List<String> command = new ArrayList<>(List.of("genpkey", "-algorithm", kind, "-out", "home/key.pem"));
        if (option != null) {
            command.addAll(List.of("-pkeyopt", option));
        }
        OpenSsl.run(folder, command.toArray(String[]::new));
        Files.setPosixFilePermissions(home.resolve("key.pem"),
                PosixFilePermissions.fromString("rw-------"));
        return new Tls(Identity.loadOrCreate(home), Clock.systemUTC());
    }

    @ParameterizedTest(name = "{0} {2}")
    @CsvSource({"EC, ec_paramgen_curve:P-256, ecdsa_secp256r1_sha256", "ED25519, , ed25519"})
    @DisplayName("4.2.3 what is promised is taken alone, from who dials and from who is dialled")
    void taken(String kind, String option, String scheme) throws Exception {
        Foreigner foreigner = new Foreigner(kind, option);
        Tls own = own(kind, option);
        Engines.shakeHands(own.accept(new Listed(List.of(foreigner.peer()), Set.of())).engine(),
                foreigner.engine(true, scheme));
        Engines.shakeHands(foreigner.engine(false, scheme), own.dial(foreigner.peer().id()).engine());
    }

    @ParameterizedTest(name = "{0} {2}")
    @CsvSource({"EC, ec_paramgen_curve:P-384, ecdsa_secp384r1_sha384",
            "EC, ec_paramgen_curve:P-521, ecdsa_secp521r1_sha512",
            "RSA, rsa_keygen_bits:2048, rsa_pss_rsae_sha256", "RSA, rsa_keygen_bits:2048, rsa_pss_rsae_sha512",
            "RSA-PSS, rsa_keygen_bits:2048, rsa_pss_pss_sha256", "ED448, , ed448"})
    @DisplayName("4.2.3 what is not promised is refused, alone or beside what is, though the key is pinned")
    void refused(String kind, String option, String scheme) throws Exception {
        Foreigner foreigner = new Foreigner(kind, option);
        Tls own = own("EC", "ec_paramgen_curve:P-256");
        Peers listed = new Listed(List.of(foreigner.peer()), Set.of());
        assertThatThrownBy(
                () -> Engines.shakeHands(own.accept(listed).engine(), foreigner.engine(true, scheme)))
                .satisfies(e -> assertThat(TlsFailure.of(e).kind()).isEqualTo(TlsFailure.Kind.NO_COMMON_TERMS));
        assertThatThrownBy(() -> Engines.shakeHands(own.accept(listed).engine(),
                foreigner.engine(true, "ecdsa_secp256r1_sha256", scheme)))
                .satisfies(e -> assertThat(TlsFailure.of(e).kind()).isIn(TlsFailure.Kind.NO_CERTIFICATE,
                        TlsFailure.Kind.OTHER)); // the JDK gives up by itself with some kinds
        assertThatThrownBy(() -> Engines.shakeHands(foreigner.engine(false, "ecdsa_secp256r1_sha256", scheme),
                own.dial(foreigner.peer().id()).engine()));
    }

    @Test
    @DisplayName("4.4.3 neither SHA-1 nor PKCS #1 v1.5 is offered for proving a key; for certificates, no SHA-1")
    void offered() throws Exception {
        assertThat(Signatures.inHandshake()).containsExactly("ed25519", "ecdsa_secp256r1_sha256");
        assertThat(Signatures.inCertificates()).noneMatch(scheme -> scheme.endsWith("sha1"));
        Tls own = own("EC", "ec_paramgen_curve:P-256");
        String hello = hello(own.dial(own.self()).engine());
        assertThat(hello).as("signature_algorithms").contains("000d0006000408070403");
        assertThat(hello).as("signature_algorithms_cert").contains("0032000e000c080704030503040105010601");
    }

    private static String hello(SSLEngine engine) throws Exception {
        ByteBuffer out = ByteBuffer.allocate(1 << 15);
        engine.wrap(ByteBuffer.allocate(0), out);
        out.flip();
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
