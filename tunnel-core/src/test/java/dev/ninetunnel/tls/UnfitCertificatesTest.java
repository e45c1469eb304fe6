package dev.ninetunnel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.identity.CredentialFiles;
import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.Engines;
import dev.ninetunnel.identity.ExpectedPeer;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.OpenSslAuthority;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.Peers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.TlsFatalAlert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an authority may vouch for, and what the holder of a certificate that does not hold is told, in either role. */
class UnfitCertificatesTest {
    private static final String EXTENSIONS = "extendedKeyUsage=serverAuth,clientAuth";

    @TempDir
    private Path folder;
    private OpenSslAuthority root;

    private record Names(List<Peer> list, Set<String> certified) implements Peers {}

    @BeforeEach
    void root() throws Exception {
        root = OpenSslAuthority.root(folder.resolve("root"));
        root.issue("judge", OpenSslAuthority.both("judge"));
    }

    /** What can be wrong with a certificate, whose holder shows it to who trusts the root. */
    enum Flaw {
        EXPIRED(AlertDescription.certificate_expired) {
            @Override
            CredentialFiles.Own make(OpenSslAuthority root, Path folder) throws Exception {
                Instant now = Instant.now();
                root.issue("unfit", "EC",
                        OpenSslAuthority.dates(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(2))),
                        OpenSslAuthority.both("unfit"));
                return root.own("unfit");
            }
        },
        OF_ANOTHER_AUTHORITY(AlertDescription.unknown_ca) {
            @Override
            CredentialFiles.Own make(OpenSslAuthority root, Path folder) throws Exception {
                OpenSslAuthority other = OpenSslAuthority.root(folder.resolve("other"));
                other.issue("unfit", OpenSslAuthority.both("unfit"));
                return other.own("unfit");
            }
        },
        FOR_ANOTHER_USE(AlertDescription.unsupported_certificate) {
            @Override
            CredentialFiles.Own make(OpenSslAuthority root, Path folder) throws Exception {
                root.issue("unfit", "subjectAltName=DNS:unfit", "extendedKeyUsage=emailProtection");
                return root.own("unfit");
            }
        },
        SIGNED_WITH_SHA_1(AlertDescription.unsupported_certificate) {
            @Override
            CredentialFiles.Own make(OpenSslAuthority root, Path folder) throws Exception {
                root.issue("unfit", "EC", List.of("-md", "sha1"), OpenSslAuthority.both("unfit"));
                return root.own("unfit");
            }
        },
        BEYOND_ITS_SIGNERS_LIMITS(AlertDescription.bad_certificate) {
            @Override
            CredentialFiles.Own make(OpenSslAuthority root, Path folder) throws Exception {
                OpenSslAuthority limited = root.below(folder.resolve("limited"),
                        "nameConstraints=critical,permitted;DNS:example.org");
                limited.issue("unfit", OpenSslAuthority.both("unfit"));
                return limited.own("unfit", limited);
            }
        },
        REVOKED(AlertDescription.certificate_revoked) {
            @Override
            CredentialFiles.Own make(OpenSslAuthority root, Path folder) throws Exception {
                root.issue("unfit", OpenSslAuthority.both("unfit"));
                root.revoke("unfit");
                root.list();
                return root.own("unfit");
            }
        };

        final short alert;

        Flaw(short alert) {
            this.alert = alert;
        }

        abstract CredentialFiles.Own make(OpenSslAuthority root, Path folder) throws Exception;
    }

    private Tls tls(CredentialFiles.Own own, Clock clock, Path... lists) throws Exception {
        return new Tls(Credentials.open(new CredentialFiles(own, List.of(root.certificate()), List.of(lists)), clock),
                clock);
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    @DisplayName("RFC 8446, 6.2: the alert says what is wrong with a certificate, and people are told the reason, on both sides")
    void alerts(Flaw flaw) throws Exception {
        CredentialFiles.Own unfit = flaw.make(root, folder);
        Clock past = Clock.offset(Clock.systemUTC(), Duration.ofDays(-5)); // by which it has not ended
        Tls holder = tls(unfit, flaw == Flaw.EXPIRED ? past : Clock.systemUTC());
        Path[] lists = flaw == Flaw.REVOKED ? new Path[]{root.file("crl.pem")} : new Path[0];
        Tls judge = tls(root.own("judge"), Clock.systemUTC(), lists);
        Peers any = new Names(List.of(new Peer(judge.self(), "judge")), Set.of("unfit"));

        assertThatThrownBy(() -> Engines.shakeHands(judge.accept(any).engine(), holder.dial(judge.self()).engine()))
                .as("who dials").satisfies(e -> assertSaid(e, flaw.alert));
        assertThatThrownBy(() -> Engines.shakeHands(holder.accept(any).engine(),
                judge.dial(new ExpectedPeer.Certified("unfit")).engine())).as("who is dialled")
                .satisfies(e -> assertSaid(e, flaw.alert));
    }

    private static void assertSaid(Throwable thrown, short alert) {
        assertThat(alert(thrown)).isEqualTo(alert);
        assertThat(TlsFailure.of(thrown).untrusted()).as("the reason for people").isNotNull();
    }

    private static short alert(Throwable thrown) {
        return Stream.iterate(thrown, Throwable::getCause).takeWhile(cause -> cause != null)
                .filter(TlsFatalAlert.class::isInstance).map(TlsFatalAlert.class::cast).findFirst().orElseThrow()
                .getAlertDescription();
    }

    @Test
    @DisplayName("an unknown key is unknown_ca, and a certified name that nobody expects is access_denied")
    void unknown() throws Exception {
        root.issue("laptop", OpenSslAuthority.both("laptop"));
        Tls judge = tls(root.own("judge"), Clock.systemUTC());
        Tls stranger = new Tls(Identity.loadOrCreate(folder.resolve("stranger")), Clock.systemUTC());
        Tls laptop = tls(root.own("laptop"), Clock.systemUTC());
        Peers nobody = new Names(List.of(), Set.of());
        assertThatThrownBy(
                () -> Engines.shakeHands(judge.accept(nobody).engine(), stranger.dial(judge.self()).engine()))
                .satisfies(e -> assertSaid(e, AlertDescription.unknown_ca));
        assertThatThrownBy(() -> Engines.shakeHands(judge.accept(nobody).engine(), laptop.dial(judge.self()).engine()))
                .satisfies(e -> assertSaid(e, AlertDescription.access_denied));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 20})
    @DisplayName("a certificate that cannot be read is bad_certificate, and no fault of this program")
    void unreadable(int bytes) {
        HandshakeCrypto crypto = new HandshakeCrypto(
                new AvailableAlgorithms(new DefaultJcaJceHelper(), new SecureRandom()),
                new SecureRandom(), 1);
        byte[] nonsense = new byte[bytes];
        if (bytes == 4) {
            System.arraycopy(new byte[]{0x30, 2, 5, 0}, 0, nonsense, 0, bytes);
        }
        assertThatThrownBy(() -> crypto.createCertificate(CertificateType.X509, nonsense))
                .satisfies(e -> {
                    assertThat(alert(e)).isEqualTo(AlertDescription.bad_certificate);
                    assertThat(TlsFailure.of(e).detail()).contains("its certificate cannot be read");
                });
    }

    @ParameterizedTest
    @CsvSource({"RSA, rsa_keygen_bits:1024", "EC, ec_paramgen_curve:P-224", "ED448, ''"})
    @DisplayName("an authority whose key is too weak, or of a kind that is not taken, is said at the start")
    void weakAuthority(String kind, String option) throws Exception {
        CredentialFiles.Own own = root.own("judge");
        root = OpenSslAuthority.root(folder.resolve("weak"), kind, option);
        assertThatThrownBy(() -> tls(own, Clock.systemUTC())).isInstanceOf(IdentityException.class)
                .hasMessageContaining("cannot vouch for anybody").hasMessageContaining("RSA of 2048 bits or more");
    }

    // ---- limits of an authority that is trusted of itself

    private String called(String name) throws Exception {
        Tls judge = tls(root.own("judge"), Clock.systemUTC());
        Tls holder = tls(root.own(name), Clock.systemUTC());
        TlsHandshake accepted = judge.accept(new Names(List.of(new Peer(judge.self(), "judge")),
                Set.of("a.example.org", "a.example.net", "common", "two", "other")));
        Engines.shakeHands(accepted.engine(), holder.dial(judge.self()).engine());
        return accepted.certifiedName().orElseThrow();
    }

    private void limit(String constraints) throws Exception {
        root = OpenSslAuthority.limited(folder.resolve("limited"), constraints);
        root.issue("judge", OpenSslAuthority.both("judge.example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nameConstraints=critical,permitted;DNS:example.org",
            "nameConstraints=permitted;DNS:example.org", "nameConstraints=critical,excluded;DNS:example.net"})
    @DisplayName("RFC 5280, 4.2.1.10: a root with name constraints lets in whom it may vouch for, and nobody else")
    void nameConstraints(String constraints) throws Exception {
        limit(constraints);
        root.issue("in", "subjectAltName=DNS:a.example.org", EXTENSIONS);
        assertThat(called("in")).isEqualTo("a.example.org");
        root.issue("out", "subjectAltName=DNS:a.example.net", EXTENSIONS);
        assertThatThrownBy(() -> called("out")).satisfies(e -> {
            assertSaid(e, AlertDescription.bad_certificate);
            assertThat(TlsFailure.of(e).detail()).contains("may not vouch for its names");
        });
        root.issue("mixed", "subjectAltName=DNS:a.example.org,DNS:b.example.net", EXTENSIONS);
        assertThatThrownBy(() -> called("mixed")).satisfies(e -> assertSaid(e, AlertDescription.bad_certificate));
        root.issue("common", EXTENSIONS);
        assertThatThrownBy(() -> called("common"))
                .satisfies(e -> assertThat(TlsFailure.of(e).detail()).contains("names nobody", "name constraints"));
    }

    @Test
    @DisplayName("two common names are no name, whether in one part of the subject or in two")
    void twoCommonNames() throws Exception {
        for (String subject : List.of("/CN=two+CN=other", "/CN=two/CN=other")) {
            root.issue("key", EXTENSIONS);
            root.run("req", "-x509", "-config", "ca.cnf", "-new", "-key", "key.key", "-subj", subject, "-CA", "ca.pem",
                    "-CAkey", "ca.key", "-out", "key.pem");
            assertThatThrownBy(() -> called("key"))
                    .satisfies(e -> assertThat(TlsFailure.of(e).detail()).contains("names nobody"));
        }
    }
}
