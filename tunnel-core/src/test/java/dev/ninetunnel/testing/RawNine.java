package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * One end of a 9P stream in the hands of a test, which says frame by frame what it sends and what it expects. It
 * obeys no rule of the protocol by itself, so it can be a client, a server, both at once or a hostile peer.
 *
 * <pre>
 *   try (RawNine peer = RawNine.connect(address)) {
 *       peer.handshake(Dialect.LINUX, 8192);
 *       peer.send(new Tclunk(0), 5);
 *       assertThat(peer.reply(5, Rlerror.class).ecode()).isEqualTo(EBADF.number());
 *   }
 * </pre>
 *
 * <p>On a socket, receiving waits (and fails the test after {@link ByteStream#PATIENCE}); beside an
 * {@link EmbeddedChannel}, it takes what is there. For one thread at a time.
 */
public final class RawNine implements AutoCloseable {
    private final FrameStream stream;

    RawNine(FrameStream stream) {
        this.stream = stream;
    }

    /** Connects to a unix socket ({@link java.net.UnixDomainSocketAddress}) or by TCP. */
    public static RawNine connect(SocketAddress address) {
        try {
            return over(SocketChannel.open(address));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect to " + address, e);
        }
    }

    /** On a connection that is already there, and is closed with this. */
    public static RawNine over(ByteChannel connection) {
        return new RawNine(new ByteStream(connection));
    }

    /** On a socket that is already connected, such as one with TLS on it, and is closed with this. */
    public static RawNine over(Socket connection) {
        return over(new SocketBytes(connection));
    }

    /** The far end of an embedded channel: what is sent goes in there, what comes out of it is received. */
    public static RawNine over(EmbeddedChannel channel) {
        return beside(channel, buf -> channel.writeInbound(buf), channel::readOutbound);
    }

    /** The near end of an embedded channel: what is sent is written there, what it passes inwards is received. */
    public static RawNine inside(EmbeddedChannel channel) {
        return beside(channel, buf -> channel.writeOutbound(buf), channel::readInbound);
    }

    private static RawNine beside(EmbeddedChannel channel, Consumer<ByteBuf> in,
            java.util.function.Supplier<Object> out) {
        return new RawNine(new EmbeddedStream(channel, in, out));
    }

    /** Sends a request. */
    public void send(Tmessage request, int tag) {
        ByteBuf frame = Unpooled.buffer();
        request.write(frame, tag);
        sendFrame(frame);
    }

    /** Sends a reply. */
    public void send(Rmessage reply, int tag) {
        ByteBuf frame = Unpooled.buffer();
        reply.write(frame, tag);
        sendFrame(frame);
    }

    /** Sends these bytes, whatever they are, and releases them. */
    public void sendFrame(ByteBuf bytes) {
        stream.send(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    /** Sends bytes written as hexadecimal digits, with or without spaces. */
    public void sendHex(String hex) {
        stream.send(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }

    /** The next frame, whatever it is. */
    public Received receive() {
        Received next = stream.next();
        assertThat(next).as("a frame").isNotNull();
        return next;
    }

    /** The next frame, or null if the connection has ended (or, when embedded, none is there). */
    public Received nextOrEnd() {
        return stream.next();
    }

    /** The next frame, which must be this request. */
    public <T extends Tmessage> Request<T> expect(Class<T> request) {
        Received next = receive();
        return new Request<>(this, next.tag(), next.as(request));
    }

    /** The next frame, which must be this reply and have this tag. */
    public <R extends Rmessage> R reply(int tag, Class<R> reply) {
        Received next = receive();
        assertThat(next.tag()).as("the tag of %s", next).isEqualTo(tag);
        return next.as(reply);
    }

    /** Sends a request and expects this reply to it as the next frame. */
    public <R extends Rmessage> R call(int tag, Tmessage request, Class<R> reply) {
        send(request, tag);
        return reply(tag, reply);
    }

    /** As a client: agrees on a dialect, which must be accepted. Returns the msize. */
    public int handshake(Dialect dialect, int msize) {
        Rversion answer = call(Frame.NOTAG, new Tversion(msize, Text.of(dialect.version())), Rversion.class);
        assertThat(answer.version().utf8()).isEqualTo(dialect.version());
        return answer.msize();
    }

    /** As a server: agrees to whatever Tversion comes next. */
    public Tversion acceptVersion() {
        Request<Tversion> request = expect(Tversion.class);
        request.answer(new Rversion(request.message().msize(), request.message().version()));
        return request.message();
    }

    /** As a server: answers whatever Tversion comes next with this version. */
    public void acceptVersion(String version) {
        Request<Tversion> request = expect(Tversion.class);
        request.answer(new Rversion(request.message().msize(), Text.of(version)));
    }

    /** Fails if a frame is there now. On a socket this says nothing of what is still under way. */
    public void expectNothing() {
        assertThat(stream.nextIfThere()).as("no frame").isNull();
    }

    /** Waits until the other side has closed the connection; frames before that fail the test. */
    public void expectEnd() {
        assertThat(stream.next()).as("the end of the connection").isNull();
        assertThat(stream.ended()).as("the connection has ended").isTrue();
    }

    @Override
    public void close() {
        stream.close();
    }
}
