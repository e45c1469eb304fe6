package dev.ninetunnel.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over a connection after its handshake, against another of ours and against the TLS of the JDK. */
class RecordsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String AES_256 = "TLS_AES_256_GCM_SHA384";

    @TempDir
    Path folder;
    private final Random random = new Random(20_260);
    private final List<End> ends = new ArrayList<>();
    private Identity here;
    private Identity there;
    private PeerFile peers;

    /** One end of the connection: what came out of it, and what happened. */
    private static final class End extends ChannelInboundHandlerAdapter {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        final List<Throwable> faults = new ArrayList<>();
        boolean goodbye;
        boolean echoes;
        /** The types and lengths of the records that it sent. */
        final List<String> records = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
            ByteBuf bytes = (ByteBuf) message;
            bytes.getBytes(bytes.readerIndex(), received, bytes.readableBytes());
            if (echoes) {
                ctx.writeAndFlush(bytes);
            } else {
                bytes.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            goodbye |= event instanceof SslCloseCompletionEvent closed && closed.isSuccess();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            faults.add(cause);
        }

        void write(byte[] bytes) {
            channel.write(Unpooled.copiedBuffer(bytes));
        }

        void send(byte[] bytes) {
            write(bytes);
            channel.flush();
        }

        byte[] sealed() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                all.writeBytes(ByteBufUtil.getBytes(out));
                out.release();
            }
            byte[] bytes = all.toByteArray();
            for (int at = 0; at + 5 <= bytes.length;) {
                int length = 5 + (((bytes[at + 3] & 0xFF) << 8) | (bytes[at + 4] & 0xFF));
                records.add(bytes[at] + ":" + length);
                at += length;
            }
            return bytes;
        }
    }

    @BeforeEach
    void identities() throws Exception {
        here = Identity.loadOrCreate(folder.resolve("here"));
        there = Identity.loadOrCreate(folder.resolve("there"));
        peers = new PeerFile(folder.resolve("here"));
        peers.add(new Peer(there.id(), "there"));
    }

    @AfterEach
    void close() {
        for (End end : ends) {
            end.channel.close();
            end.channel.finishAndReleaseAll();
        }
    }

    private End accepting() {
        return accepting(RecordProtection.MOST_RECORDS);
    }

    private End accepting(long mostRecords) {
        return ours(new Tls(Credentials.of(here, Clock.systemUTC()), Clock.systemUTC(), mostRecords).accept(peers));
    }

    private End dialling(long mostRecords) {
        return ours(new Tls(Credentials.of(there, Clock.systemUTC()), Clock.systemUTC(), mostRecords).dial(here.id()));
    }

    private End ours(TlsHandshake handshake) {
        End end = new End();
        ends.add(end);
        handshake.addTo(end.channel.pipeline(), PATIENCE);
        end.channel.pipeline().addLast(end);
        return end;
    }

    private End jdk(boolean server, String suite) throws Exception {
        SslContextBuilder builder = server
                ? SslContextBuilder.forServer(there.key().privateKey(), there.chain()).clientAuth(ClientAuth.REQUIRE)
                : SslContextBuilder.forClient().keyManager(there.key().privateKey(), there.chain());
        SslContext context = builder.sslProvider(SslProvider.JDK).protocols("TLSv1.3").ciphers(List.of(suite))
                .trustManager(InsecureTrustManagerFactory.INSTANCE).build();
        End end = new End();
        ends.add(end);
        end.channel.pipeline().addLast(context.newHandler(end.channel.alloc()), end);
        return end;
    }

    /** Carries bytes both ways, in pieces of any size, until there are no more. */
    private void carry(End a, End b) {
        boolean moved = true;
        while (moved) {
            a.channel.runPendingTasks();
            b.channel.runPendingTasks();
            byte[] toB = a.sealed();
            byte[] toA = b.sealed();
            deliver(toB, b);
            deliver(toA, a);
            moved = toB.length + toA.length > 0;
        }
    }

    private void deliver(byte[] bytes, End end) {
        for (int at = 0; at < bytes.length && end.channel.isOpen();) {
            int most = random.nextInt(4) == 0 ? 7 : 200_000;
            int next = Math.min(bytes.length, at + 1 + random.nextInt(most));
            end.channel.writeInbound(Unpooled.copiedBuffer(bytes, at, next - at));
            at = next;
        }
    }

    private byte[] some(int bytes) {
        byte[] made = new byte[bytes];
        random.nextBytes(made);
        return made;
    }

    /** Sends batches of frames of many sizes, and sees that they arrive. */
    private void exchange(End from, End to) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        to.received.reset();
        for (int batch = 0; batch < 40; batch++) {
            for (int frame = random.nextInt(5); frame >= 0; frame--) {
                byte[] bytes = some(1 + random.nextInt(frame == 0 ? 150_000 : 300));
                sent.writeBytes(bytes);
                from.write(bytes);
            }
            from.channel.flush();
            carry(from, to);
        }
        assertThat(from.faults).isEmpty();
        assertThat(to.faults).isEmpty();
        assertThat(Arrays.equals(to.received.toByteArray(), sent.toByteArray())).as("what arrived is what was sent")
                .isTrue();
    }

    @Test
    @DisplayName("what is written arrives, however the connection cuts it, in records that are as full as can be")
    void ours() {
        End server = accepting();
        End client = dialling(RecordProtection.MOST_RECORDS);
        carry(client, server);
        exchange(client, server);
        exchange(server, client);

        client.records.clear();
        for (int i = 0; i < 100; i++) {
            client.write(some(1000));
        }
        client.channel.flush();
        carry(client, server);
        assertThat(client.records).containsExactly("23:16406", "23:16406", "23:16406", "23:16406", "23:16406",
                "23:16406", "23:1718");
    }

    @ParameterizedTest
    @ValueSource(strings = {AES_256, "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"})
    @DisplayName("the JDK's TLS reads what is written and is read, with each cipher and at either end")
    void jdk(String suite) throws Exception {
        End client = jdk(false, suite);
        End server = accepting();
        carry(client, server);
        exchange(client, server);
        exchange(server, client);

        peers.add(new Peer(here.id(), "here"));
        End dialler = ours(new Tls(here, Clock.systemUTC()).dial(there.id()));
        End jdk = jdk(true, suite);
        carry(dialler, jdk);
        exchange(dialler, jdk);
        exchange(jdk, dialler);
    }

    @Test
    @DisplayName("who writes back while it is being handed data gets and gives what it should")
    void echo() {
        End server = accepting();
        End client = dialling(RecordProtection.MOST_RECORDS);
        carry(client, server);
        server.echoes = true;
        byte[] much = some(1_000_000);
        client.send(much);
        carry(client, server);
        assertThat(Arrays.equals(client.received.toByteArray(), much)).isTrue();
    }

    @Test
    @DisplayName("a new key is taken after so many records, and both ends go on (RFC 8446, 4.6.3)")
    void updatesByItself() throws Exception {
        End server = accepting(3);
        End client = dialling(5);
        carry(client, server);
        exchange(client, server);
        exchange(server, client);

        End jdk = jdk(false, AES_256);
        End eager = accepting(2);
        carry(jdk, eager);
        exchange(eager, jdk);
        exchange(jdk, eager);
    }

    @Test
    @DisplayName("a peer that takes a new key and asks for one is given one before more data (RFC 8446, 4.6.3)")
    void answersUpdates() throws Exception {
        End jdk = jdk(false, AES_256);
        End server = accepting();
        carry(jdk, server);
        for (int i = 0; i < 3; i++) {
            jdk.channel.pipeline().get(SslHandler.class).engine().beginHandshake();
            exchange(jdk, server);
            server.records.clear();
            server.send(some(100));
            carry(jdk, server);
            assertThat(server.records).as("a KeyUpdate, and the data").containsExactly("23:27", "23:122");
            exchange(server, jdk);
        }
    }

    @Test
    @DisplayName("a record that was changed on the way ends the connection, with an alert, and nothing of it is delivered")
    void changed() throws Exception {
        End server = accepting();
        End client = jdk(false, AES_256);
        carry(client, server);
        client.send(some(1000));
        byte[] record = client.sealed();
        record[500] ^= 1;
        deliver(record, server);
        assertThat(server.received.size()).isZero();
        assertThat(server.faults).hasSize(1);
        assertThat(server.faults.getFirst()).hasMessageContaining("bad_record_mac");
        carry(client, server);
        assertThat(client.faults).hasSize(1);
        assertThat(client.faults.getFirst()).hasStackTraceContaining("bad_record_mac");
    }

    @Test
    @DisplayName("a record that was left out, or comes twice, ends the connection")
    void outOfOrder() {
        for (boolean twice : new boolean[]{true, false}) {
            End server = accepting();
            End client = dialling(RecordProtection.MOST_RECORDS);
            carry(client, server);
            client.send(some(10));
            byte[] first = client.sealed();
            client.send(some(10));
            byte[] second = client.sealed();
            if (twice) {
                deliver(first, server);
                deliver(first, server);
            } else {
                deliver(second, server);
            }
            assertThat(server.received.size()).isEqualTo(twice ? 10 : 0);
            assertThat(server.faults).hasSize(1);
        }
    }

    @Test
    @DisplayName("a goodbye comes behind the data that was written before it, and is known from a connection that was cut")
    void goodbye() {
        End server = accepting();
        End client = dialling(RecordProtection.MOST_RECORDS);
        carry(client, server);
        client.write(some(50_000));
        client.channel.close();
        carry(client, server);
        assertThat(server.received.size()).isEqualTo(50_000);
        assertThat(server.goodbye).isTrue();

        End other = accepting();
        End cut = dialling(RecordProtection.MOST_RECORDS);
        carry(cut, other);
        cut.send(some(50_000));
        byte[] sealed = cut.sealed();
        deliver(Arrays.copyOf(sealed, sealed.length - 1), other);
        other.channel.close();
        assertThat(other.goodbye).isFalse();
        assertThat(other.received.size()).isEqualTo(3 * RecordProtection.MOST_PLAIN);
    }

    @Test
    @DisplayName("data behind a goodbye is not delivered")
    void nothingBehindGoodbye() {
        End server = accepting();
        End client = dialling(RecordProtection.MOST_RECORDS);
        carry(client, server);
        client.channel.pipeline().get(SslHandler.class).closeOutbound();
        byte[] goodbye = client.sealed();
        client.send(some(100));
        byte[] data = client.sealed();
        server.channel.writeInbound(Unpooled.wrappedBuffer(goodbye, data));
        assertThat(server.goodbye).isTrue();
        assertThat(server.received.size()).isZero();
    }
}
