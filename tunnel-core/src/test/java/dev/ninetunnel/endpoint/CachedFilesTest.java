package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteEntry;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.session.SessionLimits;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoopGroup;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What real endpoints keep of south's files: two programs at north and one at east use them, and programs of south's host. */
@EnabledOnOs(OS.LINUX)
class CachedFilesTest {
    private static final EndpointConfig.Limits CACHED = EndpointConfig.Limits.DEFAULT
            .withSession(SessionLimits.STANDARD.withLease(Duration.ofSeconds(10))).withCache(16 << 20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int REMOVE_DIRECTORY = 0x200;
    private static final int STEPS = 600;
    private static final int PIECES = 24;
    private static final int PIECE = 64 << 10;

    @TempDir
    Path folder;
    private Path south;
    private EndpointPair pair;
    private Endpoint east;

    @BeforeEach
    void open() throws Exception {
        south = folder.resolve("south");
        pair = new EndpointPair(folder, List.of(), List.of(EndpointPair.directory(south)), CACHED);
        pair.link();
        Path home = folder.resolve("home-east");
        east = Endpoint.open(new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE, List.of(),
                CACHED));
        new PeerFile(home).add(new Peer(pair.south().id(), "south"));
        new PeerFile(folder.resolve("home-south")).add(new Peer(east.id(), "east"));
        east.dial(new HostPort("127.0.0.1", pair.address().getPort()), "south");
        await().atMost(PATIENCE).until(() -> east.status().peers().getFirst().linked());
    }

    @AfterEach
    void close() {
        east.close();
        pair.close();
    }

    private RemoteFiles north() throws IOException {
        return EndpointPair.connect(pair.southsFiles());
    }

    private RemoteFiles east() throws IOException {
        return EndpointPair.connect(east.socket("south"));
    }

    private long messages() {
        return pair.north().status().serving().getFirst().sent().requests();
    }

    private static String read(RemoteFiles files, String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        files.read(RemotePath.of(name), out, Progress.NONE);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void write(RemoteFiles files, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        files.write(RemotePath.of(name), new ByteArrayInputStream(bytes), 0644, bytes.length, Progress.NONE);
    }

    private static List<String> list(RemoteFiles files) throws IOException {
        return list(files, "");
    }

    private static List<String> list(RemoteFiles files, String directory) throws IOException {
        return files.list(RemotePath.of(directory)).stream().map(RemoteEntry::name).map(Object::toString).sorted()
                .toList();
    }

    @Test
    @DisplayName("what was read, listed and looked at is so again without a message, and status tells")
    void again() throws Exception {
        for (int i = 0; i < 20; i++) {
            Files.writeString(south.resolve("f" + i), "file " + i);
        }
        try (RemoteFiles files = north()) {
            long before = 0;
            for (int round = 0; round < 3; round++) {
                before = messages();
                assertThat(list(files)).hasSize(20);
                for (int i = 0; i < 20; i++) {
                    assertThat(files.status(RemotePath.of("f" + i)).size()).isEqualTo(("file " + i).length());
                    assertThat(read(files, "f" + i)).isEqualTo("file " + i);
                }
            }
            assertThat(messages() - before).isZero();
            assertThat(pair.north().status().peers().getFirst().cache().orElseThrow().hits()).isPositive();
        }
    }

    @Test
    @DisplayName("a tree of 100 files that is gone through, each looked at and read, costs fewer messages than files, and none again")
    void tree() throws Exception {
        for (int i = 0; i < 10; i++) {
            Path directory = Files.createDirectory(south.resolve("d" + i));
            for (int j = 0; j < 10; j++) {
                Files.writeString(directory.resolve("f" + j), "file " + j + " of " + i);
            }
        }
        try (RemoteFiles files = north()) {
            long before = messages();
            goThrough(files);
            assertThat(messages() - before).isLessThan(100);
            before = messages();
            goThrough(files);
            assertThat(messages() - before).as("but for signs of life").isLessThan(10);
            Files.writeString(south.resolve("d7").resolve("f7"), "new");
            await().atMost(PATIENCE).until(() -> read(files, "d7/f7").equals("new"));
            Files.createFile(south.resolve("d8").resolve("new"));
            await().atMost(PATIENCE).until(() -> list(files, "d8").size() == 11);
        }
    }

    private static void goThrough(RemoteFiles files) throws IOException {
        for (String directory : list(files, "")) {
            for (String name : list(files, directory)) {
                String path = directory + "/" + name;
                assertThat(files.status(RemotePath.of(path)).size()).isPositive();
                assertThat(read(files, path)).isEqualTo("file %s of %s", name.substring(1), directory.substring(1));
            }
        }
    }

    @Test
    @DisplayName("a program that reads one after the other, and then several at once, as a kernel does, gets each piece")
    void severalAtOnce() throws Exception {
        byte[] bytes = new byte[PIECES * PIECE];
        new Random(5).nextBytes(bytes);
        Files.write(south.resolve("f"), bytes);
        EventLoopGroup group = NineClient.loops(1);
        try (NineClient client = NineClient
                .connect(group, UnixDomainSocketAddress.of(pair.southsFiles()), Offer.of(Dialect.LINUX)).get()) {
            client.send(new Tattach(0, Frame.NOFID, Text.EMPTY, Text.EMPTY, OptionalInt.of(0))).get();
            client.send(new Twalk(0, 1, List.of(Text.of("f")))).get();
            client.send(new Tgetattr(1, -1)).get();
            client.send(new Tlopen(1, 0)).get();
            int piece = 0;
            for (; piece < 4; piece++) {
                assertThat(read(client, piece).get()).isEqualTo(piece(bytes, piece));
            }
            List<CompletableFuture<byte[]>> rest = new ArrayList<>();
            for (; piece < PIECES; piece++) {
                rest.add(read(client, piece));
            }
            for (int i = 0; i < rest.size(); i++) {
                assertThat(rest.get(i).get()).isEqualTo(piece(bytes, i + 4));
            }
            assertThat(read(client, 0).get()).as("on the link that it began on").isEqualTo(piece(bytes, 0));
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    @DisplayName("rule 10: whoever makes and removes names in a directory knows the others still, and these, without a message")
    void namesAfterOwnChanges() throws Exception {
        Files.writeString(south.resolve("f"), "");
        EventLoopGroup group = NineClient.loops(1);
        try (NineClient client = NineClient
                .connect(group, UnixDomainSocketAddress.of(pair.southsFiles()), Offer.of(Dialect.LINUX)).get()) {
            client.send(new Tattach(0, Frame.NOFID, Text.EMPTY, Text.EMPTY, OptionalInt.of(0))).get();
            client.send(new Tgetattr(0, -1)).get();
            assertThat(isThere(client, "f")).isTrue();
            assertThat(isThere(client, "absent")).isFalse();
            List<Long> asked = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                client.send(new Tmkdir(0, Text.of("made"), 0755, -1)).get();
                asked.add(askedFor(client, Map.of("f", true, "made", true, "absent", false)));
                client.send(new Tunlinkat(0, Text.of("made"), REMOVE_DIRECTORY)).get();
                asked.add(askedFor(client, Map.of("f", true, "made", false, "absent", false)));
            }
            // A machine that stands still for half a term has the far side asked for a sign of life.
            assertThat(asked.stream().filter(messages -> messages == 0)).hasSizeGreaterThan(asked.size() / 2);
            Files.createFile(south.resolve("absent"));
            await().atMost(PATIENCE).until(() -> isThere(client, "absent"));
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** With how many messages these names are found to be there, or not. */
    private long askedFor(NineClient client, Map<String, Boolean> names) throws Exception {
        long before = messages();
        for (var name : names.entrySet()) {
            assertThat(isThere(client, name.getKey())).as(name.getKey()).isEqualTo(name.getValue());
        }
        return messages() - before;
    }

    private static boolean isThere(NineClient client, String name) throws Exception {
        try {
            client.send(new Twalk(0, 1, List.of(Text.of(name)))).get();
        } catch (ExecutionException e) {
            return false;
        }
        client.send(new Tclunk(1)).get();
        return true;
    }

    private static CompletableFuture<byte[]> read(NineClient client, int piece) {
        return client.send(new Tread(1, (long) piece * PIECE, PIECE),
                reply -> ByteBufUtil.getBytes(((Rread) reply).data()));
    }

    private static byte[] piece(byte[] bytes, int piece) {
        return Arrays.copyOfRange(bytes, piece * PIECE, (piece + 1) * PIECE);
    }

    @Test
    @DisplayName("what a program makes, writes, renames and replaces in one directory leaves the others known")
    void theRestStaysKnown() throws Exception {
        for (int i = 0; i < 20; i++) {
            Files.writeString(Files.createDirectories(south.resolve("kept")).resolve("f" + i), "file " + i);
        }
        Files.createDirectory(south.resolve("work"));
        try (RemoteFiles reader = north(); RemoteFiles writer = north()) {
            for (int round = 0; round < 4; round++) {
                write(writer, "work/a", "a");
                write(writer, "work/b", "b");
                writer.rename(RemotePath.of("work/a"), RemotePath.of("work/b"));
                long before = messages();
                assertThat(list(reader)).containsExactly("kept", "work");
                assertThat(reader.list(RemotePath.of("kept"))).hasSize(20);
                for (int i = 0; i < 20; i++) {
                    assertThat(reader.status(RemotePath.of("kept/f" + i)).size()).isEqualTo(("file " + i).length());
                    assertThat(read(reader, "kept/f" + i)).isEqualTo("file " + i);
                }
                assertThat(messages() - before).as("messages in round " + round).isLessThan(round > 1 ? 20 : 1000);
            }
        }
    }

    @Test
    @DisplayName("what a program of the exporting host changes is seen, without anybody asking")
    void outsiders() throws Exception {
        Files.writeString(south.resolve("f"), "old");
        try (RemoteFiles files = north()) {
            for (int i = 0; i < 3; i++) {
                assertThat(read(files, "f")).isEqualTo("old");
            }
            Files.writeString(south.resolve("f"), "newer");
            await().atMost(PATIENCE).until(() -> read(files, "f").equals("newer"));
            Files.delete(south.resolve("f"));
            await().atMost(PATIENCE).untilAsserted(() -> assertThatThrownBy(() -> read(files, "f")).isNotNull());
        }
    }

    @Test
    @DisplayName("whoever changes what, everybody sees it from the reply on: no answer of many is old")
    void neverOld() throws Exception {
        try (RemoteFiles a = north(); RemoteFiles b = north(); RemoteFiles c = east()) {
            List<RemoteFiles> all = List.of(a, b, c);
            Map<String, String> expected = new TreeMap<>();
            Random random = new Random(9);
            for (int step = 0; step < STEPS; step++) {
                RemoteFiles files = all.get(random.nextInt(all.size()));
                String name = "f" + random.nextInt(4);
                String as = "step " + step + " on " + name;
                switch (random.nextInt(10)) {
                    case 0 -> {
                        write(files, name, as);
                        expected.put(name, as);
                    }
                    case 1 -> {
                        if (expected.remove(name) != null) {
                            files.remove(RemotePath.of(name));
                        }
                    }
                    case 2 -> {
                        String to = "f" + random.nextInt(4);
                        if (expected.containsKey(name) && !to.equals(name)) {
                            files.rename(RemotePath.of(name), RemotePath.of(to));
                            expected.put(to, expected.remove(name));
                        }
                    }
                    case 3, 4 -> assertThat(list(files)).as(as).isEqualTo(List.copyOf(expected.keySet()));
                    default -> {
                        if (expected.containsKey(name)) {
                            assertThat(read(files, name)).as(as).isEqualTo(expected.get(name));
                            assertThat(files.status(RemotePath.of(name)).size()).as(as)
                                    .isEqualTo(expected.get(name).length());
                        } else {
                            assertThatThrownBy(() -> read(files, name)).as(as).isInstanceOf(IOException.class);
                        }
                    }
                }
            }
        }
    }
}
