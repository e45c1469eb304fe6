package dev.ninetunnel.link.dial;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Transport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Whatever a proxy answers, there is a way through it or a {@link LinkException} for people; a way only where an HTTP proxy said
 * 2xx. The first byte of an input says which kind of proxy, the rest is its answer, after which it hangs up.
 */
class ProxyAnswersFuzz {
    private static final HostPort FAR = new HostPort("far.example", 443);
    private static final ProxyCredentials ANN = new ProxyCredentials("ann", "hush");

    private static EventLoopGroup loops;
    private static ServerSocket proxy;
    private static volatile byte[] answer;

    @BeforeAll
    static void listen() throws IOException {
        loops = Transport.newLoops(1);
        proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(ProxyAnswersFuzz::serve);
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static void serve() {
        while (!proxy.isClosed()) {
            try (Socket client = proxy.accept()) {
                awaitRequest(client.getInputStream());
                client.getOutputStream().write(answer);
                client.shutdownOutput();
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // That client has had enough, or the test is over.
            }
        }
    }

    /** What it says first, however it says it: a greeting of SOCKS, or the lines of a CONNECT. */
    private static void awaitRequest(InputStream in) throws IOException {
        in.read(new byte[1024]);
    }

    @FuzzTest
    void leadsThroughOrIsRefused(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        answer = Arrays.copyOfRange(input, 1, input.length);
        Proxy.Kind kind = (input[0] & 1) == 0 ? Proxy.Kind.HTTP : Proxy.Kind.SOCKS5;
        Proxy to = new Proxy(kind, new HostPort("127.0.0.1", proxy.getLocalPort()),
                (input[0] & 2) == 0 ? Optional.empty() : Optional.of(ANN));
        Connector connector = new Connector(LinkLimits.DEFAULT, host -> List.of(InetAddress.getLoopbackAddress()));
        CompletableFuture<Channel> way = new ProxyConnector(connector).connect(new Destination.Proxied(FAR, to),
                loops.next());
        try {
            way.join().close().syncUninterruptibly();
            assertThat(kind == Proxy.Kind.SOCKS5
                    || new String(answer, StandardCharsets.ISO_8859_1).contains(" 2")).as("it said yes").isTrue();
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(LinkException.class);
            assertThat(e.getCause().getMessage()).doesNotContain("hush", "\r", "\n", "\u001b", "Exception");
        }
    }
}
