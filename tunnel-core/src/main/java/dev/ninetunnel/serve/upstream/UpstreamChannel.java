package dev.ninetunnel.serve.upstream;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.errno.SystemWords;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.link.Bridge;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.ShellCommand;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.wire.Escaped;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Makes the channel to an upstream server, whatever carries it: a TCP connection, a unix socket or a command. */
final class UpstreamChannel {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int RETRY_MILLIS = 20;

    private final EventLoop loop;
    private final BooleanSupplier wanted;
    private final CompletableFuture<Channel> result = new CompletableFuture<>();

    private UpstreamChannel(EventLoop loop, BooleanSupplier wanted) {
        this.loop = loop;
        this.wanted = wanted;
    }

    /**
     * Begins to connect, or starts the command, whose standard error goes to the log.
     *
     * @param wanted whether to go on, where it takes more than one attempt; asked on the loop
     * @return completes on the loop, with a channel that is not read yet, or with what the system said
     */
    static CompletableFuture<Channel> open(Export.Address address, EventLoop loop, BoundedLog log,
            BooleanSupplier wanted) {
        UpstreamChannel opening = new UpstreamChannel(loop, wanted);
        switch (address) {
            case Export.Address.Tcp(InetSocketAddress at) -> opening.lookUp(at);
            case Export.Address.Unix(Path path) -> {
                Transport transport = Transport.of(loop.parent());
                opening.connect(transport.local(), transport.localAddress(path));
            }
            case Export.Address.Exec(String command) -> {
                String shown = "upstream " + Escaped.of(command);
                return Bridge.open("upstream",
                        () -> ShellCommand.start(command, LinkLimits.DEFAULT.linger(),
                                line -> log.info(shown + ": " + line), code -> {}),
                        loop, LinkLimits.DEFAULT);
            }
        }
        return opening.result;
    }

    /** Finds a host, which blocks. */
    private void lookUp(InetSocketAddress at) {
        Thread.ofVirtual().name("lookup of " + at.getHostString()).start(() -> {
            InetSocketAddress found = new InetSocketAddress(at.getHostString(), at.getPort());
            try {
                loop.execute(() -> {
                    if (found.isUnresolved()) {
                        result.completeExceptionally(
                                new IOException("there is no host named " + Escaped.of(at.getHostString())));
                    } else {
                        connect(Transport.of(loop.parent()).client(), found);
                    }
                });
            } catch (RejectedExecutionException e) {
                // The endpoint has left: nobody waits for it any more.
            }
        });
    }

    private void connect(Class<? extends DuplexChannel> type, SocketAddress to) {
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(type).disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS).option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter());
        if (to instanceof InetSocketAddress) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
        ChannelFuture connecting = bootstrap.connect(to);
        connecting.addListener((ChannelFutureListener) done -> {
            if (done.isSuccess()) {
                result.complete(done.channel());
            } else if (isBusy(done.cause()) && wanted.getAsBoolean()) {
                loop.schedule(() -> connect(type, to), RETRY_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                result.completeExceptionally(done.cause());
            }
        });
    }

    /** Whether so many wait at a unix socket that it takes no more for now: a socket that blocks waits then. */
    private static boolean isBusy(Throwable e) {
        return words(e).startsWith(Errno.EAGAIN.words());
    }

    /** Why there is no channel, without the address, which Netty puts behind the system's words. */
    static String words(Throwable fault) {
        return SystemWords.of(fault.getCause() instanceof ConnectException plain ? plain : fault);
    }
}
