package dev.ninetunnel.link.dial;

import dev.ninetunnel.identity.ExpectedPeer;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.link.Addresses;
import dev.ninetunnel.link.Bridge;
import dev.ninetunnel.link.Handshaking;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkFaults;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.pairing.PairingRequester;
import dev.ninetunnel.link.pairing.PairingVerdict;
import dev.ninetunnel.tls.Tls;
import dev.ninetunnel.tls.TlsFailure;
import dev.ninetunnel.tls.TlsHandshake;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials one peer, straight, through a proxy or through a command. Each call looks the host's name up again (or has the proxy
 * do it) and tries its addresses, until one accepts the TCP connection; who answers there must hold the expected key, or a
 * certificate with the expected name. Where large packets are lost on the way it makes do with small ones. Any
 * thread may call.
 */
public final class LinkDialler {
    /** Finds all addresses of a host; may block. */
    @FunctionalInterface
    public interface Lookup {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(LinkDialler.class);

    private final Tls tls;
    private final LinkLimits limits;
    private final Connector connector;
    private final ProxyConnector proxyConnector;
    private final PacketHoles holes = new PacketHoles();

    /** By the names that the system knows. */
    public LinkDialler(Tls tls, LinkLimits limits) {
        this(tls, limits, host -> List.of(InetAddress.getAllByName(host)));
    }

    LinkDialler(Tls tls, LinkLimits limits, Lookup lookup) {
        this.tls = tls;
        this.limits = limits;
        this.connector = new Connector(limits, lookup);
        this.proxyConnector = new ProxyConnector(connector);
    }

    /**
     * Dials.
     *
     * @param loop where the link shall live
     * @return completes on that loop, with a link of which no frame has been read and on which {@link Link#route} or
     *     {@link Link#close} must be called, or with a {@link LinkException}. A peer that does not accept this endpoint
     *     may become known only as the link's end ({@link LinkEnd.Kind#REFUSED}).
     */
    public CompletableFuture<Link> dial(Destination to, ExpectedPeer expected, EventLoop loop) {
        return reach(to, loop, new Greeting<Link>() {
            @Override
            public void begin(Channel connection, String shown, CompletableFuture<Link> result) {
                shakeHands(to, expected, connection, shown, result);
            }

            @Override
            public void discard(Link link) {
                link.close("nobody waits for it any more");
            }
        });
    }

    /** Dials a host straight. */
    public CompletableFuture<Link> dial(HostPort where, ExpectedPeer expected, EventLoop loop) {
        return dial(new Destination.Direct(where), expected, loop);
    }

    /**
     * Uses an invitation. Its secret is sent when who is there has proven to hold the inviter's key, and not before.
     *
     * @return completes on that loop with the answer, or with a {@link LinkException}: then it may have been used or
     *     not, and to try again does no harm
     */
    public CompletableFuture<PairingVerdict> pair(Destination to, Invitation invitation, EventLoop loop) {
        return reach(to, loop, new Greeting<PairingVerdict>() {
            @Override
            public void begin(Channel connection, String shown, CompletableFuture<PairingVerdict> result) {
                PairingRequester.ask(connection, tls, limits, to.toString(), shown, invitation, result);
            }

            @Override
            public void discard(PairingVerdict verdict) {
                // It holds nothing.
            }
        });
    }

    /** What is done on a connection that is there. */
    private interface Greeting<T> {
        void begin(Channel connection, String shown, CompletableFuture<T> result);

        /** What has come of it is not wanted any more. */
        void discard(T made);
    }

    private <T> CompletableFuture<T> reach(Destination to, EventLoop loop, Greeting<T> greeting) {
        CompletableFuture<T> result = new CompletableFuture<>();
        switch (to) {
            case Destination.Direct direct -> reach(direct, loop, greeting, result);
            case Destination.Proxied proxied -> proxyConnector.connect(proxied, loop).whenComplete(
                    (channel, fault) -> connected(to, channel, fault, greeting, result));
            case Destination.Via(String command) -> run(command, to, loop, greeting, result);
        }
        return result;
    }

    private <T> void reach(Destination.Direct to, EventLoop loop, Greeting<T> greeting, CompletableFuture<T> result) {
        SegmentSize segmentSize = holes.next(to);
        reach(to, segmentSize, loop, greeting, result).whenComplete((what, why) -> {
            if (why == null) {
                if (segmentSize == SegmentSize.SMALL) {
                    LOG.warn(
                            "{} is reached with small packets only: large ones seem to be lost on the way. Lower the MTU"
                                    + " here (ip link set dev INTERFACE mtu 1280), or have it mended",
                            to);
                }
                holes.passed(to);
                finish(what, greeting, result);
                return;
            }
            if (stalled(why)) {
                holes.stalled(to, segmentSize);
            } else {
                holes.forget(to);
            }
            if (holes.isSeen(to)) {
                LOG.info("{} accepted the connection, but what was sent then was not acknowledged: trying with small"
                        + " packets", to);
                reach(to, loop, greeting, result);
            } else {
                result.completeExceptionally(why);
            }
        });
    }

    private <T> CompletableFuture<T> reach(Destination.Direct to, SegmentSize segmentSize, EventLoop loop,
            Greeting<T> greeting, CompletableFuture<T> wanted) {
        CompletableFuture<T> made = new CompletableFuture<>();
        wanted.whenComplete((what, why) -> made.cancel(false));
        connector.connect(to.where(), segmentSize, loop)
                .whenComplete((channel, fault) -> connected(to, channel, fault, greeting, made));
        return made;
    }

    private static boolean stalled(Throwable why) {
        return why instanceof LinkException e && e.kind() == LinkException.Kind.STALLED;
    }

    private static <T> void finish(T made, Greeting<T> greeting, CompletableFuture<T> result) {
        if (!result.complete(made)) {
            greeting.discard(made);
        }
    }

    private <T> void run(String command, Destination to, EventLoop loop, Greeting<T> greeting,
            CompletableFuture<T> result) {
        CompletableFuture<LinkCommand> started = new CompletableFuture<>();
        Bridge.open("link command", () -> {
            LinkCommand running = LinkCommand.start(command, limits);
            started.complete(running);
            return running.streams();
        }, loop, limits).whenComplete((channel, fault) -> {
            if (fault instanceof IOException e) {
                result.completeExceptionally(new LinkException(LinkException.Kind.NO_COMMAND,
                        "cannot run a command: " + e.getMessage(), e));
                return;
            }
            CompletableFuture<T> made = new CompletableFuture<>();
            connected(to, channel, fault, greeting, made);
            made.whenComplete((what, why) -> {
                if (why instanceof LinkException e && e.kind() == LinkException.Kind.CLOSED) {
                    result.completeExceptionally(started.join().fault(e));
                } else if (why != null) {
                    result.completeExceptionally(why);
                } else {
                    finish(what, greeting, result);
                }
            });
        });
    }

    private static <T> void connected(Destination to, Channel connection, Throwable fault, Greeting<T> greeting,
            CompletableFuture<T> result) {
        if (fault != null) {
            result.completeExceptionally(fault);
            return;
        }
        String shown = to instanceof Destination.Direct
                ? Addresses.show(connection.remoteAddress())
                : to.toString();
        // Who is told of a connection that is there already is not on its loop, where the handshake could overtake them.
        connection.eventLoop().execute(() -> {
            greeting.begin(connection, shown, result);
            connection.config().setAutoRead(true);
        });
    }

    private void shakeHands(Destination to, ExpectedPeer expected, Channel connection, String shown,
            CompletableFuture<Link> result) {
        TlsHandshake handshake = tls.dial(expected);
        Handshaking.begin(connection, handshake, limits, new Handshaking.Outcome() {
            @Override
            public void proven() {
                Link link = new Link(connection, shown, handshake.meet(), handshake.ours(), handshake.info(),
                        limits.firstFrame(), LinkFaults.refusalAdvice(tls.self())).start();
                if (!result.complete(link)) {
                    link.close("nobody waits for it any more");
                }
            }

            @Override
            public void failed(Throwable cause) {
                if (SegmentSize.unacknowledged(connection)) {
                    holes.see(to);
                }
                TlsFailure failure = TlsFailure.of(cause);
                result.completeExceptionally(to instanceof Destination.Via && failure.kind() == TlsFailure.Kind.TIMEOUT
                        ? LinkFaults.silentCommand(to.toString(), failure, cause)
                        : LinkFaults.noHandshake(to.toString(), shown, expected, tls.self(), failure, cause));
            }
        });
    }
}
