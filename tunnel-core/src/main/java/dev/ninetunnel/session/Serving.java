package dev.ninetunnel.session;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.ReadingValve;
import dev.ninetunnel.serve.ServerRole;
import io.netty.buffer.ByteBuf;

/**
 * A server role on its link: it gets the even frames, is told how much of what it answered could not be sent yet, and
 * its msize bounds what the link accepts. On the link's event loop.
 */
final class Serving implements FrameSink {
    private final Link link;
    private final ServerRole role;
    private int requestLimit;

    Serving(Link link, ServerMaker maker) {
        this.link = link;
        this.role = maker.make(new ServerRole.Peer(link.peerName(), link.ours()), new Replies(), new Valve());
        link.onWritable(this::tellUnsent);
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

    private void tellUnsent() {
        role.unsent(link.unsentBytes());
    }

    void close() {
        role.close();
    }

    /** The way of the replies to the link. */
    private final class Replies implements FrameSink {
        @Override
        public void accept(ByteBuf frame) {
            link.accept(frame);
        }

        @Override
        public void endOfBatch() {
            link.endOfBatch();
            if (!link.writable()) {
                tellUnsent();
            }
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
