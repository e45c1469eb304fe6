package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.tls.Tls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Strangers who begin handshakes that they do not finish: each sends a good ClientHello, and then waits until it is closed. They
 * come from addresses of this machine, 127.1.0.1 and on. For one thread.
 */
public final class Flood implements AutoCloseable {
    private final InetSocketAddress to;
    private final int addresses;
    private final byte[] hello;
    private final Selector selector = Selector.open();
    private final ByteBuffer in = ByteBuffer.allocate(16 << 10);
    private int begun;
    private int heard;
    private int closed;

    /** To this endpoint, from so many addresses in turn. */
    public Flood(InetSocketAddress to, int addresses) throws Exception {
        this.to = to;
        this.addresses = addresses;
        this.hello = clientHello();
    }

    /** What an endpoint begins with that dials. */
    public static byte[] clientHello() throws Exception {
        Path home = Files.createTempDirectory("flood");
        Identity anybody = Identity.loadOrCreate(home.resolve("home"));
        EmbeddedChannel channel = new EmbeddedChannel();
        new Tls(anybody, Clock.systemUTC()).dial(new PeerId("0".repeat(64))).addTo(channel.pipeline(),
                Duration.ofMinutes(1));
        channel.runPendingTasks();
        ByteBuf out = channel.readOutbound();
        byte[] bytes = ByteBufUtil.getBytes(out);
        out.release();
        channel.close();
        channel.releaseOutbound();
        return bytes;
    }

    /** One more connection. */
    public void begin() throws IOException {
        int host = 1 + begun++ % addresses;
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(
                InetAddress.getByAddress(new byte[]{127, 1, (byte) (host / 250), (byte) (1 + host % 250)}), 0));
        channel.configureBlocking(false);
        channel.connect(to);
        channel.register(selector, SelectionKey.OP_CONNECT);
    }

    /** Does what there is to do on those that are there, and waits a while for that. */
    public void look(long millis) throws IOException {
        if (millis > 0) {
            selector.select(this::step, millis);
        } else {
            selector.selectNow(this::step);
        }
    }

    private void step(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                channel.write(ByteBuffer.wrap(hello));
                key.interestOps(SelectionKey.OP_READ);
                return;
            }
            int got = channel.read(in.clear());
            if (got > 0 && key.attachment() == null) {
                heard++;
                key.attach("heard");
            }
            if (got >= 0) {
                return;
            }
        } catch (IOException refused) {
            // It is over in any case.
        }
        closed++;
        close(channel);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** How many have begun. */
    public int begun() {
        return begun;
    }

    /** To how many of them the endpoint has answered with a handshake of its own. */
    public int heard() {
        return heard;
    }

    /** How many are over. */
    public int closed() {
        return closed;
    }

    @Override
    public void close() throws IOException {
        selector.keys().forEach(key -> close((SocketChannel) key.channel()));
        selector.close();
    }

    /** {@code HOST PORT PER-SECOND ADDRESSES SECONDS}: prints how many it began, and how many of them were heard. */
    public static void main(String... args) throws Exception {
        InetSocketAddress to = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        int perSecond = Integer.parseInt(args[2]);
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(Integer.parseInt(args[4]));
        try (Flood flood = new Flood(to, Integer.parseInt(args[3]))) {
            start = System.nanoTime();
            for (long now = start; now < end; now = System.nanoTime()) {
                while (flood.begun < (now - start) / 1e9 * perSecond) {
                    flood.begin();
                }
                flood.look(2);
            }
            System.out.printf("begun %d, %.0f a second; heard %d; closed %d%n", flood.begun,
                    flood.begun / ((System.nanoTime() - start) / 1e9), flood.heard, flood.closed);
        }
    }
}
