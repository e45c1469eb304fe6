package dev.ninetunnel.endpoint.ui;

import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.web.OneQuestion;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.endpoint.web.WebServers;
import dev.ninetunnel.http.HttpServer;
import dev.ninetunnel.link.HostPort;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The status page of an endpoint: served from the first time on that somebody asks for it. Its methods wait, and are for threads
 * other than loops.
 */
public final class StatusPages {
    private final WebServers webServers;
    private final EventLoop loop;
    private final Source source;
    private final PageKeys keys = new PageKeys(InstantSource.system());
    private final History history;
    /** Null until it is served. */
    private HttpServer server;

    /**
     * Where what the page shows comes from, and what it has done.
     *
     * @param status on the session loop
     * @param told on any thread that may read files
     * @param amounts by peer, of {@link History#MOST_PEERS} at most; on the session loop
     */
    public record Source(Supplier<Status> status, Supplier<Told> told, Supplier<Map<String, History.Amounts>> amounts,
            PageActions actions) {}

    private record Moment(Status status, History.Samples samples) {}

    public StatusPages(WebServers webServers, EventLoop loop, Source source) {
        this.webServers = webServers;
        this.loop = loop;
        this.source = source;
        this.history = new History(source.amounts);
    }

    /**
     * Serves the page, if it is not served yet.
     *
     * @param where on this host alone
     * @throws IOException if the port is not to be had, or is not of this host alone, with a message for people
     */
    public synchronized void serve(HostPort where) throws IOException {
        requireLoopback(where);
        if (server == null) {
            OneQuestion<Moment> question = new OneQuestion<>(loop,
                    () -> new Moment(source.status.get(), history.now()));
            server = webServers.open(where,
                    new StatusPage(keys, since -> content(question, since), source.actions));
            loop.scheduleAtFixedRate(history::sample, 0, History.STEP, TimeUnit.SECONDS);
        }
    }

    private static void requireLoopback(HostPort where) throws IOException {
        try {
            WebConfig.requireLoopback(where);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private CompletableFuture<String> content(OneQuestion<Moment> question, long since) {
        return question.ask().thenApplyAsync(moment -> PageContent.json(moment.status, source.told.get(),
                History.since(moment.samples, since)), StatusPage.ASIDE);
    }

    /**
     * An address that opens the page once, within two minutes. It is served from now on if it was not.
     *
     * @param wish where to serve it, as {@link WebConfig#place} reads it; empty for any port
     * @throws IOException as {@link #serve} does
     */
    public synchronized String address(String wish) throws IOException {
        try {
            serve(wish.isEmpty() ? WebConfig.ANY_PORT : WebConfig.place(wish));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        InetSocketAddress address = server.address();
        return "http://" + HostPort.of(address) + "/?token=" + keys.token();
    }
}
