package dev.ninetunnel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    @TempDir
    Path folder;
    private Path home;
    private Path key;
    private Path cert;

    @BeforeEach
    void names() {
        home = folder.resolve("deep/home");
        key = home.resolve(Identity.KEY_FILE);
        cert = home.resolve(Identity.CERT_FILE);
    }

    @Test
    @DisplayName("the first use makes a key and a certificate that only the owner can read, and later uses keep them")
    void firstUse() throws Exception {
        Identity made = Identity.loadOrCreate(home);
        byte[] keyBytes = Files.readAllBytes(key);
        Identity again = Identity.loadOrCreate(home);

        assertThat(again.id()).isEqualTo(made.id());
        assertThat(again.chain()).isEqualTo(made.chain());
        assertThat(Files.readAllBytes(key)).isEqualTo(keyBytes);
        assertThat(mode(key)).isEqualTo("rw-------");
        assertThat(mode(home)).isEqualTo("rwx------");
        assertThat(made.chain().getFirst().getNotAfter().toInstant()).isEqualTo("9999-12-31T23:59:59Z");
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files).containsExactlyInAnyOrder(key, cert);
        }
    }

    @Test
    @DisplayName("many that start at the same moment end up with one identity")
    void race() throws Exception {
        int many = 16;
        CountDownLatch together = new CountDownLatch(many);
        Callable<PeerId> start = () -> {
            together.countDown();
            together.await();
            return Identity.loadOrCreate(home).id();
        };
        Set<PeerId> ids = new HashSet<>();
        try (var threads = Executors.newFixedThreadPool(many)) {
            var results = Stream.generate(() -> threads.submit(start)).limit(many).toList();
            for (var result : results) {
                ids.add(result.get());
            }
        }
        assertThat(ids).hasSize(1);
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files).containsExactlyInAnyOrder(key, cert);
        }
    }

    @Test
    @DisplayName("P-256 and Ed25519 pairs of the project's script load, with the id that it prints")
    void scriptPairs() throws Exception {
        for (String type : new String[]{"p256", "ed25519"}) {
            Path made = folder.resolve(type);
            String id = OpenSsl.makeScript("-t", type, made.toString()).strip();
            assertThat(Identity.loadOrCreate(made).id()).hasToString(id.substring(id.lastIndexOf('\n') + 1));
        }
    }

    @Test
    @DisplayName("a key alone, SEC 1 with its parameters before it or Ed25519, gets a self-signed certificate")
    void keyAlone() throws Exception {
        Files.createDirectories(home);
        OpenSsl.run(home, "ecparam", "-name", "prime256v1", "-genkey", "-out", "key.pem");
        assertThat(Files.readString(key)).contains("EC PARAMETERS").contains("EC PRIVATE KEY");
        assertThat(Identity.loadOrCreate(home).id()).isEqualTo(idByOpenSsl());

        Files.delete(cert);
        OpenSsl.run(home, "genpkey", "-algorithm", "ED25519", "-out", "key.pem");
        assertThat(Identity.loadOrCreate(home).id()).isEqualTo(idByOpenSsl());
        assertThat(OpenSsl.run(home, "verify", "-CAfile", "cert.pem", "cert.pem")).contains("OK");
    }

    @Test
    @DisplayName("a certificate that an authority signed loads with its chain")
    void chain() throws Exception {
        Files.createDirectories(home);
        OpenSsl.run(home, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "ca-key.pem", "-out", "ca.pem", "-subj", "/CN=ca", "-days", "9");
        OpenSsl.run(home, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "key.pem", "-out", "request.pem", "-subj", "/CN=host");
        OpenSsl.run(home, "x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca-key.pem",
                "-CAcreateserial", "-days", "9", "-out", "own.pem");
        Files.writeString(cert, Files.readString(home.resolve("own.pem")) + Files.readString(home.resolve("ca.pem")));

        Identity identity = Identity.loadOrCreate(home);
        assertThat(identity.chain()).hasSize(2);
        assertThat(identity.chain().getFirst().getSubjectX500Principal()).hasToString("CN=host");
        assertThat(identity.id()).isEqualTo(idByOpenSsl());
    }

    @Test
    @DisplayName("a key that others may read is refused, with the command that closes it")
    void openKey() throws Exception {
        Identity.loadOrCreate(home);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertRefused("chmod 600 " + key);
    }

    @Test
    @DisplayName("a key and a certificate that do not belong together are refused, of one kind or of two")
    void mismatch() throws Exception {
        Identity.loadOrCreate(home);
        Files.delete(key);
        assertRefused("there is a certificate but no key");

        OpenSsl.run(home, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key.pem");
        assertRefused("is not the one that the first certificate in " + cert + " is for");
        OpenSsl.run(home, "genpkey", "-algorithm", "ED25519", "-out", "key.pem");
        assertRefused("is not the one that the first certificate in " + cert + " is for");
    }

    @Test
    @DisplayName("a key that is no number of its curve is refused as any other that does not belong to the certificate")
    void offTheCurve() throws Exception {
        Identity.loadOrCreate(home);
        for (BigInteger number : List.of(BigInteger.ZERO, BigInteger.ONE.shiftLeft(300))) {
            Files.writeString(key, Pem.write("PRIVATE KEY", new PrivateKeyInfo(
                    new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1),
                    new ECPrivateKey(320, number)).getEncoded()));
            assertRefused(key.toString());
        }
    }

    @Test
    @DisplayName("an encrypted key is refused, with the command that decrypts it")
    void encrypted() throws Exception {
        Files.createDirectories(home);
        OpenSsl.run(home, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes256", "-pass",
                "pass:secret", "-out", "key.pem");
        assertRefused("openssl pkey -in " + key);
        OpenSsl.run(home, "ec", "-in", "key.pem", "-passin", "pass:secret", "-aes256", "-passout", "pass:secret",
                "-out", "old.pem");
        Files.move(home.resolve("old.pem"), key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(Files.readString(key)).contains("Proc-Type: 4,ENCRYPTED");
        assertRefused("openssl pkey -in " + key);
    }

    @Test
    @DisplayName("keys of other kinds are refused, saying which kinds serve")
    void otherKinds() throws Exception {
        Files.createDirectories(home);
        OpenSsl.run(home, "genpkey", "-algorithm", "RSA", "-out", "key.pem");
        assertRefused("RSA", "P-256 and Ed25519");
        OpenSsl.run(home, "genrsa", "-traditional", "-out", "key.pem");
        assertRefused("RSA", "P-256 and Ed25519");
        OpenSsl.run(home, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", "key.pem");
        assertRefused("curve other than P-256");
    }

    @Test
    @DisplayName("files that are empty, garbled or cut short are refused by name")
    void garbled() throws Exception {
        Identity.loadOrCreate(home);
        String goodKey = Files.readString(key);
        String goodCert = Files.readString(cert);
        for (String bad : new String[]{"", "hello", goodKey.substring(0, goodKey.length() / 2),
                goodKey.replaceFirst("\n.{8}", "\nAAAAAAAA"), goodKey.replaceFirst("\n.", "\n*"), goodCert}) {
            Files.writeString(key, bad);
            assertRefused(key.toString());
        }
        Files.writeString(key, goodKey);
        for (String bad : new String[]{"", "hello", goodCert.substring(0, goodCert.length() / 2),
                goodCert.replaceFirst("\n.{8}", "\nAAAAAAAA"), goodKey}) {
            Files.writeString(cert, bad);
            assertRefused(cert.toString());
        }
    }

    @Test
    @DisplayName("a certificate of its own that is out of date is refused at the start, not by every peer")
    void ownDates() throws Exception {
        Instant now = Instant.now();
        HomeFolder.withDates(home, now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)));
        assertRefused("expired on", cert.toString());
        HomeFolder.withDates(home, now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(9)));
        assertRefused("not valid before", cert.toString());
        assertThat(Identity.loadOrCreate(home, Clock.offset(Clock.systemUTC(), Duration.ofDays(2)))).isNotNull();
    }

    @Test
    @DisplayName("a home that is a file is refused, pointing to --home")
    void homeIsFile() throws Exception {
        Files.createDirectories(home.getParent());
        Files.writeString(home, "");
        assertRefused("--home");
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> Identity.loadOrCreate(home)).isInstanceOf(IdentityException.class)
                .hasMessageContainingAll(parts);
    }

    private PeerId idByOpenSsl() throws Exception {
        OpenSsl.run(home, "pkey", "-in", "key.pem", "-pubout", "-outform", "der", "-out", "public.der");
        return PeerId.parse(OpenSsl.run(home, "dgst", "-sha256", "-r", "public.der").substring(0, 64));
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
