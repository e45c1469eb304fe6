package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.cli.copy.CopyRules;
import dev.ninetunnel.cli.copy.Copying;
import dev.ninetunnel.cli.copy.Upload;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.testing.Diod;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A put that is interrupted on a line so slow that what it has sent is still on its way. */
class InterruptedPutTest {
    /** More than sockets hold. */
    private static final int SIZE = 8 << 20;

    @TempDir
    private Path room;
    private final AtomicInteger begun = new AtomicInteger();

    @Test
    @DisplayName("the part is removed past the data that are still on their way, and no more of them are sent")
    void behindMuchData() throws IOException {
        Path far = Files.createDirectory(room.resolve("far"));
        Path run = Files.createDirectory(room.resolve("run"));
        byte[] data = new byte[SIZE];
        Arrays.fill(data, (byte) 'x'); // a hole would not be sent
        Path big = Files.write(room.resolve("big"), data);
        try (Diod diod = Diod.serve(far, Files.createDirectory(room.resolve("diod")));
                ServerSocketChannel line = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            line.bind(UnixDomainSocketAddress.of(run.resolve("peer.9p")));
            Thread.ofVirtual().start(() -> carry(line, diod.address()));
            Copying copying = Copying.begin(CopyRules.PLAIN, new PrintWriter(new StringWriter(), true),
                    new PrintWriter(new StringWriter(), true), true, false);
            PeerFiles peers = new PeerFiles(new RunDirectory(run, true), diod.aname());
            Upload upload = new Upload(copying, peers.of(PeerPath.parse("peer:big")), RemotePath.ROOT);
            Thread putting = Thread.ofVirtual().start(() -> copying.report().attempt("peer",
                    () -> upload.file(big, RemotePath.of("big"), Optional.empty())));
            await().atMost(Duration.ofMinutes(1)).until(() -> sizes(far).stream().anyMatch(size -> size > 0));
            assertThat(sizes(far)).as("a part").hasSize(1).noneMatch(size -> size == SIZE);
            copying.leftovers().leave();
            assertThat(sizes(far)).isEmpty();
            putting.interrupt();
            copying.close();
            peers.close();
        }
    }

    private static List<Long> sizes(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.toFile().length()).toList();
        }
    }

    /** The first connection takes half a mebibyte and then nothing more; the others are as they should be. */
    private void carry(ServerSocketChannel line, UnixDomainSocketAddress server) {
        try {
            while (true) {
                SocketChannel client = line.accept();
                SocketChannel upstream = SocketChannel.open(server);
                long most = begun.getAndIncrement() == 0 ? 512 << 10 : Long.MAX_VALUE;
                Thread.ofPlatform().daemon().start(() -> copy(client, upstream, most));
                Thread.ofPlatform().daemon().start(() -> copy(upstream, client, Long.MAX_VALUE));
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    private static void copy(SocketChannel from, SocketChannel to, long most) {
        ByteBuffer some = ByteBuffer.allocate(16 << 10);
        try {
            for (long left = most; left > 0 && from.read(some) >= 0; some.clear()) {
                some.flip();
                left -= some.remaining();
                while (some.hasRemaining()) {
                    to.write(some);
                }
            }
            if (most == Long.MAX_VALUE) {
                to.close();
            }
        } catch (IOException _) {
            // One of the two has gone.
        }
    }
}
