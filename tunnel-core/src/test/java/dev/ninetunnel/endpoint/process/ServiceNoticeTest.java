package dev.ninetunnel.endpoint.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.link.Logged;
import dev.ninetunnel.link.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told. */
class ServiceNoticeTest {
    @TempDir
    private Path folder;

    /** What is told at a socket in systemd's place, in order. */
    private static BlockingQueue<String> listen(EventLoopGroup loops, String path) throws InterruptedException {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        new Bootstrap().group(loops).channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
                        told.add(packet.content().toString(StandardCharsets.UTF_8));
                    }
                }).bind(new DomainSocketAddress(path.startsWith("@") ? "\0" + path.substring(1) : path)).sync();
        return told;
    }

    private static String next(BlockingQueue<String> told) throws InterruptedException {
        return told.poll(2, TimeUnit.MINUTES);
    }

    @Test
    @DisplayName("whoever listens at the socket of sd_notify gets the state in one datagram")
    void tells() throws Exception {
        assumeTrue(Epoll.isAvailable(), "no epoll here");
        EventLoopGroup loops = Transport.newLoops(1);
        try {
            for (String path : List.of(folder.resolve("notify").toString(), "@ninetunnel-" + folder)) {
                BlockingQueue<String> told = listen(loops, path);
                ServiceNotice.of(loops, Map.of("NOTIFY_SOCKET", path), 1).orElseThrow().ready();
                assertThat(next(told)).isEqualTo("READY=1");
            }
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    @DisplayName("sd_watchdog_enabled(3): a watched service says again and again that its loop works")
    void watched() throws Exception {
        assumeTrue(Epoll.isAvailable(), "no epoll here");
        EventLoopGroup loops = Transport.newLoops(1);
        EventLoopGroup watched = Transport.newLoops(1);
        try {
            String path = folder.resolve("notify").toString();
            BlockingQueue<String> told = listen(loops, path);
            Map<String, String> environment = Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "20000", "WATCHDOG_PID",
                    "7");
            ServiceNotice.of(loops, environment, 7).orElseThrow().keepTelling(watched.next());
            assertThat(next(told)).isEqualTo("WATCHDOG=1");
            assertThat(next(told)).isEqualTo("WATCHDOG=1");
        } finally {
            watched.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    @DisplayName("a service that systemd did not start tells nobody")
    void unasked() {
        assertThat(ServiceNotice.of(null, Map.of("WATCHDOG_USEC", "20000"), 7)).isEmpty();
    }

    @Test
    @DisplayName("a socket where nobody listens is told in the log, and stops nothing")
    void nobody() {
        EventLoopGroup loops = Transport.newLoops(1);
        try (Logged logged = new Logged()) {
            ServiceNotice.of(loops, Map.of("NOTIFY_SOCKET", folder.resolve("nobody").toString()), 7).orElseThrow()
                    .ready();
            assertThat(logged.warnings()).singleElement().asString().contains("systemd cannot be told");
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }
}
