package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.testing.Request;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tlopen;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint that leaves, with a server behind it that takes its time. */
class LeavingTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Qid FILE = new Qid(0, 0, 1);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("M14 what a peer has asked is still answered while the endpoint leaves; what it cannot answer in time ends in "
            + "an error with its goodbye, and nothing waits for longer")
    void leaves() throws Exception {
        Path socket = folder.resolve("upstream");
        Export export = new Export("", new Export.Target.Upstream(new Export.Address.Unix(socket)));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                EndpointPair pair = new EndpointPair(folder, List.of(), List.of(export))) {
            server.bind(UnixDomainSocketAddress.of(socket));
            pair.link();
            try (RawNine client = RawNine.connect(UnixDomainSocketAddress.of(pair.southsFiles()))) {
                client.handshake(Dialect.LINUX, 8192);
                client.send(new Tattach(0, Frame.NOFID, Text.of("u"), Text.EMPTY, OptionalInt.of(0)), 1);
                client.send(new Tattach(1, Frame.NOFID, Text.of("u"), Text.EMPTY, OptionalInt.of(0)), 2);
                try (RawNine upstream = RawNine.over(server.accept())) {
                    upstream.acceptVersion();
                    upstream.expect(Tattach.class).answer(new Rattach(FILE));
                    upstream.expect(Tattach.class).answer(new Rattach(FILE));
                    client.reply(1, Rattach.class);
                    client.reply(2, Rattach.class);
                    client.send(new Tlopen(0, 0), 3);
                    Request<Tlopen> slow = upstream.expect(Tlopen.class);
                    client.send(new Tlopen(1, 0), 4);
                    upstream.expect(Tlopen.class);

                    CompletableFuture<Void> left = CompletableFuture.runAsync(pair.south()::drain);
                    await().atMost(PATIENCE).until(() -> !Files.exists(pair.northsFiles()));
                    slow.answer(new Rlopen(FILE, 0));
                    client.reply(3, Rlopen.class);
                    assertThat(client.reply(4, Rlerror.class).ecode()).isEqualTo(Errno.ENOTCONN.number());
                    client.expectEnd();
                    left.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
            }
        }
    }
}
