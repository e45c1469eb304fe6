package dev.ninetunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.Transport;
import dev.ninetunnel.testing.RawHttp;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the server answers, and what it bears. */
class HttpServerTest {
    private final List<Visit> visits = new ArrayList<>();
    private EventLoopGroup loops;
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        loops = Transport.newLoops(1);
        server = HttpServer.open(loops, Transport.of(loops).server(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::answer);
    }

    @AfterEach
    void close() {
        server.close();
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private CompletableFuture<Answer> answer(Visit visit) {
        visits.add(visit);
        if (visit.path().equals("/fault")) {
            throw new IllegalStateException("a fault");
        }
        return CompletableFuture.completedFuture(Answer.text(200, visit.path() + " " + visit.body()));
    }

    private String exchange(String request) throws IOException {
        return RawHttp.exchange(server.address(), request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:PORT", "127.0.0.1.evil.example:PORT", "127.0.0.1:1",
            "localhost", "evil.example@127.0.0.1:PORT", "[::2]:PORT", ""})
    @DisplayName("a name that leads here from another site (DNS rebinding) is not answered, nor is another port")
    void foreignHost(String host) throws IOException {
        String named = host.replace("PORT", String.valueOf(server.address().getPort()));
        assertThat(exchange("GET / HTTP/1.1\r\nHost: " + named + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
        assertThat(visits).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "LocalHost", "[::1]"})
    @DisplayName("the names of this machine are answered")
    void ownHost(String host) throws IOException {
        assertThat(exchange("GET /a HTTP/1.1\r\nHost: " + host + ":" + server.address().getPort()
                + "\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("/a \n")
                .contains("x-content-type-options: nosniff", "cache-control: no-store");
    }

    @Test
    @DisplayName("who names no host is not answered")
    void noHost() throws IOException {
        assertThat(exchange("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 421 ");
    }

    @Test
    @DisplayName("requests that come together on one connection are answered in order, and the body goes with its own")
    void pipelined() throws IOException {
        String host = " HTTP/1.1\r\nHost: 127.0.0.1:" + server.address().getPort() + "\r\n";
        assertThat(exchange("POST /one" + host + "Content-Length: 3\r\n\r\nabcGET /two" + host
                + "Connection: close\r\n\r\n")).containsSubsequence("/one abc\n", "HTTP/1.1 200 OK", "/two \n");
    }

    @Test
    @DisplayName("headers, lines and bodies above their bounds are refused, and so is what is no HTTP")
    void tooLarge() throws IOException {
        String host = "Host: 127.0.0.1:" + server.address().getPort() + "\r\n";
        assertThat(exchange("GET / HTTP/1.1\r\n" + host + "X: " + "x".repeat(9_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(exchange("GET /" + "x".repeat(3_000) + " HTTP/1.1\r\n" + host + "\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(exchange("POST / HTTP/1.1\r\n" + host + "Connection: close\r\nContent-Length: 100000\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(exchange("HELLO\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(visits).isEmpty();
    }

    @Test
    @DisplayName("a fault is told as 500, without its details")
    void fault() throws IOException {
        assertThat(RawHttp.get(server.address(), "/fault")).startsWith("HTTP/1.1 500 ").doesNotContain("IllegalState");
    }

    @Test
    @DisplayName("further connections than there may be are closed, and one that ends makes room")
    void connections() throws IOException {
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < HttpServer.MOST_CONNECTIONS; i++) {
            idle.add(new Socket(server.address().getAddress(), server.address().getPort()));
            idle.getLast().getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(get()).isEmpty();
        for (Socket socket : idle) {
            socket.close();
        }
        org.awaitility.Awaitility.await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(get()).startsWith("HTTP/1.1 200 "));
    }

    private String get() {
        try {
            return RawHttp.get(server.address(), "/");
        } catch (IOException closed) {
            return "";
        }
    }

    @Test
    @DisplayName("a connection that brings a request byte by byte is closed when 10 seconds are over")
    void slow() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), new HttpObjectAggregator(1000),
                new HttpConnection(visit -> CompletableFuture.completedFuture(Answer.text(200, ""))));
        for (int i = 0; i < 9; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            channel.writeInbound(Unpooled.copiedBuffer("G", StandardCharsets.US_ASCII));
        }
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }
}
