package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.cli.bench.Target;
import dev.ninetunnel.cli.process.TempDirectory;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A way to the files of a folder on this machine, as somebody would set it up: processes, and a network between the two
 * halves where one is asked for. Closing it stops them.
 */
final class Contender implements AutoCloseable {
    /** What the ones with diod need, besides their own. */
    private static final String SERVER = "diod";
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final double NANOS = 1e9;

    private final Kind kind;
    private final Programs programs;
    private final Path room;
    private final Path export;
    private final Optional<Line> line;
    private final List<Process> counted = new ArrayList<>();
    private volatile SlowNetwork network;
    private Target target;
    private double secondsToListen = Double.NaN;
    private double secondsToLink = Double.NaN;

    private Contender(Kind kind, Path room, Path export, Optional<Line> line) throws IOException {
        this.kind = kind;
        this.room = Files.createDirectories(room);
        this.export = export;
        this.line = line;
        this.programs = new Programs(room);
    }

    /** A way of setting one up. */
    @FunctionalInterface
    private interface Plan {
        void carryOut(Contender contender) throws IOException, InterruptedException, IdentityException;
    }

    /** A contender that can be started. */
    record Kind(String name, Plan plan) {
        /** One that is to be started yet, with files of its own in a room. */
        Contender in(Path room, Path export, Optional<Line> line) throws IOException {
            return new Contender(this, room.resolve(name), export, line);
        }
    }

    /** A new directory for them to serve, whose files are in memory, or else in this room. */
    static TempDirectory export(Path room) throws IOException {
        return new TempDirectory(Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "ninetunnel-bench")
                : Files.createDirectory(room.resolve("export")));
    }

    /** Two endpoints of a build of this program, with the largest message that they agree on, in bytes. */
    static Kind ninetunnel(String name, String program, int msize) {
        return ninetunnel(name, program, msize, List.of());
    }

    /** The same, with more options for the one that uses the files. */
    static Kind ninetunnel(String name, String program, int msize, List<String> options) {
        return new Kind(name, c -> c.endpoints(name, program, "--msize=" + msize, options));
    }

    /** What people use otherwise, as far as it is installed. */
    static List<Kind> others() {
        List<Kind> found = new ArrayList<>();
        if (Programs.find(SERVER).isEmpty()) {
            return found;
        }
        Programs.find("stunnel").or(() -> Programs.find("stunnel4"))
                .ifPresent(program -> found.add(new Kind("stunnel", c -> c.stunnel(program))));
        if (Programs.find("ssh").isPresent() && Programs.find("ssh-keygen").isPresent()) {
            Programs.find("sshd").ifPresent(sshd -> found.add(new Kind("ssh", c -> c.ssh(sshd))));
        }
        found.add(new Kind("diod", Contender::bare));
        return found;
    }

    /** Starts it, and waits until it serves. */
    void start() throws IOException, InterruptedException, IdentityException {
        kind.plan().carryOut(this);
    }

    Target target() {
        return target;
    }

    /**
     * What its endpoints take, before anything is asked of them and when they have given back what their start took; nothing is
     * known of those that do not say when they are ready.
     */
    Idle idle() throws InterruptedException {
        if (Double.isNaN(secondsToLink)) {
            return Idle.UNKNOWN;
        }
        Thread.sleep(Idle.REST);
        return new Idle(secondsToListen, secondsToLink,
                processes().stream().mapToDouble(Memory::residentMebibytes).max().orElse(Double.NaN));
    }

    /** The processes that were started, without those that they started. */
    List<ProcessHandle> processes() {
        return counted.stream().map(Process::toHandle).toList();
    }

    private Process count(Process process) {
        counted.add(process);
        return process;
    }

    /** Where to connect to, to reach that address over the network in between. */
    private InetSocketAddress over(InetSocketAddress address) throws IOException {
        if (line.isEmpty()) {
            return address;
        }
        network = new SlowNetwork(address, line.get());
        return network.address();
    }

    private void reachedAt(String name, SocketAddress address, Text aname) {
        target = new Target(name, address, aname, processes());
    }

    private void endpoints(String name, String program, String msize, List<String> options)
            throws IOException, InterruptedException, IdentityException {
        Path north = Files.createDirectory(room.resolve("north"));
        Path south = Files.createDirectory(room.resolve("south"));
        new PeerFile(north).add(new Peer(Identity.loadOrCreate(south).id(), "south"));
        new PeerFile(south).add(new Peer(Identity.loadOrCreate(north).id(), "north"));
        long start = System.nanoTime();
        Process listen = count(programs.start("listen", List.of(program, "listen", "127.0.0.1:0", "--export",
                "files=" + export, msize, "--home=" + south, "--run=" + south.resolve("run"))));
        String ready = programs.awaitLine(listen, "listen", "ready");
        secondsToListen = (System.nanoTime() - start) / NANOS;
        int port = Integer.parseInt(ready.replaceAll(".*127\\.0\\.0\\.1:(\\d+).*", "$1"));
        InetSocketAddress there = over(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        List<String> dialling = new ArrayList<>(
                List.of(program, "dial", "127.0.0.1:" + there.getPort(), "--peer", "south",
                        msize, "--home=" + north, "--run=" + north.resolve("run")));
        dialling.addAll(options);
        start = System.nanoTime();
        Process dial = count(programs.start("dial", dialling));
        programs.awaitLine(dial, "dial", "ready");
        secondsToLink = (System.nanoTime() - start) / NANOS;
        reachedAt(name, UnixDomainSocketAddress.of(north.resolve("run/south.9p")), Text.EMPTY);
    }

    private UnixDomainSocketAddress diod() throws IOException, InterruptedException {
        UnixDomainSocketAddress socket = UnixDomainSocketAddress.of(room.resolve("diod.sock"));
        diod(socket.getPath().toString(), socket);
        return socket;
    }

    private void diod(String listen, SocketAddress address) throws IOException, InterruptedException {
        Process process = count(
                programs.start(SERVER, List.of(Programs.find(SERVER).orElseThrow().toString(), "-f", "-n",
                        "-N", "-c", "/dev/null", "-l", listen, "-e", export.toString())));
        programs.awaitListening(process, SERVER, address);
    }

    private Text diodsTree() {
        return Text.of(export.toString());
    }

    /** On a unix socket, or behind the network on a port, since that carries TCP. */
    private void bare() throws IOException, InterruptedException {
        SocketAddress address;
        if (line.isEmpty()) {
            address = diod();
        } else {
            InetSocketAddress place = Programs.freePlace();
            diod("127.0.0.1:" + place.getPort(), place);
            address = over(place);
        }
        reachedAt(SERVER, address, diodsTree());
    }

    /** Two of them, TLS 1.3 with certificates that both check, as our link has. */
    private void stunnel(Path program) throws IOException, InterruptedException, IdentityException {
        Path client = Files.createDirectory(room.resolve("client"));
        Path server = Files.createDirectory(room.resolve("server"));
        Identity.loadOrCreate(client);
        Identity.loadOrCreate(server);
        UnixDomainSocketAddress diod = diod();
        InetSocketAddress far = Programs.freePlace();
        Process serving = stunnel(program, server, client, "accept = " + shown(far) + "\nconnect = " + diod);
        programs.awaitListening(serving, "stunnel-server", far);
        InetSocketAddress near = Programs.freePlace();
        Process using = stunnel(program, client, server,
                "client = yes\naccept = " + shown(near) + "\nconnect = " + shown(over(far)));
        programs.awaitListening(using, "stunnel-client", near);
        reachedAt("stunnel", near, diodsTree());
    }

    private Process stunnel(Path program, Path own, Path other, String way) throws IOException {
        Path config = own.resolve("stunnel.conf");
        Files.writeString(config, "foreground = yes\npid =\nsyslog = no\ndebug = 3\nsocket = l:TCP_NODELAY=1\n"
                + "socket = r:TCP_NODELAY=1\n[nine]\n" + way + "\nsslVersion = TLSv1.3\nciphersuites = "
                + "TLS_AES_256_GCM_SHA384\ncert = " + own.resolve(Identity.CERT_FILE) + "\nkey = "
                + own.resolve(Identity.KEY_FILE) + "\nverifyPeer = yes\nCAfile = "
                + other.resolve(Identity.CERT_FILE) + "\n");
        return count(programs.start("stunnel-" + own.getFileName(), List.of(program.toString(), config.toString())));
    }

    private static String shown(InetSocketAddress address) {
        return "127.0.0.1:" + address.getPort();
    }

    /** {@code ssh -L}, from a unix socket to diod's, through an sshd with keys of its own. */
    private void ssh(Path sshd) throws IOException, InterruptedException {
        for (String key : List.of("host", "user")) {
            programs.run("keygen-" + key, List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                    room.resolve(key).toString()));
        }
        InetSocketAddress place = Programs.freePlace();
        Path config = room.resolve("sshd_config");
        Files.writeString(config, "Port " + place.getPort() + "\nListenAddress 127.0.0.1\nHostKey "
                + room.resolve("host") + "\nPidFile " + room.resolve("pid") + "\nAuthorizedKeysFile "
                + room.resolve("user.pub") + "\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
                + "PasswordAuthentication no\n");
        makeRoomForSshd();
        Process serving = count(programs.start("sshd", List.of(sshd.toString(), "-D", "-e", "-f", config.toString())));
        programs.awaitListening(serving, "sshd", place);
        UnixDomainSocketAddress diod = diod();
        UnixDomainSocketAddress near = UnixDomainSocketAddress.of(room.resolve("near.sock"));
        Process using = count(programs.start("ssh",
                List.of("ssh", "-F", "none", "-q", "-N", "-o", "BatchMode=yes", "-o",
                        "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-i",
                        room.resolve("user").toString(),
                        "-p", String.valueOf(over(place).getPort()), "-L", near + ":" + diod, "127.0.0.1")));
        programs.awaitListening(using, "ssh", near);
        reachedAt("ssh", near, diodsTree());
    }

    /** An sshd of root wants it; others can do without. */
    private static void makeRoomForSshd() {
        try {
            Files.createDirectories(Path.of("/run/sshd"));
        } catch (IOException _) {
            // Then it is not root who runs this.
        }
    }

    @Override
    public void close() {
        programs.close();
        if (network != null) {
            network.close();
        }
    }
}
