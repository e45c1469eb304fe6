package dev.ninetunnel.session;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.ReadingValve;
import dev.ninetunnel.queue.FairQueue;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;

/**
 * A server role on its link: it gets the even frames, is told how much of what it answered could not be sent yet, and
 * its msize bounds what the link accepts. On the link's event loop.
 */
final class Serving implements FrameSink {
    private final Link link;
    private final ServerRole role;
    private final FairQueue queue;
    private int requestLimit;

    Serving(Link link, ServerMaker maker) {
        this.link = link;
        this.queue = new FairQueue(new Leaving());
        this.role = maker.make(new ServerRole.Peer(link.peerName(), link.ours(), link.peer().hex(), ""), new Replies(),
                new Valve());
        link.onWritable(this::room);
    }

    ServerRole role() {
        return role;
    }

    @Override
    public void accept(ByteBuf frame) {
        role.accept(frame);
        if (role.msize() > requestLimit) {
            requestLimit = role.msize();
            link.frameLimit(requestLimit);
        }
    }

    @Override
    public void endOfBatch() {
        role.endOfBatch();
    }

    /** The link takes more: whose reply is next? */
    private void room() {
        queue.pump();
        link.endOfBatch();
        tellUnsent();
    }

    private void tellUnsent() {
        role.unsent(link.unsentBytes() + queue.replyBytes());
    }

    void close() {
        role.close();
        queue.release();
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

    /** The way of the replies to the link. */
    private final class Replies implements FrameSink {
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
            tellUnsent();
        }
    }

    /** The link's reading, which the role may stop. */
    private final class Valve implements ReadingValve {
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
