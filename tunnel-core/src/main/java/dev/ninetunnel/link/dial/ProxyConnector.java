package dev.ninetunnel.link.dial;

import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Connects through a proxy. An HTTP proxy is asked without credentials first, and again, on a connection of its own,
 * with the answer to its challenge: so that the password is not sent where it is not needed, or where Digest would do. The
 * proxy's answer is bounded by {@link ProxyAnswerDecoder}, its time by {@link LinkLimits#connect}.
 */
final class ProxyConnector {
    private static final int UNAUTHORIZED = 407;

    private final Connector connector;
    private final HttpAuth auth = new HttpAuth(new SecureRandom());

    ProxyConnector(Connector connector) {
        this.connector = connector;
    }

    /** Completes on the loop, with a channel that leads to the destination or with a {@link LinkException}. */
    CompletableFuture<Channel> connect(Destination.Proxied to, EventLoop loop) {
        CompletableFuture<Channel> result = new CompletableFuture<>();
        new Attempt(to, destination(to.where()), loop, result).go(Optional.empty());
        return result;
    }

    /** The name, for the proxy to look up; an address that is written as one stays one. */
    private static InetSocketAddress destination(HostPort where) {
        InetAddress address = ProxyEnvironment.literal(where.host());
        return address == null
                ? InetSocketAddress.createUnresolved(where.host().isEmpty() ? "localhost" : where.host(), where.port())
                : new InetSocketAddress(address, where.port());
    }

    private final class Attempt {
        private final Destination.Proxied to;
        private final InetSocketAddress destination;
        private final EventLoop loop;
        private final CompletableFuture<Channel> result;
        private boolean answered;
        private boolean renewed;

        private Attempt(Destination.Proxied to, InetSocketAddress destination, EventLoop loop,
                CompletableFuture<Channel> result) {
            this.to = to;
            this.destination = destination;
            this.loop = loop;
            this.result = result;
        }

        private void go(Optional<String> authorization) {
            connector.connect(to.proxy().where(),
                    new Connector.Through(destination, proxy -> handler(proxy, authorization)), loop)
                    .whenComplete((channel, fault) -> {
                        if (fault == null) {
                            result.complete(channel);
                        } else if (fault instanceof LinkException unreached) {
                            result.completeExceptionally(unreached.about("the proxy " + to.proxy()));
                        } else {
                            refused(fault);
                        }
                    });
        }

        private ProxyHandler handler(InetSocketAddress proxy, Optional<String> authorization) {
            return switch (to.proxy().kind()) {
                case HTTP -> new HttpConnect(proxy, authorization);
                case SOCKS5 -> to.proxy().credentials()
                        .map(c -> new Socks5ProxyHandler(proxy, c.user(), c.password()))
                        .orElseGet(() -> new Socks5ProxyHandler(proxy));
            };
        }

        private void refused(Throwable fault) {
            List<Challenge> challenges = HttpAuth.challenges(fault);
            boolean again = !answered || (!renewed && HttpAuth.isStale(challenges));
            Optional<String> answer = ProxyFaults.status(fault) == UNAUTHORIZED && again
                    ? to.proxy().credentials()
                            .flatMap(who -> auth.answer(challenges, who, HttpConnect.target(destination)))
                    : Optional.empty();
            if (answer.isPresent()) {
                renewed = answered;
                answered = true;
                go(answer);
            } else {
                result.completeExceptionally(ProxyFaults.of(to, fault));
            }
        }
    }
}
