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
import java.time.Duration;

/**
 * Two conversations on one link, opposite to each other: the far side's requests go to the server role, its replies to
 * the client role as soon as the opening exchange is done. It ends with its link.
 *
 * <p>Made and used on the link's event loop.
 */
public final class Session implements Carried {
    /** What the endpoint does when a session begins and ends. Called on the link's event loop. */
    public interface Owner {
        /** The far side answers requests from now on; the owner opens the client role. */
        void opened(Session session, FarSide far);

        /** The link has gone, whether or not the session had been opened. */
        void ended(Session session, LinkEnd end);
    }

    private final Link link;
    private final Serving serving;
    private final ClientRole client;
    private final Owner owner;
    private final Opening opening;
    private boolean open;

    /**
     * A session that has not begun.
     *
     * @param client gets the far side's replies once the session is open
     * @param msize the largest frame to ask the far side for, in bytes
     */
    public Session(Link link, ServerMaker server, ClientRole client, int msize, Owner owner) {
        this.link = link;
        this.serving = new Serving(link, server);
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
        Deadline deadline = new Deadline(link, patience, () -> open, "it has not answered Tversion: does it speak 9P?");
        link.closed().thenAccept(end -> {
            deadline.cancel();
            serving.close();
            owner.ended(this, end);
        });
        ask();
        link.route(serving, new Replies());
    }

    @Override
    public Link link() {
        return link;
    }

    @Override
    public ServerRole server() {
        return serving.role();
    }

    /** Whether the far side answers requests. */
    public boolean isOpen() {
        return open;
    }

    private void ask() {
        ByteBuf frame = ByteBufAllocator.DEFAULT.buffer(32);
        opening.ask(frame);
        link.accept(frame);
        link.endOfBatch();
    }

    private void answered(ByteBuf frame) {
        switch (opening.answered(frame)) {
            case Opening.Outcome.Agreed(FarSide far) -> {
                open = true;
                serving.replyLimit(far.msize());
                owner.opened(this, far);
            }
            case Opening.Outcome.AskAgain() -> ask();
            case Opening.Outcome.Refused(String reason) -> link.incompatible(reason);
        }
    }

    /** Where the splitter sends the odd frames. */
    private final class Replies implements FrameSink {
        @Override
        public void accept(ByteBuf frame) {
            if (open) {
                client.accept(frame);
                return;
            }
            try {
                if (Frame.tag(frame) != Frame.NOTAG) {
                    throw new MalformedMessageException("a reply before it has answered Tversion");
                }
                answered(frame);
            } finally {
                frame.release();
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
