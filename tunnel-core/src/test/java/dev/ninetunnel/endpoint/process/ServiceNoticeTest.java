package dev.ninetunnel.endpoint.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.link.Logged;
import dev.ninetunnel.link.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told. */
class ServiceNoticeTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("whoever listens at the socket of sd_notify gets the state in one datagram")
    void tells() throws Exception {
        assumeTrue(Epoll.isAvailable(), "no epoll here");
        EventLoopGroup loops = Transport.newLoops(1);
        try {
            for (String path : new String[]{folder.resolve("notify").toString(), "@ninetunnel-" + folder}) {
                CompletableFuture<String> told = new CompletableFuture<>();
                Channel systemd = new Bootstrap().group(loops).channel(EpollDomainDatagramChannel.class)
                        .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
                                told.complete(packet.content().toString(StandardCharsets.UTF_8));
                            }
                        }).bind(new DomainSocketAddress(path.startsWith("@") ? "\0" + path.substring(1) : path)).sync()
                        .channel();
                ServiceNotice.send(loops, path, "READY=1");
                assertThat(told.get(2, TimeUnit.MINUTES)).isEqualTo("READY=1");
                systemd.close().sync();
            }
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    @DisplayName("a socket where nobody listens is told in the log, and stops nothing")
    void nobody() {
        EventLoopGroup loops = Transport.newLoops(1);
        try (Logged logged = new Logged()) {
            ServiceNotice.send(loops, folder.resolve("nobody").toString(), "READY=1");
            assertThat(logged.warnings()).singleElement().asString().contains("systemd cannot be told");
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }
}
