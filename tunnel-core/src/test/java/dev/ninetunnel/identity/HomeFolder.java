package dev.ninetunnel.identity;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Fills home folders with what an administrator might have put there. */
public final class HomeFolder {
    private HomeFolder() {}

    /** A new key, with a certificate for these days. */
    public static void withDates(Path home, Instant from, Instant until) throws Exception {
        OwnFiles.makeFolder(home);
        OwnKey key = OwnKey.generate();
        OwnFiles.replace(home.resolve(Identity.KEY_FILE), Pem.write("PRIVATE KEY", key.privateKey().getEncoded()));
        OwnFiles.replace(home.resolve(Identity.CERT_FILE),
                Pem.write("CERTIFICATE", certificate(key, from, until).getEncoded()));
    }

    private static X509Certificate certificate(OwnKey key, Instant from, Instant until) throws Exception {
        X500Name name = new X500Name("CN=test");
        var builder = new JcaX509v3CertificateBuilder(name, BigInteger.ONE, Date.from(from), Date.from(until), name,
                key.publicKey());
        var signer = new JcaContentSignerBuilder(key.signature()).build(key.privateKey());
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(builder.build(signer).getEncoded()));
    }
}
