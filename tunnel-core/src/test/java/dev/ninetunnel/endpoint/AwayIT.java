package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.endpoint.EndpointConfig.Limits;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.link.Liveness;
import dev.ninetunnel.session.SessionLimits;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.testing.Relay;
import dev.ninetunnel.testing.Relay.Weather;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What happens to local clients while the far side cannot be reached, and when it comes back, or does not. */
@Isolated("a link that is given up after 1.2 s of silence must not wait for others' work")
class AwayIT {
    private static final int ENOTCONN = 107;
    private static final int O_RDWR = 2;
    private static final long MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private EndpointPair pair(SessionLimits limits) throws Exception {
        return new EndpointPair(folder, List.of(EndpointPair.directory(folder.resolve("north"))),
                List.of(EndpointPair.directory(folder.resolve("south"))), Limits.DEFAULT.withSession(limits));
    }

    private static SessionLimits alert() {
        return SessionLimits.STANDARD.withLiveness(new Liveness(Duration.ofMillis(400), Duration.ofMillis(1200)));
    }

    private static RawNine attached(Path socket) {
        RawNine client = RawNine.connect(UnixDomainSocketAddress.of(socket));
        client.handshake(Dialect.LINUX, 65536);
        client.call(0, new Tattach(0, Frame.NOFID, Text.of("u"), Text.EMPTY, OptionalInt.of(0)), Rattach.class);
        return client;
    }

    private static long resumes(Endpoint endpoint) {
        return session(endpoint).resumes();
    }

    private static Status.SessionStatus session(Endpoint endpoint) {
        return endpoint.status().peers().getFirst().session().orElseThrow();
    }

    @Test
    @DisplayName("a connection that has fallen silent is noticed and replaced, and the request on it is answered")
    void blackHole() throws Exception {
        try (EndpointPair pair = pair(alert());
                Relay relay = pair.linkThroughRelay();
                RawNine client = attached(pair.southsFiles())) {
            relay.weather(Weather.BLACK_HOLE);
            client.send(new Tgetattr(0, 0), 1);
            await().atMost(PATIENCE).until(() -> !pair.north().status().peers().getFirst().linked());
            relay.weather(Weather.FAIR);
            client.reply(1, Rgetattr.class);
            assertThat(resumes(pair.north())).isPositive();
        }
    }

    @Test
    @DisplayName("so is one that takes nothing any more, with a large write on its way")
    void stalled() throws Exception {
        try (EndpointPair pair = pair(alert());
                Relay relay = pair.linkThroughRelay();
                RemoteFiles files = EndpointPair.connect(pair.southsFiles());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            relay.weather(Weather.STALLED);
            byte[] content = new byte[(int) (20 * MIB)];
            Future<Long> writing = threads.submit(() -> files.write(RemotePath.of("large"),
                    new ByteArrayInputStream(content), 0600, content.length, Progress.NONE));
            await().atMost(PATIENCE).until(() -> !pair.north().status().peers().getFirst().linked());
            relay.weather(Weather.FAIR);
            assertThat(writing.get()).isEqualTo(content.length);
            assertThat(Files.size(folder.resolve("south/large"))).isEqualTo(content.length);
        }
    }

    @Test
    @DisplayName("a link that is only silent is probed, and stays")
    void silent() throws Exception {
        Liveness probing = new Liveness(Duration.ofMillis(400), PATIENCE);
        try (EndpointPair pair = pair(SessionLimits.STANDARD.withLiveness(probing));
                Relay relay = pair.linkThroughRelay();
                RawNine client = attached(pair.southsFiles())) {
            // The one that probes first keeps the other from probing: what it hears and says is no silence.
            await().atMost(PATIENCE).until(() -> Stream.of(pair.north(), pair.south())
                    .anyMatch(end -> session(end).link().orElseThrow().roundTrip().isPresent()));
            client.call(1, new Tgetattr(0, 0), Rgetattr.class);
            assertThat(resumes(pair.north())).isZero();
            assertThat(relay.cuts()).isZero();
        }
    }

    @Test
    @DisplayName("a far side that was restarted has forgotten: what waits fails at once, and what comes works")
    void restarted() throws Exception {
        try (EndpointPair pair = pair(SessionLimits.STANDARD);
                Relay relay = pair.linkThroughRelay();
                RawNine client = attached(pair.southsFiles())) {
            relay.refuse(true);
            client.send(new Tgetattr(0, 0), 1);
            try (Endpoint again = pair.restartSouth()) {
                assertThat(again.status().peers().getFirst().linked()).isFalse();
                relay.refuse(false);
                assertThat(client.reply(1, Rlerror.class).ecode()).isEqualTo(ENOTCONN);
                client.expectEnd();
                try (RawNine next = attached(pair.southsFiles())) {
                    next.call(1, new Tgetattr(0, 0), Rgetattr.class);
                }
            }
        }
    }

    @Test
    @DisplayName("a program begun while the peer is gone by a crash is served by the session that begins when it is back")
    void begunMeanwhile() throws Exception {
        try (EndpointPair pair = pair(SessionLimits.STANDARD);
                Relay relay = pair.linkThroughRelay();
                RawNine attaching = RawNine.connect(UnixDomainSocketAddress.of(pair.southsFiles()))) {
            attaching.handshake(Dialect.LINUX, 65536);
            relay.refuse(true);
            Tattach attach = new Tattach(0, Frame.NOFID, Text.of("u"), Text.EMPTY, OptionalInt.of(0));
            attaching.send(attach, 1);
            try (Endpoint again = pair.restartSouth();
                    RawNine begun = RawNine.connect(UnixDomainSocketAddress.of(pair.southsFiles()))) {
                begun.send(new Tversion(65536, Text.of("9P2000.L")), Frame.NOTAG);
                assertThat(again.status().peers().getFirst().linked()).isFalse();
                relay.refuse(false);
                begun.reply(Frame.NOTAG, Rversion.class);
                begun.call(1, attach, Rattach.class);
                attaching.reply(1, Rattach.class);
                attaching.call(2, new Tgetattr(0, 0), Rgetattr.class);
            }
        }
    }

    @Test
    @DisplayName("a session that waits too long for a link is over: what waits fails, and what comes works")
    void expired() throws Exception {
        try (EndpointPair pair = pair(SessionLimits.STANDARD.withLife(Duration.ofMillis(300)));
                Relay relay = pair.linkThroughRelay();
                RawNine client = attached(pair.southsFiles())) {
            relay.refuse(true);
            client.send(new Tgetattr(0, 0), 1);
            assertThat(client.reply(1, Rlerror.class).ecode()).isEqualTo(ENOTCONN);
            client.expectEnd();
            relay.refuse(false);
            pair.awaitLinked();
            try (RawNine next = attached(pair.southsFiles())) {
                next.call(1, new Tgetattr(0, 0), Rgetattr.class);
            }
        }
    }

    @Test
    @DisplayName("what is kept for a far side that is away stays within its bound, however much clients write")
    void bounded() throws Exception {
        try (EndpointPair pair = pair(SessionLimits.STANDARD);
                Relay relay = pair.linkThroughRelay();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<RawNine> clients = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                RawNine client = attached(pair.southsFiles());
                client.call(0, new Twalk(0, 1, List.of()), Rwalk.class);
                client.call(0, new Tlcreate(1, Text.of("file-" + i), O_RDWR, 0600, 0), Rlcreate.class);
                clients.add(client);
            }
            relay.refuse(true);
            List<Future<Integer>> writers = clients.stream()
                    .map(client -> threads.submit(() -> writeAhead(client, 200))).toList();
            // The window of 16 MiB counts the replies to come, too; clients in step with each other fill no more than it.
            await().atMost(PATIENCE).until(() -> session(pair.north()).keptBytes() > 14 * MIB);
            assertThat(session(pair.north()).keptBytes()).isLessThan(33 * MIB);
            assertThat(pair.north().status().peers().getFirst().linked()).isFalse();
            relay.refuse(false);
            for (Future<Integer> writer : writers) {
                assertThat(writer.get()).isEqualTo(200);
            }
        }
    }

    private static int writeAhead(RawNine client, int writes) {
        byte[] data = new byte[60_000];
        for (int i = 0; i < writes; i++) {
            client.send(new Twrite(1, (long) i * data.length, Unpooled.wrappedBuffer(data)), i);
        }
        int answered = 0;
        for (int i = 0; i < writes; i++) {
            answered += client.receive().as(Rwrite.class).count() == data.length ? 1 : 0;
        }
        client.close();
        return answered;
    }
}
