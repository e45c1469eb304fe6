package dev.ninetunnel.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.CryptoHashAlgorithm;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 8446 says in sections 5.1 to 5.4 and 6 that a receiver must do, rule by rule. */
class RecordRulesTest {
    private static final byte DATA = 23;
    private static final byte ALERT = 21;
    private static final byte HANDSHAKE = 22;
    private static final int MOST = 1 << 14;
    private static final byte[] KEY_UPDATE = {24, 0, 0, 1, 0};
    private static final byte[] TICKET_WITHOUT_END = {4, 0, 0, 9, 1, 2};

    private final JcaTlsCrypto crypto = new JcaTlsCryptoProvider().create(new SecureRandom());

    private final List<EmbeddedChannel> channels = new ArrayList<>();

    @AfterEach
    void close() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    /** Whoever has closed is sent nothing. */
    private static void take(EmbeddedChannel channel, byte[] bytes) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        }
    }

    /** The records of a peer, which may do as it likes, and what comes of them. */
    private final class Connection extends ChannelInboundHandlerAdapter {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        final List<Throwable> faults = new ArrayList<>();
        final TrafficKey peer = key(Cipher.ENCRYPT_MODE);
        final TrafficKey peerReads = key(Cipher.DECRYPT_MODE);

        Connection() throws Exception {
            RecordReader reader = new RecordReader(new FastThreadLocal<>() {
                @Override
                protected RecordArrays initialValue() {
                    return new RecordArrays();
                }
            });
            ChannelInboundHandlerAdapter writer = new ChannelInboundHandlerAdapter();
            RecordProtection recordProtection = new RecordProtection(key(Cipher.ENCRYPT_MODE), key(Cipher.DECRYPT_MODE),
                    RecordProtection.MOST_RECORDS);
            channels.add(channel);
            channel.pipeline().addLast(reader, asking(recordProtection), writer, this);
            reader.goPast(recordProtection, channel.pipeline().context(writer));
        }

        /** In the place of Bouncy Castle, which asks for what is not application data. */
        private static ChannelInboundHandlerAdapter asking(RecordProtection recordProtection) {
            return new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
                    byte[] record = ByteBufUtil.getBytes((ByteBuf) message);
                    ((ByteBuf) message).release();
                    recordProtection.decodeCiphertext(0, DATA, ProtocolVersion.TLSv12, record, TrafficKey.HEADER,
                            record.length - TrafficKey.HEADER);
                }
            };
        }

        private TrafficKey key(int mode) throws Exception {
            return new TrafficKey(Aead.AES_256_GCM, Cipher.getInstance(Aead.AES_256_GCM.transformation), mode,
                    crypto.createSecret(new byte[48]), new TrafficKey.Hash(CryptoHashAlgorithm.sha384, 48));
        }

        /** Sends a record with this inside: content, content type, padding. */
        void send(byte[] inside) throws Exception {
            int length = inside.length + Aead.TAG_BYTES;
            byte[] record = new byte[TrafficKey.HEADER + length];
            System.arraycopy(header(3, length), 0, record, 0, TrafficKey.HEADER);
            peer.apply(record, inside, 0, inside.length, record, TrafficKey.HEADER);
            sendRaw(record);
        }

        void sendRaw(byte... bytes) {
            take(channel, bytes);
        }

        /** Level and description of the alert that the peer was sent. */
        byte[] alert() throws Exception {
            ByteBuf sent = channel.readOutbound();
            byte[] record = ByteBufUtil.getBytes(sent);
            sent.release();
            byte[] inside = new byte[record.length];
            int bytes = peerReads.apply(record, record, TrafficKey.HEADER, record.length - TrafficKey.HEADER, inside,
                    0);
            assertThat(bytes).isEqualTo(3);
            assertThat(inside[2]).isEqualTo(ALERT);
            return new byte[]{inside[0], inside[1]};
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            data.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            faults.add(cause);
        }
    }

    private static byte[] header(int minor, int length) {
        return new byte[]{DATA, 3, (byte) minor, (byte) (length >> 8), (byte) length};
    }

    private static byte[] inside(byte[] content, byte type, int padding) {
        byte[] inside = new byte[content.length + 1 + padding];
        System.arraycopy(content, 0, inside, 0, content.length);
        inside[content.length] = type;
        return inside;
    }

    private static byte[] and(byte[] first, byte... second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static Stream<Arguments> refused() {
        byte[] none = {};
        return Stream.of(
                rule("5.1 an alert between the parts of a message of the handshake",
                        AlertDescription.unexpected_message,
                        inside(TICKET_WITHOUT_END, HANDSHAKE, 0), inside(new byte[]{1, 0}, ALERT, 0)),
                rule("5.1 application data between the parts of a message of the handshake",
                        AlertDescription.unexpected_message,
                        inside(TICKET_WITHOUT_END, HANDSHAKE, 0), inside(new byte[]{1}, DATA, 0)),
                rule("5.1 even none of it", AlertDescription.unexpected_message,
                        inside(TICKET_WITHOUT_END, HANDSHAKE, 0), inside(none, DATA, 9)),
                rule("5.1 a message that begins within its header", AlertDescription.unexpected_message,
                        inside(new byte[]{4, 0}, HANDSHAKE, 0), inside(new byte[]{1}, DATA, 0)),
                rule("5.1 a KeyUpdate that does not end with its record", AlertDescription.unexpected_message,
                        inside(and(KEY_UPDATE, (byte) 4), HANDSHAKE, 0)),
                rule("5.1 two KeyUpdates in a record", AlertDescription.unexpected_message,
                        inside(and(KEY_UPDATE, KEY_UPDATE), HANDSHAKE, 0)),
                rule("4.3.2 a request for a certificate with a context, in the handshake",
                        AlertDescription.illegal_parameter, inside(new byte[]{13, 0, 0, 4, 1, 9, 0, 0}, HANDSHAKE, 0)),
                rule("4.4.2 a certificate with a context, in the handshake", AlertDescription.illegal_parameter,
                        inside(new byte[]{11, 0, 0, 5}, HANDSHAKE, 0), inside(new byte[]{1, 9, 0, 0, 0}, HANDSHAKE, 0)),
                rule("5.1 half an alert", AlertDescription.decode_error, inside(new byte[]{1}, ALERT, 0)),
                rule("5.1 two alerts in a record", AlertDescription.decode_error,
                        inside(new byte[]{1, 90, 1, 0}, ALERT, 0)),
                rule("5.4 an alert without content", AlertDescription.unexpected_message, inside(none, ALERT, 4)),
                rule("5.4 a message of the handshake without content", AlertDescription.unexpected_message,
                        inside(none, HANDSHAKE, 0)),
                rule("5.4 nothing but padding", AlertDescription.unexpected_message, new byte[100]),
                rule("5.4 nothing at all", AlertDescription.unexpected_message, none),
                rule("5 a change_cipher_spec that is protected", AlertDescription.unexpected_message,
                        inside(new byte[]{1}, (byte) 20, 0)),
                rule("5 a content type that there is not", AlertDescription.unexpected_message,
                        inside(new byte[]{1}, (byte) 24, 0)),
                rule("5 a content type above 127", AlertDescription.unexpected_message,
                        inside(new byte[]{1}, (byte) 0xFE, 0)),
                rule("5.2 more than 2^14 bytes of content", AlertDescription.record_overflow,
                        inside(new byte[MOST + 1], DATA, 0)),
                rule("5.4 more than 2^14 bytes of content and padding", AlertDescription.record_overflow,
                        inside(new byte[]{1}, DATA, MOST)));
    }

    private static Arguments rule(String what, short alert, byte[]... inside) {
        return Arguments.of(what, alert, inside);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    @DisplayName("what the RFC forbids in a record ends the connection with the alert that it names, and a fault")
    void refused(String what, short alert, byte[][] inside) throws Exception {
        Connection connection = new Connection();
        connection.send(inside(new byte[]{7, 8}, DATA, 0));
        for (byte[] record : inside) {
            connection.send(record);
        }
        connection.sendRaw((byte) 1, (byte) 2);

        assertThat(connection.data.toByteArray()).as("what came before").containsExactly(7, 8);
        assertThat(connection.alert()).containsExactly(2, alert);
        assertThat(connection.faults).singleElement().isInstanceOfSatisfying(TlsFatalAlert.class,
                fault -> assertThat(fault.getAlertDescription()).isEqualTo(alert));
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"17 03 03 ff ff, 22, 5.2 above the most that a record may have",
            "17 03 03 40 12, 22, 5.4 one byte too many",
            "17 03 03 00 00, 20, 5.2 without room for a tag", "17 03 03 00 0f, 20, 5.2 a byte too short for a tag",
            "15 03 03 00 02, 10, 5 an alert that is not protected",
            "16 03 03 00 04, 10, 5 a message that is not protected",
            "14 03 03 00 01, 10, 5 a change_cipher_spec after the handshake",
            "18 03 03 00 03, 10, 5 a type that there is not",
            "80 2e 01 00 02, 10, 5 SSL 2", "47 45 54 20 2f, 10, 5 no TLS"})
    @DisplayName("a header that cannot be one is refused at once, before anything behind it has come")
    void headers(String hex, byte alert, String what) throws Exception {
        Connection connection = new Connection();
        connection.sendRaw(HexFormat.ofDelimiter(" ").parseHex(hex));
        assertThat(connection.alert()).as(what).containsExactly(2, alert);
        assertThat(connection.faults).hasSize(1);
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    @DisplayName("5.1 5.4 data without content, and padding up to 2^14 bytes with the content, are taken")
    void taken() throws Exception {
        Connection connection = new Connection();
        connection.send(inside(new byte[0], DATA, 0));
        connection.send(inside(new byte[]{1}, DATA, MOST - 1));
        connection.send(inside(new byte[MOST], DATA, 0));
        assertThat(connection.data.size()).isEqualTo(1 + MOST);
        assertThat(connection.faults).isEmpty();
    }

    @Test
    @DisplayName("5.1 the version of a protected record is ignored, but for its being authenticated")
    void version() throws Exception {
        Connection connection = new Connection();
        byte[] inside = inside(new byte[]{5}, DATA, 0);
        byte[] record = and(header(1, inside.length + Aead.TAG_BYTES), new byte[inside.length + Aead.TAG_BYTES]);
        connection.peer.apply(record, inside, 0, inside.length, record, TrafficKey.HEADER);
        connection.sendRaw(record);
        assertThat(connection.data.toByteArray()).containsExactly(5);

        byte[] next = record.clone();
        connection.peer.apply(next, inside, 0, inside.length, next, TrafficKey.HEADER);
        next[2] = 3;
        connection.sendRaw(next);
        assertThat(connection.alert()).containsExactly(2, AlertDescription.bad_record_mac);
    }

    // ---- with Bouncy Castle above

    @TempDir
    private Path folder;

    /** One end of a connection with its TLS, and what it made of what came. */
    private static final class End extends ChannelInboundHandlerAdapter {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final List<Throwable> faults = new ArrayList<>();
        boolean goodbye;
        int data;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            data += bytes.readableBytes();
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            goodbye |= event instanceof SslCloseCompletionEvent closed && closed.isSuccess();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            faults.add(cause);
        }

        byte[] sent() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                all.writeBytes(ByteBufUtil.getBytes(out));
                out.release();
            }
            return all.toByteArray();
        }

        void take(byte... bytes) {
            RecordRulesTest.take(channel, bytes);
        }
    }

    private TlsHandshake accept() throws Exception {
        Identity here = Identity.loadOrCreate(folder.resolve("here"));
        PeerFile peers = new PeerFile(folder.resolve("here"));
        peers.add(new Peer(Identity.loadOrCreate(folder.resolve("there")).id(), "there"));
        return new Tls(here, Clock.systemUTC()).accept(peers);
    }

    private TlsHandshake dial() throws Exception {
        return new Tls(Identity.loadOrCreate(folder.resolve("there")), Clock.systemUTC())
                .dial(Identity.loadOrCreate(folder.resolve("here")).id());
    }

    private End end(TlsHandshake handshake) {
        End end = new End();
        channels.add(end.channel);
        handshake.addTo(end.channel.pipeline(), Duration.ofMinutes(1));
        end.channel.pipeline().addLast(end);
        return end;
    }

    private static void carry(End a, End b) {
        for (int i = 0; i < 10; i++) {
            a.channel.runPendingTasks();
            b.channel.runPendingTasks();
            b.take(a.sent());
            a.take(b.sent());
        }
    }

    /** A record of this type that the dialling end seals as an authentic peer would. */
    private static byte[] authentic(TlsHandshake from, byte type, byte... content) throws Exception {
        var record = from.protection().orElseThrow().encodePlaintext(0, type,
                ProtocolVersion.TLSv12, TrafficKey.HEADER, content, 0, content.length);
        return Arrays.copyOfRange(record.buf, record.off, record.off + record.len);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({"1, 0, GOODBYE", "2, 0, GOODBYE", "1, 90, NOTHING", "2, 90, NOTHING", "1, 20, FAULT", "2, 20, FAULT",
            "1, 80, FAULT", "1, 100, FAULT", "1, 41, FAULT", "77, 48, FAULT", "1, 250, FAULT"})
    @DisplayName("6 an alert is what it says, whatever level it names: a goodbye, or a fault, or (user_canceled) nothing yet")
    void alerts(byte level, int description, String meaning) throws Exception {
        TlsHandshake dialling = dial();
        End server = end(accept());
        End client = end(dialling);
        carry(client, server);
        server.take(and(authentic(dialling, ALERT, level, (byte) description), authentic(dialling, DATA, (byte) 1)));
        assertThat(server.goodbye).isEqualTo(meaning.equals("GOODBYE"));
        assertThat(server.faults).hasSize(meaning.equals("FAULT") ? 1 : 0);
        assertThat(server.data).as("6.1, 6.2 what comes behind a goodbye or a fault is ignored")
                .isEqualTo(meaning.equals("NOTHING") ? 1 : 0);
        assertThat(server.channel.isOpen()).isEqualTo(!meaning.equals("FAULT"));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({"18 00 00 01 02, 4.6.3 a KeyUpdate that asks for what there is not",
            "18 00 00 02 00 00, 4.6.3 a long KeyUpdate",
            "01 00 00 00, 4.1.2 a ClientHello after the handshake", "14 00 00 00, 4.4.4 a Finished after the handshake",
            "0d 00 00 00, 4.6.2 a request for a certificate that was not offered",
            "63 00 00 00, 4 a message that there is not",
            "0b ff ff ff, 4 a message that is too long"})
    @DisplayName("messages of the handshake that may not come after it are a fault, with a fatal alert and no goodbye")
    void messages(String hex, String what) throws Exception {
        TlsHandshake dialling = dial();
        TlsHandshake accepting = accept();
        for (boolean toServer : new boolean[]{true, false}) {
            TlsHandshake from = toServer ? dialling : accepting;
            End server = end(accepting);
            End client = end(dialling);
            carry(client, server);
            End at = toServer ? server : client;
            End other = toServer ? client : server;
            at.take(authentic(from, HANDSHAKE, HexFormat.ofDelimiter(" ").parseHex(hex)));
            assertThat(at.faults).as(what).hasSize(1);
            at.channel.runPendingTasks();
            other.take(at.sent());
            assertThat(other.goodbye).isFalse();
            assertThat(other.faults).as("a fatal alert").hasSize(1);
            dialling = dial();
            accepting = accept();
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"16 03 01 40 01, true", "17 03 03 ff ff, true", "16 03 01 00 00, false", "80 2e 01 00 02, false",
            "15 03 03 00 01 01, false", "14 03 03 00 01 02, false", "16 03 01 00 09 01 00 00 04 00 00 00 00 01, false",
            "17 03 03 00 00, false"})
    @DisplayName("the first record is held to the same rules, and refused at once, at either side")
    void first(String hex, boolean overflow) throws Exception {
        for (TlsHandshake handshake : List.of(accept(), dial())) {
            End end = end(handshake);
            end.channel.runPendingTasks();
            end.sent();
            end.take(HexFormat.ofDelimiter(" ").parseHex(hex));
            end.channel.runPendingTasks();
            assertThat(end.channel.isOpen()).isFalse();
            if (overflow) {
                assertThat(end.sent()).containsExactly(21, 3, 3, 0, 2, 2, 22);
            }
        }
    }

    @Test
    @DisplayName("5 a change_cipher_spec of the one value that there is changes nothing, before the other side's Finished")
    void changeCipherSpec() throws Exception {
        End server = end(accept());
        End client = end(dial());
        client.channel.runPendingTasks();
        server.take(client.sent());
        server.take((byte) 20, (byte) 3, (byte) 3, (byte) 0, (byte) 1, (byte) 1);
        carry(client, server);
        assertThat(server.channel.pipeline().get(SslHandler.class).handshakeFuture().isSuccess()).isTrue();
    }
}
