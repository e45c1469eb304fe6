package dev.ninetunnel.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** The blocks of a PEM file (RFC 7468), each with the line on which it begins, so that people find what is wrong. */
public final class PemBlocks {
    /** Far more than keys, chains and all the authorities of a system need. */
    static final int MOST_BYTES = 4 << 20;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";

    private PemBlocks() {}

    /** One block. */
    public record Block(int line, PemObject object) {}

    /** A certificate, and the line on which it begins. */
    record Certificate(int line, X509Certificate certificate) {}

    /**
     * All blocks of a file. What stands between them is skipped.
     *
     * @param remedy what to do about a broken file
     */
    static List<Block> read(Path file, String remedy) throws IdentityException {
        return parse(file, new String(bytes(file, MOST_BYTES), StandardCharsets.ISO_8859_1), remedy);
    }

    /** All certificates of a file. */
    static List<Certificate> certificates(Path file, String remedy) throws IdentityException {
        List<Certificate> found = new ArrayList<>();
        for (Block block : read(file, remedy)) {
            if (block.object.getType().equals("CERTIFICATE")) {
                try {
                    found.add(new Certificate(block.line, (X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.object.getContent()))));
                } catch (CertificateException e) {
                    throw new IdentityException(file + ":" + block.line + ": this certificate is damaged ("
                            + e.getMessage() + "). " + remedy, e);
                }
            }
        }
        return found;
    }

    /** What a file holds, {@code most} bytes at most. */
    static byte[] bytes(Path file, int most) throws IdentityException {
        try {
            return SmallFile.bytes(file, most);
        } catch (NoSuchFileException e) {
            throw new IdentityException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IdentityException("cannot read " + file + ": " + SmallFile.why(e), e);
        }
    }

    public static List<Block> parse(Path file, String text, String remedy) throws IdentityException {
        List<Block> blocks = new ArrayList<>();
        String[] lines = text.split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].strip().startsWith(BEGIN)) {
                int begin = i;
                StringBuilder block = new StringBuilder();
                while (i < lines.length && !lines[i].strip().startsWith(END)) {
                    block.append(lines[i++].strip()).append('\n');
                }
                if (i < lines.length) {
                    block.append(lines[i].strip()).append('\n');
                }
                blocks.add(new Block(begin + 1, object(file, begin + 1, block.toString(), remedy)));
            }
        }
        return blocks;
    }

    private static PemObject object(Path file, int line, String text, String remedy) throws IdentityException {
        String why = "it has no end";
        try (PemReader reader = new PemReader(new StringReader(text))) {
            PemObject object = reader.readPemObject();
            if (object != null) {
                return object;
            }
        } catch (IOException | RuntimeException e) {
            why = e.getMessage();
        }
        throw new IdentityException(file + ":" + line + ": this block is not well-formed PEM (" + why + "). " + remedy);
    }
}
