package dev.ninetunnel.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Listens for HTTP/1.1 in clear, and answers what may be asked. It takes {@link #MOST_CONNECTIONS} connections at a time and closes
 * others; a connection that brings no whole request within 10 seconds is closed. Its methods wait, and are not for event loops.
 */
public final class HttpServer implements AutoCloseable {
    /** The connections at a time. */
    public static final int MOST_CONNECTIONS = 16;
    /** Bytes of a request's body. */
    public static final int LARGEST_BODY = 16 << 10;
    private static final int LONGEST_LINE = 2 << 10;
    private static final int LARGEST_HEADERS = 8 << 10;

    private final Channel listening;
    private final ChannelGroup connections;

    private HttpServer(Channel listening, ChannelGroup connections) {
        this.listening = listening;
        this.connections = connections;
    }

    /**
     * Begins to listen.
     *
     * @param loops with one thread, on which requests are answered
     * @param kind the listening channels of these loops
     * @param where port 0 for any that is free
     * @throws IOException if it cannot listen there, as the system says it
     */
    public static HttpServer open(EventLoopGroup loops, Class<? extends ServerChannel> kind, InetSocketAddress where,
            Pages pages) throws IOException {
        ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops).channel(kind)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        if (connections.size() >= MOST_CONNECTIONS) {
                            connection.close();
                            return;
                        }
                        connections.add(connection);
                        connection.pipeline().addLast(
                                new HttpServerCodec(new HttpDecoderConfig().setMaxInitialLineLength(LONGEST_LINE)
                                        .setMaxHeaderSize(LARGEST_HEADERS)),
                                new HttpObjectAggregator(LARGEST_BODY, true),
                                new HttpConnection(pages));
                    }
                });
        ChannelFuture bound = bootstrap.bind(where).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        return new HttpServer(bound.channel(), connections);
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Listens no more, and ends the connections that there are. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly();
    }
}
