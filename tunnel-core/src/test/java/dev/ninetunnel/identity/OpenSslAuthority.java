package dev.ninetunnel.identity;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** An authority as an administrator runs one with the {@code openssl} command, in a folder of its own. */
public final class OpenSslAuthority {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
            .withZone(ZoneOffset.UTC);
    private static final String CONFIG = """
            [ca]
            default_ca = own
            [own]
            database = index.txt
            new_certs_dir = .
            rand_serial = yes
            certificate = ca.pem
            private_key = ca.key
            default_md = sha256
            default_days = 365
            default_crl_days = 30
            policy = any
            unique_subject = no
            [any]
            commonName = supplied
            organizationName = optional
            [req]
            distinguished_name = dn
            prompt = no
            [dn]
            CN = unused
            [authority]
            basicConstraints = critical,CA:TRUE
            keyUsage = critical,keyCertSign,cRLSign
            subjectKeyIdentifier = hash
            """;

    private final Path folder;

    private OpenSslAuthority(Path folder) {
        this.folder = folder;
    }

    /** One that nobody stands above, with a P-256 key. */
    public static OpenSslAuthority root(Path folder) throws Exception {
        return root(folder, "EC", "ec_paramgen_curve:P-256");
    }

    /** The same with another key. */
    public static OpenSslAuthority root(Path folder, String algorithm, String option) throws Exception {
        return root(folder, algorithm, option, List.of());
    }

    /** One with a P-256 key whose own certificate limits it. */
    public static OpenSslAuthority limited(Path folder, String extension) throws Exception {
        return root(folder, "EC", "ec_paramgen_curve:P-256", List.of("-addext", extension));
    }

    private static OpenSslAuthority root(Path folder, String algorithm, String option, List<String> options)
            throws Exception {
        OpenSslAuthority made = prepared(folder);
        made.newKey("ca", algorithm, option);
        List<String> command = new ArrayList<>(List.of("req", "-x509", "-config", "ca.cnf", "-new", "-key", "ca.key",
                "-days", "3650", "-subj", "/O=Example/CN=" + folder.getFileName(), "-extensions", "authority", "-out",
                "ca.pem"));
        command.addAll(options);
        made.run(command.toArray(String[]::new));
        return made;
    }

    private static OpenSslAuthority prepared(Path folder) throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("ca.cnf"), CONFIG);
        Files.writeString(folder.resolve("index.txt"), "");
        return new OpenSslAuthority(folder);
    }

    /** One below this one. */
    public OpenSslAuthority below(Path place, String... extensions) throws Exception {
        OpenSslAuthority made = prepared(place);
        made.newKey("ca", "EC", "ec_paramgen_curve:P-256");
        made.run("req", "-config", "ca.cnf", "-new", "-key", "ca.key", "-subj", "/O=Example/CN=" + place.getFileName(),
                "-out", "ca.csr");
        List<String> all = new ArrayList<>(List.of("basicConstraints=critical,CA:TRUE",
                "keyUsage=critical,keyCertSign,cRLSign"));
        all.addAll(List.of(extensions));
        sign(place.resolve("ca.csr"), place.resolve("ca.pem"), all);
        return made;
    }

    private void newKey(String name, String algorithm, String option) throws Exception {
        List<String> command = new ArrayList<>(List.of("genpkey", "-algorithm", algorithm, "-out", name + ".key"));
        if (!option.isEmpty()) {
            command.addAll(List.of("-pkeyopt", option));
        }
        run(command.toArray(String[]::new));
    }

    /** A key and a certificate for a peer, {@code NAME.key} and {@code NAME.pem} in this folder, with these extensions. */
    public Path issue(String name, String... extensions) throws Exception {
        return issue(name, "EC", List.of(), extensions);
    }

    /** The same with a kind of key, and with options of {@code openssl ca}. */
    public Path issue(String name, String algorithm, List<String> options, String... extensions) throws Exception {
        newKey(name, algorithm, algorithm.equals("EC") ? "ec_paramgen_curve:P-256" : "");
        run("req", "-config", "ca.cnf", "-new", "-key", name + ".key", "-subj", "/O=Example/CN=" + name, "-out",
                name + ".csr");
        sign(folder.resolve(name + ".csr"), file(name + ".pem"), List.of(extensions), options.toArray(String[]::new));
        return file(name + ".pem");
    }

    /** From one moment to another. */
    public static List<String> dates(Instant from, Instant until) {
        return List.of("-startdate", DATE.format(from), "-enddate", DATE.format(until));
    }

    /** For both roles, with this name. */
    public static String[] both(String dns) {
        return new String[]{"subjectAltName=DNS:" + dns, "extendedKeyUsage=serverAuth,clientAuth",
                "keyUsage=critical,digitalSignature"};
    }

    private void sign(Path request, Path out, List<String> extensions, String... options) throws Exception {
        Path ext = folder.resolve("ext.cnf");
        Files.writeString(ext, "[e]\n" + String.join("\n", extensions) + "\n");
        List<String> command = new ArrayList<>(List.of("ca", "-config", "ca.cnf", "-batch", "-notext", "-in",
                request.toAbsolutePath().toString(), "-out", out.toAbsolutePath().toString(), "-extfile", "ext.cnf",
                "-extensions", "e"));
        command.addAll(List.of(options));
        run(command.toArray(String[]::new));
    }

    /** Takes back what was issued; {@link #list} has to be made anew. */
    public void revoke(String name) throws Exception {
        run("ca", "-config", "ca.cnf", "-revoke", name + ".pem");
    }

    /** Makes the list of revoked certificates, {@code crl.pem}. */
    public Path list(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("ca", "-config", "ca.cnf", "-gencrl", "-out", "crl.new"));
        command.addAll(List.of(options));
        run(command.toArray(String[]::new));
        Files.move(file("crl.new"), file("crl.pem"), java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        return file("crl.pem");
    }

    /** Runs the command in this folder. */
    public String run(String... arguments) throws Exception {
        return OpenSsl.run(folder, arguments);
    }

    /** The authority's own certificate. */
    public Path certificate() {
        return file("ca.pem");
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    /** What a peer shows that this one has issued, with the certificates of those between it and the root behind it. */
    public CredentialFiles.Own own(String name, OpenSslAuthority... between) throws Exception {
        StringBuilder all = new StringBuilder(Files.readString(file(name + ".pem")));
        for (OpenSslAuthority one : between) {
            all.append(Files.readString(one.certificate()));
        }
        Files.writeString(file(name + ".chain"), all);
        return new CredentialFiles.Own.Pem(file(name + ".chain"), file(name + ".key"));
    }
}
