package dev.ninetunnel.session;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.mux.FarSide;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The two conversations that one link carries: the far side's requests go to the server role, its replies to the client
 * role as soon as the opening exchange is done. It ends with its link.
 *
 * <p>Made and used on the link's event loop.
 */
public final class Session {
    /** What the endpoint does when a session begins and ends. Called on the link's event loop. */
    public interface Owner {
        /** The far side answers requests from now on; the owner opens the client role. */
        void opened(Session session, FarSide far);

        /** The link has gone. Whether the session had been opened is the owner's to know. */
        void ended(Session session, LinkEnd end);
    }

    private final Link link;
    private final ServerRole server;
    private final ClientRole client;
    private final Owner owner;
    private final Opening opening;
    private boolean open;

    /**
     * A session for a link whose far side is asked, too.
     *
     * @param client gets the far side's replies once the session is open
     */
    public Session(Link link, ServerRole server, ClientRole client, int msize, Owner owner) {
        this.link = link;
        this.server = server;
        this.client = client;
        this.owner = owner;
        this.opening = new Opening(link.ours(), msize);
    }

    /**
     * Sends Tversion, and lets frames come in.
     *
     * @param patience how long the far side may take to answer it
     */
    public void start(Duration patience) {
        ScheduledFuture<?> deadline = link.loop().schedule(this::late, patience.toMillis(), TimeUnit.MILLISECONDS);
        link.closed().thenAccept(end -> {
            deadline.cancel(false);
            server.close();
            owner.ended(this, end);
        });
        ask();
        link.route(server, new Replies());
    }

    public Link link() {
        return link;
    }

    /** Whether the far side answers requests. */
    public boolean isOpen() {
        return open;
    }

    public ServerRole server() {
        return server;
    }

    /** Ends the link, and the session with it. */
    public void close(String reason) {
        link.close(reason);
    }

    private void late() {
        if (!open) {
            link.close("it has not answered Tversion in time: does it speak 9P?");
        }
    }

    private void ask() {
        ByteBuf frame = ByteBufAllocator.DEFAULT.buffer(32);
        opening.ask(frame);
        link.accept(frame);
        link.endOfBatch();
    }

    private void answered(ByteBuf frame) {
        Opening.Outcome outcome;
        try {
            outcome = opening.answered(frame);
        } finally {
            frame.release();
        }
        switch (outcome) {
            case Opening.Outcome.Agreed(FarSide far) -> {
                open = true;
                link.replyLimit(far.msize());
                owner.opened(this, far);
            }
            case Opening.Outcome.AskAgain() -> ask();
            case Opening.Outcome.Refused(String reason) -> link.close(reason);
        }
    }

    /** Where the splitter sends the odd frames. */
    private final class Replies implements FrameSink {
        @Override
        public void accept(ByteBuf frame) {
            if (open) {
                client.accept(frame);
            } else if (Frame.tag(frame) == Frame.NOTAG) {
                answered(frame);
            } else {
                frame.release();
                throw new MalformedMessageException("a reply before Tversion was answered");
            }
        }

        @Override
        public void endOfBatch() {
            if (open) {
                client.endOfBatch();
            }
        }
    }
}
