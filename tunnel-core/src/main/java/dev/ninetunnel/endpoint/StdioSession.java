package dev.ninetunnel.endpoint;

import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one peer that comes by two streams, until its link is over or it has paired. Any thread. */
final class StdioSession {
    private static final Logger LOG = LoggerFactory.getLogger(StdioSession.class);

    private final String from;
    private final CompletableFuture<LinkEnd> end = new CompletableFuture<>();
    private final AtomicBoolean linked = new AtomicBoolean();
    private final AtomicBoolean paired = new AtomicBoolean();

    /** With the name of where it comes from, for people. */
    StdioSession(String from) {
        this.from = from;
    }

    void paired() {
        paired.set(true);
    }

    void linked(Link link) {
        linked.set(true);
        link.closed().thenAccept(end::complete);
    }

    /** The connection is over; with null if nothing was wrong with it. Of a link, its own end is told, a moment after that. */
    void over(Throwable fault) {
        if (paired.get()) {
            end.complete(new LinkEnd(LinkEnd.Kind.LOCAL, "there is a new peer"));
        } else if (!linked.get()) {
            end.complete(new LinkEnd(LinkEnd.Kind.REFUSED,
                    fault == null ? "no link came about: see above" : String.valueOf(fault.getMessage())));
        }
    }

    /**
     * Waits for the end.
     *
     * @throws EndpointException if there was no link, or it was lost
     */
    void await() throws EndpointException, InterruptedException {
        try {
            LinkEnd how = end.get();
            switch (how.kind()) {
                case GOODBYE, LOCAL -> LOG.debug("the link over {} has ended well", from);
                case REFUSED -> throw new EndpointException(EndpointException.Kind.NOT_ALLOWED, how.reason());
                case BROKEN, INCOMPATIBLE -> throw new EndpointException(EndpointException.Kind.PROTOCOL, how.reason());
                case LOST -> throw new EndpointException(EndpointException.Kind.UNAVAILABLE, how.reason());
            }
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }
}
