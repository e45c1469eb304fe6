package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a connection within one machine is spared. */
class LoopbackTest {
    /** TCP_CONGESTION of tcp(7), 4 bytes of it. */
    private static final RawUnixChannelOption CONGESTION = new RawUnixChannelOption("TCP_CONGESTION", 6, 13, 4);

    @Test
    @DisplayName("a connection over the loopback interface is not paced, whatever the system's congestion control")
    void plain() {
        assumeTrue(Epoll.isAvailable(), "needs epoll");
        EventLoopGroup loops = Transport.newLoops(1);
        try {
            Channel server = new ServerBootstrap().group(loops).channel(EpollServerSocketChannel.class)
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).syncUninterruptibly().channel();
            Channel connection = new Bootstrap().group(loops).channel(EpollSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter()).connect(server.localAddress()).syncUninterruptibly()
                    .channel();
            Loopback.settle(connection);
            ByteBuffer name = connection.config().getOption(CONGESTION);
            assertThat(StandardCharsets.US_ASCII.decode(name.rewind()).toString()).isEqualTo("reno");
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).syncUninterruptibly();
        }
    }
}
