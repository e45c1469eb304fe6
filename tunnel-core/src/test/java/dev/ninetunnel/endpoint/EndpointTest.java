package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.channel.EventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints as a whole: how they find, lose and leave each other. */
class EndpointTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private static String read(Path socket, String path) throws IOException {
        try (RemoteFiles files = EndpointPair.connect(socket)) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            files.read(RemotePath.of(path), content, Progress.NONE);
            return content.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    @DisplayName("L6 an endpoint that exports nothing still uses the other's files, and is told so when it is used")
    void oneSided() throws Exception {
        Export south = EndpointPair.directory(folder.resolve("south"));
        Files.writeString(folder.resolve("south/f"), "content");
        try (EndpointPair pair = new EndpointPair(folder, List.of(), List.of(south))) {
            pair.link();
            assertThat(read(pair.southsFiles(), "f")).isEqualTo("content");
            assertThatThrownBy(() -> EndpointPair.connect(pair.northsFiles())).isInstanceOf(RefusedException.class);
            pair.awaitNothingLeft();
        }
    }

    @Test
    @DisplayName("several exports are listed at the top, and each is reached from there")
    void severalExports() throws Exception {
        Export one = EndpointPair.directory(folder.resolve("one"));
        Export two = EndpointPair.directory(folder.resolve("two"));
        Files.writeString(folder.resolve("two/f"), "content");
        try (EndpointPair pair = new EndpointPair(folder, List.of(), List.of(one, two))) {
            pair.link();
            try (RemoteFiles files = EndpointPair.connect(pair.southsFiles())) {
                assertThat(files.list(RemotePath.ROOT)).extracting(e -> e.name().utf8())
                        .containsExactlyInAnyOrder("one", "two");
            }
            assertThat(read(pair.southsFiles(), "two/f")).isEqualTo("content");
        }
    }

    @Test
    @DisplayName("M10 a client that asks for messages of 1 MiB, as much as Linux can over a socket, has them, and one read fills one")
    void largeMessages() throws Exception {
        int msize = 1 << 20;
        EventLoopGroup loops = NineClient.loops(1);
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            Files.write(folder.resolve("south/large"), new byte[2 * msize]);
            var offer = dev.ninetunnel.client.Offer.of(Dialect.LINUX).withMsize(msize);
            try (NineClient client = NineClient
                    .connect(loops, UnixDomainSocketAddress.of(pair.southsFiles()), offer).get()) {
                assertThat(client.msize()).isEqualTo(msize);
                client.send(new Tattach(0, Frame.NOFID, Text.EMPTY, Text.EMPTY, OptionalInt.of(0))).get();
                client.send(new Twalk(0, 1, RemotePath.of("large").names())).get();
                client.send(new Tlopen(1, 0)).get();
                assertThat(client.<Integer>send(new Tread(1, 1, client.dataSize()),
                        reply -> ((Rread) reply).data().readableBytes()).get()).isEqualTo(msize - 24);
            }
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("the dialling side dials again when the far endpoint has been restarted")
    void dialsAgain() throws Exception {
        Path home = folder.resolve("home-south");
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            int port = pair.address().getPort();
            pair.south().close();
            EndpointConfig config = new EndpointConfig(home, home.resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                    List.of(EndpointPair.directory(folder.resolve("south"))), EndpointConfig.Limits.DEFAULT);
            Files.writeString(folder.resolve("south/f"), "back again");
            try (Endpoint restarted = Endpoint.open(config)) {
                restarted.listen(new HostPort("127.0.0.1", port));
                await().atMost(PATIENCE)
                        .until(() -> restarted.status().peers().stream().anyMatch(Status.PeerStatus::linked));
                assertThat(read(pair.southsFiles(), "f")).isEqualTo("back again");
            }
        }
    }

    @Test
    @DisplayName("a peer that has left and comes back is found at the socket where it was")
    void comesBack() throws Exception {
        Path home = folder.resolve("home-north");
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            Files.writeString(folder.resolve("north/f"), "same files");
            EndpointConfig config = new EndpointConfig(home, folder.resolve("other-run"),
                    EndpointConfig.DEFAULT_MSIZE, List.of(EndpointPair.directory(folder.resolve("north"))),
                    EndpointConfig.Limits.DEFAULT);
            pair.north().drain();
            try (Endpoint again = Endpoint.open(config)) {
                again.dial(new HostPort("127.0.0.1", pair.address().getPort()), "south");
                pair.awaitSouthLinked();
                assertThat(read(pair.northsFiles(), "f")).isEqualTo("same files");
            }
        }
    }

    @Test
    @DisplayName("a peer that is trusted while the endpoint runs is let in, and posted when it has linked")
    void trustedLater() throws Exception {
        EndpointConfig config = new EndpointConfig(folder.resolve("late"), folder.resolve("late/run"),
                EndpointConfig.DEFAULT_MSIZE, List.of(EndpointPair.directory(folder.resolve("latecomer"))),
                EndpointConfig.Limits.DEFAULT);
        Files.writeString(folder.resolve("latecomer/f"), "late");
        try (EndpointPair pair = EndpointPair.linked(folder); Endpoint late = Endpoint.open(config)) {
            new PeerFile(folder.resolve("late")).add(new Peer(pair.south().id(), "south"));
            HostPort where = new HostPort("127.0.0.1", pair.address().getPort());
            assertThatThrownBy(() -> late.dial(where, "south")).isInstanceOf(EndpointException.class)
                    .hasMessageContaining("ninetunnel trust " + late.id());
            new PeerFile(folder.resolve("home-south")).add(new Peer(late.id(), "latecomer"));
            late.dial(where, "south");
            await().atMost(PATIENCE).until(() -> Files.exists(pair.south().socket("latecomer")));
            assertThat(read(pair.south().socket("latecomer"), "f")).isEqualTo("late");
        }
    }

    @Test
    @DisplayName("an endpoint that leaves takes its sockets away, and its peer knows at once")
    void leaves() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            pair.south().drain();
            assertThat(pair.northsFiles()).doesNotExist();
            await().atMost(PATIENCE)
                    .until(() -> pair.north().status().peers().stream().noneMatch(Status.PeerStatus::linked));
        }
    }
}
