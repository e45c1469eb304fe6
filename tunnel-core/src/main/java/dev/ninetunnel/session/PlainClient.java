package dev.ninetunnel.session;

import dev.ninetunnel.link.Link;
import dev.ninetunnel.queue.FairQueue;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * One conversation on a link: that of an ordinary 9P client, which asks and is never asked (rule L7). What it sends with
 * an odd type answers nothing, and is dropped (rule L3).
 *
 * <p>Made and used on the link's event loop.
 */
public final class PlainClient implements Carried {
    private final Link link;
    private final FairQueue queue = new FairQueue(new Leaving());
    private final ServerBinding server;

    /** A conversation that has not begun. */
    public PlainClient(Link link, Function<ServerRole.Peer, ServerBinding.Maker> maker) {
        this.link = link;
        ServerRole.Peer peer = new ServerRole.Peer(link.peerName(), link.ours(), link.peer().hex(), "");
        this.server = new ServerBinding(new OnLink(), maker.apply(peer));
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
            server().close();
            queue.release();
        });
        link.onWritable(this::room);
        link.route(server, ByteBuf::release);
    }

    /** The link takes more: whose reply is next? */
    private void room() {
        queue.pump();
        link.endOfBatch();
        server.tellUnsent();
    }

    @Override
    public Optional<Link> link() {
        return Optional.of(link);
    }

    @Override
    public ServerRole server() {
        return server.role();
    }

    /** The way from the queue to the link. */
    private final class Leaving implements FairQueue.Exit {
        @Override
        public boolean hasRoom() {
            return link.hasRoom();
        }

        @Override
        public void send(ByteBuf frame) {
            link.accept(frame);
        }
    }

    /** The link, before which the replies wait in the queue. */
    private final class OnLink implements ServerBinding.Carrier {
        @Override
        public void accept(ByteBuf frame) {
            queue.add(frame, null, Frame.NOFID);
        }

        @Override
        public void accept(ByteBuf frame, Object whose, int fid) {
            queue.add(frame, whose, fid);
        }

        @Override
        public void cancel(int tag) {
            queue.cancel(tag);
        }

        @Override
        public void endOfBatch() {
            link.endOfBatch();
        }

        @Override
        public long unsentBytes() {
            return link.unsentBytes() + queue.replyBytes();
        }

        @Override
        public void frameLimit(int bytes) {
            link.frameLimit(bytes);
        }

        @Override
        public void pause() {
            link.pauseReading();
        }

        @Override
        public void resume() {
            link.resumeReading();
        }
    }
}
