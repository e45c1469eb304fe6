package dev.ninetunnel.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A network that is slow, and harms nothing. */
class SlowNetworkTest {
    private ServerSocket server;
    private SlowNetwork network;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        network.close();
        server.close();
    }

    private Socket connect(String line) throws IOException {
        network = new SlowNetwork((InetSocketAddress) server.getLocalSocketAddress(), Line.parse(line));
        return new Socket(network.address().getAddress(), network.address().getPort());
    }

    @Test
    @DisplayName("what is sent comes back whole and in order, and the end is seen behind it")
    void carries() throws Exception {
        byte[] sent = new byte[300_000];
        new Random(1).nextBytes(sent);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Socket near = connect("1gbit,1ms,16k");
                Socket far = server.accept()) {
            Future<Void> echo = threads.submit(() -> {
                far.getInputStream().transferTo(far.getOutputStream());
                far.shutdownOutput();
                return null;
            });
            Future<Void> sending = threads.submit(() -> {
                near.getOutputStream().write(sent);
                near.shutdownOutput();
                return null;
            });
            assertThat(near.getInputStream().readAllBytes()).isEqualTo(sent);
            sending.get();
            echo.get();
        }
    }

    @Test
    @DisplayName("no byte arrives before its time")
    void delays() throws Exception {
        try (Socket near = connect("8kbit,50ms,64k"); Socket far = server.accept()) {
            long start = System.nanoTime();
            near.getOutputStream().write(new byte[100]);
            assertThat(far.getInputStream().readNBytes(100)).hasSize(100);
            // 100 bytes at 1,000 a second, and 50 ms. It may take longer, but never less.
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(150_000_000L);
        }
    }

    @Test
    @DisplayName("closing it closes what it carries, and nobody can connect any more")
    void closes() throws Exception {
        try (Socket near = connect("1gbit,1ms,16k"); Socket far = server.accept()) {
            network.close();
            assertThat(near.getInputStream().read()).isEqualTo(-1);
            assertThat(far.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(() -> new Socket(network.address().getAddress(), network.address().getPort()).close())
                    .isInstanceOf(IOException.class);
        }
    }
}
