package dev.ninetunnel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ninetunnel.testing.HeldBuffers;
import dev.ninetunnel.tls.Tls;
import dev.ninetunnel.tls.TlsHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody on the network does to a connection: nothing arrives that was not sent, nothing is taken for a goodbye, what is
 * thrown is a fault of TLS, and no buffer is left. The first byte of an input says before which of the sealed messages the second
 * gives its place to the rest: 0 is before the handshake.
 */
class RecordsFuzz {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MESSAGES = 4;

    @TempDir
    Path folder;
    private Identity here;
    private Identity there;
    private PeerFile peers;

    @BeforeEach
    void identities() throws IdentityException {
        here = Identity.loadOrCreate(folder.resolve("here"));
        there = Identity.loadOrCreate(folder.resolve("there"));
        peers = new PeerFile(folder.resolve("here"));
        peers.add(new Peer(there.id(), "there"));
    }

    /** One end of a connection. */
    private static final class End extends ChannelInboundHandlerAdapter {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        final List<Throwable> faults = new ArrayList<>();
        boolean goodbye;

        End(TlsHandshake handshake) {
            handshake.addTo(channel.pipeline(), PATIENCE);
            channel.pipeline().addLast(this);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
            ByteBuf bytes = (ByteBuf) message;
            received.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            goodbye |= faults.isEmpty() && event instanceof SslCloseCompletionEvent closed && closed.isSuccess();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            faults.add(cause);
        }

        byte[] sent() {
            channel.runPendingTasks();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                all.writeBytes(ByteBufUtil.getBytes(out));
                out.release();
            }
            return all.toByteArray();
        }

        void take(byte[] bytes) {
            if (channel.isOpen() && bytes.length > 0) {
                channel.writeInbound(ByteBufAllocator.DEFAULT.buffer(bytes.length).writeBytes(bytes));
            }
        }

        void end() {
            channel.close();
            channel.finishAndReleaseAll();
        }
    }

    @FuzzTest
    void nothingArrivesThatWasNotSent(byte[] input) {
        if (input.length < 2) {
            return;
        }
        byte[] injected = Arrays.copyOfRange(input, 2, input.length);
        HeldBuffers held = new HeldBuffers();
        End accepting = new End(new Tls(here, Clock.systemUTC()).accept(peers));
        End dialling = new End(new Tls(there, Clock.systemUTC()).dial(here.id()));
        byte[] said = say(accepting, dialling, (input[0] & 0xFF) % (MESSAGES + 1), input[1] & 0xFF, injected);
        byte[] heard = accepting.received.toByteArray();
        assertThat(heard).isEqualTo(Arrays.copyOf(said, heard.length));
        assertThat(accepting.goodbye).as("a goodbye").isFalse();
        assertThat(accepting.faults).allSatisfy(
                fault -> assertThat(fault).isInstanceOfAny(DecoderException.class, IOException.class));
        dialling.end();
        accepting.end();
        held.assertNoneLeft();
    }

    /** Has one end send messages, of which some bytes are cut off and others put in. Returns what it sent. */
    private static byte[] say(End accepting, End dialling, int where, int cut, byte[] injected) {
        if (where == 0) {
            accepting.take(injected);
            return new byte[0];
        }
        for (int i = 0; i < 4; i++) {
            accepting.take(dialling.sent());
            dialling.take(accepting.sent());
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        for (int i = 1; i <= MESSAGES; i++) {
            byte[] message = ("this is message " + i).getBytes(StandardCharsets.US_ASCII);
            said.writeBytes(message);
            dialling.channel.writeAndFlush(ByteBufAllocator.DEFAULT.buffer().writeBytes(message));
            byte[] sealed = dialling.sent();
            if (i == where) {
                accepting.take(Arrays.copyOf(sealed, Math.min(cut, sealed.length)));
                accepting.take(injected);
                accepting.take(Arrays.copyOfRange(sealed, Math.min(cut, sealed.length), sealed.length));
            } else {
                accepting.take(sealed);
            }
        }
        return said.toByteArray();
    }
}
