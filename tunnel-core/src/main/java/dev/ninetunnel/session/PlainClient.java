package dev.ninetunnel.session;

import dev.ninetunnel.link.Link;
import dev.ninetunnel.serve.ServerRole;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;

/**
 * One conversation on a link: that of an ordinary 9P client, which asks and is never asked (rule L7). What it sends with
 * an odd type answers nothing, and is dropped (rule L3).
 *
 * <p>Made and used on the link's event loop.
 */
public final class PlainClient implements Carried {
    private final Link link;
    private final Serving serving;

    /** A conversation that has not begun. */
    public PlainClient(Link link, ServerMaker server) {
        this.link = link;
        this.serving = new Serving(link, server);
    }

    /**
     * Lets requests come in.
     *
     * @param patience how long the client may take to begin with Tversion
     */
    public void start(Duration patience) {
        Deadline deadline = new Deadline(link, patience, () -> server().msize() > 0,
                "it has not sent Tversion: does it speak 9P?");
        link.closed().thenAccept(end -> {
            deadline.cancel();
            serving.close();
        });
        link.route(serving, ByteBuf::release);
    }

    @Override
    public Optional<Link> link() {
        return Optional.of(link);
    }

    @Override
    public ServerRole server() {
        return serving.role();
    }
}
