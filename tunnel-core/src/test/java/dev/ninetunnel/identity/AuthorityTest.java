package dev.ninetunnel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.tls.Tls;
import dev.ninetunnel.tls.TlsFailure;
import dev.ninetunnel.tls.TlsHandshake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates that the {@code openssl} command has made for an organisation, in handshakes. */
class AuthorityTest {
    @TempDir
    Path folder;
    private OpenSslAuthority root;

    /** Those who are let in by their certificates. */
    private record Names(List<Peer> list, Set<String> certified) implements Peers {}

    @BeforeEach
    void root() throws Exception {
        root = OpenSslAuthority.root(folder.resolve("root"));
    }

    private CredentialFiles trusting(CredentialFiles.Own own, Path... lists) {
        return new CredentialFiles(own, List.of(root.certificate()), Arrays.asList(lists));
    }

    private static Tls tls(CredentialFiles files) throws IdentityException {
        return tls(files, Clock.systemUTC());
    }

    private static Tls tls(CredentialFiles files, Clock clock) throws IdentityException {
        return new Tls(Credentials.open(files, clock), clock);
    }

    private CredentialFiles.Own server() throws Exception {
        if (Files.notExists(root.file("server.pem"))) {
            root.issue("server", OpenSslAuthority.both("server"));
        }
        return root.own("server");
    }

    /** What the server calls a client that shows this. */
    private String let(CredentialFiles.Own client, String allowed, Path... lists) throws Exception {
        TlsHandshake accepted = tls(trusting(server(), lists)).accept(new Names(List.of(), Set.of(allowed)));
        TlsHandshake dialled = tls(trusting(client)).dial(new ExpectedPeer.Certified("server"));
        Engines.shakeHands(accepted.engine(), dialled.engine());
        assertThat(dialled.certifiedName()).contains("server");
        return accepted.certifiedName().orElseThrow();
    }

    private static void refused(ThrowingCallable handshake, UntrustedException.Kind kind, String... words) {
        assertThatThrownBy(handshake).satisfies(e -> {
            TlsFailure failure = TlsFailure.of(e);
            assertThat(failure.untrusted()).as("%s", e).isNotNull();
            assertThat(failure.untrusted().kind()).isEqualTo(kind);
            assertThat(Arrays.asList(words)).allSatisfy(word -> assertThat(failure.detail()).contains(word));
        });
    }

    @ParameterizedTest
    @CsvSource({"EC, ec_paramgen_curve:P-256, EC", "RSA, rsa_keygen_bits:2048, EC", "ED25519, '', ED25519",
            "EC, ec_paramgen_curve:P-384, ED25519"})
    @DisplayName("a certificate made by openssl serves in both roles, whatever the kinds of keys")
    void kinds(String authority, String option, String peer) throws Exception {
        root = OpenSslAuthority.root(folder.resolve("other"), authority, option);
        root.issue("server", peer, List.of(), OpenSslAuthority.both("server"));
        root.issue("laptop", peer, List.of(), OpenSslAuthority.both("laptop"));
        assertThat(let(root.own("laptop"), "laptop")).isEqualTo("laptop");
    }

    @Test
    @DisplayName("a peer is called by the first DNS name of its certificate, or else by its common name")
    void names() throws Exception {
        root.issue("common", "subjectAltName=DNS:first.example.org,DNS:second");
        assertThat(let(root.own("common"), "first.example.org")).isEqualTo("first.example.org");
        refused(() -> let(root.own("common"), "common"), UntrustedException.Kind.UNKNOWN_PEER, "first.example.org",
                "nobody of that name is allowed anything here");
        root.issue("plain");
        assertThat(let(root.own("plain"), "plain")).isEqualTo("plain");
        root.issue("mail", "subjectAltName=email:a@example.org");
        assertThat(let(root.own("mail"), "mail")).isEqualTo("mail");
    }

    @Test
    @DisplayName("a name that cannot name a peer is refused, and shown without its control characters")
    void badNames() throws Exception {
        root.issue("star", "subjectAltName=DNS:*.example.org");
        refused(() -> let(root.own("star"), "star"), UntrustedException.Kind.NOT_VOUCHED, "\"*.example.org\"");
        root.issue("ctl", "subjectAltName=DNS:ctl");
        refused(() -> let(root.own("ctl"), "ctl"), UntrustedException.Kind.NOT_VOUCHED, "endpoint's own");
        root.issue("up", "subjectAltName=DNS:../up");
        refused(() -> let(root.own("up"), "up"), UntrustedException.Kind.NOT_VOUCHED, "\"../up\"");
        root.issue("esc", "subjectAltName=DNS:\u001b[2J");
        assertThatThrownBy(() -> let(root.own("esc"), "esc")).satisfies(
                e -> assertThat(TlsFailure.of(e).detail()).doesNotContain("\u001b"));
    }

    @Test
    @DisplayName("whoever is dialled must bear the expected name")
    void wrongName() throws Exception {
        root.issue("other", OpenSslAuthority.both("other"));
        TlsHandshake accepted = tls(trusting(root.own("other"))).accept(new Names(List.of(), Set.of("server")));
        TlsHandshake dialled = tls(trusting(server())).dial(new ExpectedPeer.Certified("server"));
        refused(() -> Engines.shakeHands(accepted.engine(), dialled.engine()), UntrustedException.Kind.WRONG_NAME,
                "it is other, and server was expected");
    }

    @Test
    @DisplayName("authorities between are taken from what the peer sends; without them it is refused, and told why")
    void between() throws Exception {
        OpenSslAuthority office = root.below(folder.resolve("office"));
        OpenSslAuthority floor = office.below(folder.resolve("floor"));
        floor.issue("laptop", OpenSslAuthority.both("laptop"));
        assertThat(let(floor.own("laptop", floor, office), "laptop")).isEqualTo("laptop");
        assertThat(let(floor.own("laptop", office, root, floor), "laptop")).isEqualTo("laptop");
        refused(() -> let(floor.own("laptop", floor), "laptop"), UntrustedException.Kind.NOT_VOUCHED,
                "If others stand between");
    }

    @Test
    @DisplayName("another organisation's certificate with the same names is refused")
    void stranger() throws Exception {
        OpenSslAuthority false1 = OpenSslAuthority.root(folder.resolve("false/root"));
        false1.issue("laptop", OpenSslAuthority.both("laptop"));
        refused(() -> let(false1.own("laptop", false1), "laptop"), UntrustedException.Kind.NOT_VOUCHED,
                "no authority of --ca has signed");
    }

    @Test
    @DisplayName("who may not sign others cannot vouch for them")
    void noAuthority() throws Exception {
        root.issue("laptop", OpenSslAuthority.both("laptop"));
        OpenSslAuthority fake = OpenSslAuthority.root(folder.resolve("laptop"));
        Files.copy(root.file("laptop.key"), fake.file("ca.key"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.copy(root.file("laptop.pem"), fake.certificate(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        fake.issue("admin", OpenSslAuthority.both("admin"));
        refused(() -> let(fake.own("admin", fake), "admin"), UntrustedException.Kind.NOT_VOUCHED);
    }

    @Test
    @DisplayName("what an authority's certificate limits is kept to: how many below it, which names, which uses")
    void constraints() throws Exception {
        OpenSslAuthority none = root.below(folder.resolve("none"),
                "nameConstraints=critical,permitted;DNS:example.org");
        none.issue("in", OpenSslAuthority.both("in.example.org"));
        assertThat(let(none.own("in", none), "in.example.org")).isEqualTo("in.example.org");
        none.issue("out", OpenSslAuthority.both("out.example.net"));
        refused(() -> let(none.own("out", none), "out.example.net"), UntrustedException.Kind.NOT_VOUCHED);
        none.issue("admin.example.org");
        refused(() -> let(none.own("admin.example.org", none), "admin.example.org"),
                UntrustedException.Kind.NOT_VOUCHED, "names nobody");

        OpenSslAuthority mail = root.below(folder.resolve("mail"), "extendedKeyUsage=emailProtection");
        mail.issue("clerk", OpenSslAuthority.both("clerk"));
        refused(() -> let(mail.own("clerk", mail), "clerk"), UntrustedException.Kind.NOT_VOUCHED, "extendedKeyUsage");
    }

    @Test
    @DisplayName("a certificate for servers only does not let its holder dial, nor one for clients only be dialled")
    void uses() throws Exception {
        root.issue("laptop", "subjectAltName=DNS:laptop", "extendedKeyUsage=serverAuth");
        refused(() -> let(root.own("laptop"), "laptop"), UntrustedException.Kind.NOT_VOUCHED, "lacks clientAuth");
        root.issue("server", "subjectAltName=DNS:server", "extendedKeyUsage=clientAuth");
        root.issue("good", OpenSslAuthority.both("good"));
        refused(() -> let(root.own("good"), "good"), UntrustedException.Kind.NOT_VOUCHED, "lacks serverAuth");
    }

    @Test
    @DisplayName("certificates that have ended, or have not begun, are refused; so is what an ended authority has signed")
    void dates() throws Exception {
        Instant now = Instant.now();
        root.issue("old", "EC", OpenSslAuthority.dates(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1))));
        root.issue("young", "EC", OpenSslAuthority.dates(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(9))));
        root.issue("long", "EC", OpenSslAuthority.dates(now.minus(Duration.ofDays(9)),
                now.plus(Duration.ofDays(9000))), OpenSslAuthority.both("long"));
        Authority authority = Authority.read(List.of(root.certificate()), List.of());
        for (String name : List.of("old", "young")) {
            assertThatThrownBy(() -> authority.vouch(Pem.readChain(root.file(name + ".pem")), Purpose.CLIENT, now))
                    .isInstanceOfSatisfying(UntrustedException.class,
                            e -> assertThat(e.kind()).isEqualTo(UntrustedException.Kind.OUT_OF_DATE));
        }
        assertThatThrownBy(() -> authority.vouch(Pem.readChain(root.file("long.pem")), Purpose.CLIENT,
                now.plus(Duration.ofDays(4000)))).hasMessageContaining("ended on");
    }

    @Test
    @DisplayName("a revoked certificate is refused, by a list in PEM or DER, and so is one below a revoked authority")
    void revoked() throws Exception {
        root.issue("laptop", OpenSslAuthority.both("laptop"));
        root.issue("good", OpenSslAuthority.both("good"));
        OpenSslAuthority office = root.below(folder.resolve("office"));
        office.issue("clerk", OpenSslAuthority.both("clerk"));
        assertThat(let(root.own("laptop"), "laptop", root.list())).isEqualTo("laptop");
        root.revoke("laptop");
        Files.copy(office.certificate(), root.file("office.pem"));
        root.revoke("office");
        Path list = root.list();
        root.run("crl", "-in", "crl.pem", "-outform", "DER", "-out", "crl.der");
        for (Path file : List.of(list, root.file("crl.der"))) {
            refused(() -> let(root.own("laptop"), "laptop", file), UntrustedException.Kind.REVOKED, "was revoked on");
            assertThat(let(root.own("good"), "good", file)).isEqualTo("good");
        }
        refused(() -> let(office.own("clerk", office), "clerk", list, office.list()), UntrustedException.Kind.REVOKED,
                "CN=office");
    }

    @Test
    @DisplayName("where lists are kept, an authority without a list that is in date lets nobody in")
    void oldLists() throws Exception {
        root.issue("laptop", OpenSslAuthority.both("laptop"));
        OpenSslAuthority office = root.below(folder.resolve("office"));
        office.issue("clerk", OpenSslAuthority.both("clerk"));
        Path list = root.list();
        refused(() -> let(office.own("clerk", office), "clerk", list), UntrustedException.Kind.NOT_VOUCHED,
                "there is no list by");
        Authority authority = Authority.read(List.of(root.certificate()), List.of(list));
        Instant later = Instant.now().plus(Duration.ofDays(31));
        assertThatThrownBy(() -> authority.vouch(Pem.readChain(root.file("laptop.pem")), Purpose.CLIENT, later))
                .hasMessageContaining("should have been replaced on");
    }

    @Test
    @DisplayName("a list that its authority has not signed, is damaged or is no list is told with file and line")
    void falseLists() throws Exception {
        OpenSslAuthority false1 = OpenSslAuthority.root(folder.resolve("false/root"));
        Path forged = false1.list();
        assertThatThrownBy(() -> Authority.read(List.of(root.certificate()), List.of(forged)))
                .isInstanceOf(IdentityException.class).hasMessageContaining(forged + ":1")
                .hasMessageContaining("has not signed it");
        Path cut = Files.writeString(folder.resolve("cut.pem"), "# ours\n-----BEGIN X509 CRL-----\nAAAA\n");
        assertThatThrownBy(() -> Authority.read(List.of(root.certificate()), List.of(cut)))
                .hasMessageContaining(cut + ":2");
        assertThatThrownBy(() -> Authority.read(List.of(root.certificate()), List.of(root.certificate())))
                .hasMessageContaining("no list of revoked certificates in");
    }

    @Test
    @DisplayName("what is no authority's certificate cannot be given as one; the message has file and line")
    void noAuthorities() throws Exception {
        root.issue("laptop", OpenSslAuthority.both("laptop"));
        Path both = Files.writeString(folder.resolve("both.pem"), Files.readString(root.certificate()));
        long line = Files.readAllLines(both).size() + 1L;
        Files.writeString(both, Files.readString(root.file("laptop.pem")), StandardOpenOption.APPEND);
        assertThatThrownBy(() -> Authority.read(List.of(both), List.of())).isInstanceOf(IdentityException.class)
                .hasMessageContaining(both + ":" + line).hasMessageContaining("is no authority's");
        Path broken = Files.writeString(folder.resolve("broken.pem"),
                "\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> Authority.read(List.of(broken), List.of())).hasMessageContaining(broken + ":2");
        assertThatThrownBy(() -> new CredentialFiles(new CredentialFiles.Own.Home(folder), List.of(), List.of(broken)))
                .hasMessageContaining("without the authority");
    }

    @Test
    @DisplayName("a pinned key goes before: it needs no authority, and no certificate can take its name")
    void pinned() throws Exception {
        Identity lone = Identity.loadOrCreate(folder.resolve("lone"));
        Peers peers = new Names(List.of(new Peer(lone.id(), "laptop")), Set.of());
        TlsHandshake accepted = tls(trusting(server())).accept(peers);
        TlsHandshake dialled = new Tls(lone, Clock.systemUTC())
                .dial(Credentials.open(trusting(server()), Clock.systemUTC()).identity().id());
        Engines.shakeHands(accepted.engine(), dialled.engine());
        assertThat(accepted.certifiedName()).isEmpty();
        assertThat(accepted.peer()).contains(lone.id());

        root.issue("laptop", OpenSslAuthority.both("laptop"));
        TlsHandshake again = tls(trusting(server())).accept(peers);
        TlsHandshake impostor = tls(trusting(root.own("laptop"))).dial(new ExpectedPeer.Certified("server"));
        refused(() -> Engines.shakeHands(again.engine(), impostor.engine()), UntrustedException.Kind.UNKNOWN_PEER,
                "that name stands for another key here");
    }

    @Test
    @DisplayName("key and chain may come in PKCS#12, with the password in a closed file or none")
    void pkcs12() throws Exception {
        OpenSslAuthority office = root.below(folder.resolve("office"));
        office.issue("laptop", OpenSslAuthority.both("laptop"));
        Path secret = Files.writeString(folder.resolve("secret"), "grün & blau\n");
        OwnFiles.replace(secret, Files.readString(secret));
        office.run("pkcs12", "-export", "-inkey", "laptop.key", "-in", "laptop.pem", "-certfile", "ca.pem", "-passout",
                "file:" + secret, "-out", "laptop.p12");
        Path store = office.file("laptop.p12");
        var inFile = new CredentialFiles.Password(Optional.of(secret), "");
        assertThat(let(new CredentialFiles.Own.Pkcs12(store, inFile), "laptop")).isEqualTo("laptop");
        assertThatThrownBy(() -> Pkcs12.read(store, new CredentialFiles.Password(Optional.empty(), "wrong")))
                .isInstanceOf(IdentityException.class).hasMessageContaining("the password for " + store + " is wrong");
        assertThatThrownBy(() -> Pkcs12.read(secret, inFile)).hasMessageContaining("no PKCS#12 file");
        office.run("pkcs12", "-export", "-inkey", "laptop.key", "-in", "laptop.pem", "-passout", "pass:", "-out",
                "open.p12");
        Path open = office.file("open.p12");
        assertThat(Pkcs12.read(open, new CredentialFiles.Password(Optional.empty(), "")).chain()).hasSize(1);
        Files.setPosixFilePermissions(open, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Pkcs12.read(open, inFile)).hasMessageContaining("chmod 600");
    }

    @Test
    @DisplayName("papers that are broken are not taken; those that are whole hold from the next handshake on")
    void renewal() throws Exception {
        root.issue("laptop", OpenSslAuthority.both("laptop"));
        Credentials credentials = Credentials.open(trusting(root.own("laptop"), root.list()), Clock.systemUTC());
        PeerId before = credentials.identity().id();
        Object seen = credentials.version();
        assertThat(seen).isEqualTo(credentials.versionRead());
        Files.writeString(root.file("crl.pem"), "-----BEGIN X509 CRL-----\n");
        assertThat(credentials.version()).isNotEqualTo(seen);
        assertThatThrownBy(() -> credentials.read(credentials.files())).hasMessageContaining("crl.pem:1");
        root.list();
        root.issue("laptop", OpenSslAuthority.both("laptop"));
        root.own("laptop");
        assertThat(credentials.identity().id()).isEqualTo(before);
        assertThat(credentials.renew()).isEmpty();
        assertThat(credentials.identity().id()).isNotEqualTo(before);
        assertThat(credentials.version()).isEqualTo(credentials.versionRead());
    }
}
