package dev.ninetunnel.testing;

import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Wrapped;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A unix socket that leads to another, and counts for each connection which requests go over it. */
public final class CountingSocket implements AutoCloseable {
    private static final int BUFFER = 1 << 17;
    private static final int MSIZE = 1 << 20;

    private final Path path;
    private final Path to;
    private final ServerSocketChannel listening;
    private final List<Map<MessageType, Integer>> connections = new CopyOnWriteArrayList<>();
    private final AtomicInteger arrivals = new AtomicInteger();

    /** Listens at a path, and connects each who comes to another. */
    public CountingSocket(Path path, Path to) throws IOException {
        this.path = path;
        this.to = to;
        this.listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /** Where it listens. */
    public Path path() {
        return path;
    }

    /** How many requests of each type have come over each connection that has ended, or not, in the order they were made. */
    public List<Map<MessageType, Integer>> connections() {
        return List.copyOf(connections);
    }

    /** How often something has come from clients: several requests that were sent together come at once. */
    public int arrivals() {
        return arrivals.get();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel near = listening.accept();
                SocketChannel far = SocketChannel.open(UnixDomainSocketAddress.of(to));
                Map<MessageType, Integer> counts = new EnumMap<>(MessageType.class);
                connections.add(counts);
                Thread.ofPlatform().daemon().start(() -> carry(near, far, counts, arrivals));
                Thread.ofPlatform().daemon()
                        .start(() -> carry(far, near, new EnumMap<>(MessageType.class), new AtomicInteger()));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void carry(SocketChannel from, SocketChannel to, Map<MessageType, Integer> counts,
            AtomicInteger arrivals) {
        EmbeddedChannel frames = new EmbeddedChannel(new FrameDecoder(MSIZE));
        try (from; to) {
            ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
            while (from.read(bytes.clear()) >= 0) {
                bytes.flip();
                arrivals.incrementAndGet();
                frames.writeInbound(Unpooled.copiedBuffer(bytes));
                for (ByteBuf frame = frames.readInbound(); frame != null; frame = frames.readInbound()) {
                    counts.merge(type(frame), 1, Integer::sum);
                    frame.release();
                }
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
            }
        } catch (IOException e) {
            // One of both has closed it.
        } finally {
            frames.finishAndReleaseAll();
        }
    }

    /** That of the request with which a lease is wanted, where one is. */
    private static MessageType type(ByteBuf frame) {
        MessageType type = MessageType.withLeases(frame);
        return type == MessageType.TWANT ? Wrapped.type(frame) : type;
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
