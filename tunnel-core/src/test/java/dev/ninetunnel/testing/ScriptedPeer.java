package dev.ninetunnel.testing;

import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tmessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A 9P server on a socket that does what a test says: the test takes each connection as a {@link RawNine} and scripts
 * it, or has every request answered by a function.
 */
public final class ScriptedPeer implements AutoCloseable {
    private final ServerSocketChannel listener;

    private ScriptedPeer(ServerSocketChannel listener) {
        this.listener = listener;
    }

    /** Listens on a unix socket. */
    public static ScriptedPeer listen(Path socket) {
        try {
            return new ScriptedPeer(ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(socket)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens on a free TCP port of the loopback interface. */
    public static ScriptedPeer listen() {
        try {
            return new ScriptedPeer(
                    ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where to connect to. */
    public SocketAddress address() {
        try {
            return listener.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next connection; waits for it. */
    public RawNine accept() {
        try {
            return RawNine.over(listener.accept());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Answers every request on every connection by this function, one after the other, on threads of its own, until
     * this is closed. Where it returns null there is no answer.
     */
    public ScriptedPeer answer(Function<Tmessage, Rmessage> server) {
        Thread.ofVirtual().name("listener of a test").start(() -> {
            while (true) {
                RawNine client;
                try {
                    client = RawNine.over(listener.accept());
                } catch (IOException _) {
                    return;
                }
                Thread.ofVirtual().name("server of a test").start(() -> answerAll(client, server));
            }
        });
        return this;
    }

    private static void answerAll(RawNine client, Function<Tmessage, Rmessage> server) {
        try (client) {
            for (Received next = client.nextOrEnd(); next != null; next = client.nextOrEnd()) {
                Rmessage reply = server.apply(next.as(Tmessage.class));
                if (reply != null) {
                    client.send(reply, next.tag());
                }
            }
        } catch (UncheckedIOException _) {
            // The client has gone.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
