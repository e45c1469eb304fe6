package dev.ninetunnel.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Debian's proxies and its ssh server, on free ports of the loopback, with all their files in one folder. */
public final class Daemons implements AutoCloseable {
    /** Whom the proxies let in. */
    public static final String USER = "ann";
    /** With which word. */
    public static final String PASSWORD = "hush, hush";

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    /** None runs yet. */
    public Daemons(Path folder) throws IOException {
        this.folder = folder;
        // A daemon that is started by root lays down its rights, and must still get at its files.
        if ("root".equals(System.getProperty("user.name"))) {
            for (Path above = folder; above
                    .startsWith(System.getProperty("java.io.tmpdir")); above = above.getParent()) {
                if (above.equals(Path.of(System.getProperty("java.io.tmpdir")))) {
                    break;
                }
                Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    /** Starts squid, which asks for a password by Basic or by Digest; returns its port. */
    public int squid(boolean digest) throws IOException, InterruptedException {
        Path squid = require("squid", "squid");
        int port = FreePort.find();
        Path room = Files.createDirectory(folder.resolve("squid"));
        Files.setPosixFilePermissions(room, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path users = room.resolve("users");
        Files.writeString(users, digest
                ? USER + ":proxy:" + md5(USER + ":proxy:" + PASSWORD) + "\n"
                : USER + ":" + said("openssl", "passwd", "-apr1", PASSWORD) + "\n");
        String login = digest
                ? "auth_param digest program /usr/lib/squid/digest_file_auth -c " + users
                        + "\nauth_param digest realm proxy\n"
                : "auth_param basic program /usr/lib/squid/basic_ncsa_auth " + users
                        + "\nauth_param basic realm proxy\n";
        Path config = room.resolve("squid.conf");
        Files.writeString(config, "http_port 127.0.0.1:" + port + "\n" + login
                + "acl known proxy_auth REQUIRED\nacl barred port 1\nhttp_access deny barred\nhttp_access allow known\n"
                + "http_access deny all\n"
                + "pid_filename " + room.resolve("pid") + "\ncache_log " + room.resolve("cache.log")
                + "\naccess_log stdio:" + room.resolve("access.log") + "\ncoredump_dir " + room
                + "\ncache deny all\nshutdown_lifetime 0 seconds\nvisible_hostname proxy.test\n");
        run(squid.toString(), "-N", "-f", config.toString());
        return listening(port);
    }

    /** Starts tinyproxy, which asks for a password by Basic; returns its port. */
    public int tinyproxy() throws IOException {
        Path tinyproxy = require("tinyproxy", "tinyproxy-bin");
        int port = FreePort.find();
        Path config = folder.resolve("tinyproxy.conf");
        Files.writeString(config, "Port " + port + "\nListen 127.0.0.1\nTimeout 600\nMaxClients 10\nBasicAuth " + USER
                + " simple\nLogFile \"" + folder.resolve("tinyproxy.log") + "\"\n");
        run(tinyproxy.toString(), "-d", "-c", config.toString());
        return listening(port);
    }

    /** Starts microsocks, a SOCKS5 server that asks for a password; returns its port. */
    public int socks() throws IOException {
        Path microsocks = require("microsocks", "microsocks");
        int port = FreePort.find();
        run(microsocks.toString(), "-i", "127.0.0.1", "-p", String.valueOf(port), "-u", USER, "-P", PASSWORD);
        return listening(port);
    }

    /** Starts an ssh server that lets this user in; returns the command line, up to the host, that reaches it. */
    public String ssh() throws IOException, InterruptedException {
        Path sshd = require("sshd", "openssh-server");
        require("ssh", "openssh-client");
        int port = FreePort.find();
        Path room = Files.createDirectory(folder.resolve("ssh"));
        said("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", room.resolve("host").toString());
        said("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", room.resolve("user").toString());
        Files.createDirectories(Path.of("/run/sshd"));
        Path config = room.resolve("sshd_config");
        Files.writeString(config, "Port " + port + "\nListenAddress 127.0.0.1\nHostKey " + room.resolve("host")
                + "\nPidFile " + room.resolve("pid") + "\nAuthorizedKeysFile " + room.resolve("user.pub")
                + "\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\n");
        run(sshd.toString(), "-D", "-e", "-f", config.toString());
        listening(port);
        return "ssh -F none -q -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i "
                + room.resolve("user") + " -p " + port + " 127.0.0.1";
    }

    private static Path require(String program, String debianPackage) {
        Path found = Diod.find(program);
        assumeTrue(found != null, "SKIPPED: " + program + " is not installed (apt-get install " + debianPackage + ")");
        return found;
    }

    private void run(String... command) throws IOException {
        Path log = folder.resolve(Path.of(command[0]).getFileName() + ".out");
        processes.add(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start());
    }

    private static String said(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(command[0] + ": " + said);
        }
        return said;
    }

    private static String md5(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private int listening(int port) {
        Process started = processes.getLast();
        Awaitility.await("a daemon at port " + port).atMost(PATIENCE).until(() -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("the daemon has ended with code " + started.exitValue()
                        + ": its output is in " + folder);
            }
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        return port;
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
