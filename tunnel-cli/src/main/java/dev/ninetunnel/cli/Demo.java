package dev.ninetunnel.cli;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.EndpointException;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tgetattr;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Two endpoints, north and south, on this machine; north dials. Each copies a file of the other, at the same time. */
final class Demo implements AutoCloseable {
    private static final int SMALL_REQUESTS = 10_000;
    /** Looking for connections costs the copies time, so it is done now and then only. */
    private static final int LOOK_AGAIN_MILLIS = 50;
    /** What stat(2) tells, in the mask of Tgetattr. */
    private static final long BASIC_ATTRIBUTES = 0x7FF;

    private final Path folder;
    private final long size;
    private final Consumer<String> say;
    private final ExecutorService both = Executors.newFixedThreadPool(2);
    private final Endpoint north;
    private final Endpoint south;

    /** What one side has measured. */
    private record Copied(String checksum, long bytes, double seconds) {
        double megabytesPerSecond() {
            return bytes / 1e6 / seconds;
        }
    }

    Demo(Path folder, long size, Consumer<String> say) throws EndpointException, IOException {
        this.folder = folder;
        this.size = size;
        this.say = say;
        this.north = endpoint("north");
        this.south = endpoint("south");
    }

    private Endpoint endpoint(String name) throws IOException, EndpointException {
        Path files = Files.createDirectories(folder.resolve(name).resolve("files"));
        Files.writeString(files.resolve("hello.txt"), "hello from " + name + "\n");
        Path home = folder.resolve(name).resolve("home");
        return Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                List.of(new Export("files", new Export.Target.Directory(files, false))),
                EndpointConfig.Limits.DEFAULT));
    }

    void run() throws Exception {
        trustEachOther();
        InetSocketAddress at = south.listen(new HostPort("127.0.0.1", 0));
        north.dial(new HostPort("127.0.0.1", at.getPort()), "south");
        say.accept("north (" + north.id().brief() + ") has dialled south (" + south.id().brief() + ") at port "
                + at.getPort());
        String northMade = make("north");
        String southMade = make("south");
        awaitSouth();
        show(north, "south");
        show(south, "north");

        Future<Copied> down = both.submit(() -> copy(north, "south"));
        Future<Copied> up = both.submit(() -> copy(south, "north"));
        int connections = Connections.atPort(at.getPort());
        while (!down.isDone() || !up.isDone()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            connections = Math.max(connections, Connections.atPort(at.getPort()));
        }
        Copied fromSouth = down.get();
        Copied fromNorth = up.get();
        check("north's copy", southMade, fromSouth.checksum());
        check("south's copy", northMade, fromNorth.checksum());
        double[] small = smallRequests();
        say.accept("both copies have the checksums of their originals");
        countConnections(connections);
        table(fromSouth, fromNorth, small);
    }

    private void trustEachOther() throws IdentityException {
        new PeerFile(folder.resolve("north/home")).add(new Peer(south.id(), "south"));
        new PeerFile(folder.resolve("south/home")).add(new Peer(north.id(), "north"));
    }

    /** The dialler knows first that the link is up; a moment later the other side does. */
    private void awaitSouth() throws IOException {
        files(south, "north").close();
    }

    /** Fills a file with bytes that no compression could shorten; returns its checksum. */
    private String make(String side) throws IOException {
        Random random = new Random(side.hashCode());
        byte[] block = new byte[1 << 20];
        MessageDigest digest = sha256();
        try (OutputStream out = new DigestOutputStream(
                Files.newOutputStream(folder.resolve(side).resolve("files/big")), digest)) {
            for (long left = size; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(block.length, left));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static RemoteFiles files(Endpoint endpoint, String peer) throws IOException {
        return RemoteFiles.connect(UnixDomainSocketAddress.of(endpoint.socket(peer)), Offer.any(),
                Login.ofThisProcess(Text.EMPTY));
    }

    private void show(Endpoint endpoint, String peer) throws IOException {
        try (RemoteFiles files = files(endpoint, peer)) {
            String names = files.list(RemotePath.ROOT).stream().map(e -> e.name().toString()).sorted()
                    .collect(Collectors.joining(", "));
            var hello = new java.io.ByteArrayOutputStream();
            files.read(RemotePath.of("hello.txt"), hello, Progress.NONE);
            say.accept(peer + " offers: " + names + "; its hello.txt says \""
                    + hello.toString(java.nio.charset.StandardCharsets.UTF_8).strip() + "\"");
        }
    }

    /** Reads the other side's big file into a copy on this one. */
    private Copied copy(Endpoint endpoint, String peer) throws IOException {
        Path local = folder.resolve("copy-from-" + peer);
        long start = System.nanoTime();
        try (RemoteFiles files = files(endpoint, peer)) {
            try (OutputStream out = Files.newOutputStream(local)) {
                files.read(RemotePath.of("big"), out, Progress.NONE);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Copied(checksum(local), size, seconds);
        }
    }

    private static String checksum(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void check(String what, String expected, String found) {
        if (!expected.equals(found)) {
            throw new Failure(Failure.SOFTWARE, what + " differs from its original: SHA-256 " + found + " instead of "
                    + expected);
        }
    }

    /** How many requests a second each side gets answered, one at a time, both at once: north's rate, then south's. */
    private double[] smallRequests() throws InterruptedException, ExecutionException {
        Future<Double> ofNorth = both.submit(() -> askAway(north, "south"));
        Future<Double> ofSouth = both.submit(() -> askAway(south, "north"));
        return new double[]{ofNorth.get(), ofSouth.get()};
    }

    private static double askAway(Endpoint endpoint, String peer) throws InterruptedException, ExecutionException {
        EventLoopGroup loops = NineClient.loops(1);
        try (NineClient client = NineClient
                .connect(loops, UnixDomainSocketAddress.of(endpoint.socket(peer)), Offer.of(Dialect.LINUX)).get()) {
            client.send(new Tattach(0, Frame.NOFID, Text.of(System.getProperty("user.name")), Text.EMPTY,
                    OptionalInt.of(0))).get();
            long start = System.nanoTime();
            for (int i = 0; i < SMALL_REQUESTS; i++) {
                client.send(new Tgetattr(0, BASIC_ATTRIBUTES)).get();
            }
            return SMALL_REQUESTS / ((System.nanoTime() - start) / 1e9);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private void countConnections(int connections) {
        if (connections < 0) {
            say.accept("this system does not tell which TCP connections there are");
        } else if (connections != 1) {
            throw new Failure(Failure.SOFTWARE, connections + " TCP connections were seen where one should be enough");
        } else {
            say.accept("exactly one TCP connection carried it (counted in " + Connections.SOURCE + " meanwhile)");
        }
    }

    private void table(Copied fromSouth, Copied fromNorth, double[] small) {
        Status.ServingStatus link = north.status().serving().getFirst();
        say.accept("");
        say.accept("                          south → north   north → south");
        row("messages over the link", link.received().requests() + link.received().replies(),
                link.sent().requests() + link.sent().replies());
        row("  of these, requests", link.received().requests(), link.sent().requests());
        row("bytes over the link", link.received().bytes(), link.sent().bytes());
        row("bulk read, MB/s", Math.round(fromSouth.megabytesPerSecond()), Math.round(fromNorth.megabytesPerSecond()));
        row("small requests, per s", Math.round(small[1]), Math.round(small[0]));
    }

    private void row(String what, long left, long right) {
        say.accept(String.format("%-24s %,15d %,15d", what, left, right));
    }

    @Override
    public void close() {
        both.shutdownNow();
        CompletableFuture.allOf(CompletableFuture.runAsync(north::close), CompletableFuture.runAsync(south::close))
                .join();
    }
}
