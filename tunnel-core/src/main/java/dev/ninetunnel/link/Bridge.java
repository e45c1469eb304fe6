package dev.ninetunnel.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * Makes a channel of an event loop out of two streams, such as a command's, that can only be read and written by threads
 * that block. Between the two is a pair of connected unix sockets, and for each direction a thread: reading and writing block,
 * so a side that does not take what is sent holds up the other, and nothing but the sockets' own buffers fills. When one
 * direction ends, the other goes on.
 */
public final class Bridge {
    /** What is at the far side of the bridge. */
    public interface Bank {
        InputStream in();

        OutputStream out();

        /** The input has ended; what there is to learn about why is to be known when this returns. May block. */
        void inputEnded();

        /** The channel is closed, and so is the output: nothing is read any more. Must not block. */
        void abandoned();
    }

    private static final int CHUNK = 64 << 10;

    private final EventLoop loop;
    private final LinkLimits limits;
    private final CompletableFuture<Channel> result = new CompletableFuture<>();

    private Bridge(EventLoop loop, LinkLimits limits) {
        this.loop = loop;
        this.limits = limits;
    }

    /**
     * Opens what is at the far side, which may block, and makes the channel.
     *
     * @return completes on the loop, with a channel that is not read yet, or with what opening threw
     */
    public static CompletableFuture<Channel> open(String name, Callable<Bank> opener, EventLoop loop,
            LinkLimits limits) {
        Bridge bridge = new Bridge(loop, limits);
        thread(name + " in", () -> bridge.run(name, opener));
        return bridge.result;
    }

    /** Daemons: one that waits for the standard input must not keep the process. */
    private static void thread(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name).start(work);
    }

    private void run(String name, Callable<Bank> opener) {
        Bank bank;
        try {
            bank = opener.call();
        } catch (Throwable e) {
            fail(e);
            return;
        }
        try (SocketChannel socket = connect(bank)) {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            thread(name + " out", () -> {
                try {
                    send(socket, bank);
                } finally {
                    sent.complete(null);
                }
            });
            receive(bank, socket);
            sent.join();
        } catch (IOException e) {
            bank.abandoned();
            fail(e);
        }
    }

    private void fail(Throwable e) {
        try {
            loop.execute(() -> result.completeExceptionally(e));
        } catch (RejectedExecutionException stopped) {
            // The endpoint has left: nobody waits for it any more.
        }
    }

    /** Makes the pair: one end becomes the result, the other is returned. */
    private SocketChannel connect(Bank bank) throws IOException {
        Path folder = Files.createTempDirectory("ninetunnel");
        Path path = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Transport transport = Transport.of(loop.parent());
            ChannelFuture connecting = new Bootstrap().group(loop).channel(transport.local())
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SendBufferTuner.waterMark(limits.leastDepth()))
                    .handler(new PoliteClose(limits.linger())).connect(transport.localAddress(path))
                    .awaitUninterruptibly();
            if (!connecting.isSuccess()) {
                throw new IOException("no socket within this process: " + connecting.cause().getMessage(),
                        connecting.cause());
            }
            // Only this process can have connected: the folder is its user's alone.
            SocketChannel other = server.accept();
            Channel channel = connecting.channel();
            channel.closeFuture().addListener(closed -> bank.abandoned());
            channel.eventLoop().execute(() -> result.complete(channel));
            return other;
        } catch (RejectedExecutionException e) {
            throw new IOException("this endpoint has left", e);
        } finally {
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
    }

    /** From the stream to the channel. */
    private static void receive(Bank bank, SocketChannel socket) {
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = bank.in()) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                write(socket, ByteBuffer.wrap(chunk, 0, n));
            }
        } catch (IOException e) {
            // One of the two is closed: the other is told below.
        }
        bank.inputEnded();
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // The channel is closed already.
        }
    }

    private static void write(SocketChannel socket, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    /** From the channel to the stream. What the stream does not take is dropped: the channel learns of it by its input. */
    private static void send(SocketChannel socket, Bank bank) {
        byte[] chunk = new byte[CHUNK];
        boolean taken = true;
        try (OutputStream out = bank.out()) {
            for (int n = read(socket, chunk); n >= 0; n = read(socket, chunk)) {
                taken = taken && write(out, chunk, n);
            }
        } catch (IOException e) {
            // Closing what is broken, or reading from what is closed: it is over in either case.
        }
    }

    private static int read(SocketChannel socket, byte[] chunk) throws IOException {
        return socket.read(ByteBuffer.wrap(chunk));
    }

    private static boolean write(OutputStream out, byte[] chunk, int length) {
        try {
            out.write(chunk, 0, length);
            out.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
