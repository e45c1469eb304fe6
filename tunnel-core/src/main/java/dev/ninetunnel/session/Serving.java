package dev.ninetunnel.session;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.serve.ServerRole;
import io.netty.buffer.ByteBuf;

/**
 * A server role on its link: it gets the even frames, is told how much of what it answered could not be sent yet, and
 * its msize bounds what the link accepts.
 */
final class Serving implements FrameSink {
    private final Link link;
    private final ServerRole role;
    private int replyLimit;
    private int requestLimit;

    Serving(Link link, ServerRole role) {
        this.link = link;
        this.role = role;
        link.onWritable(this::tellUnsent);
    }

    ServerRole role() {
        return role;
    }

    /** The msize of the opposite conversation, in bytes. */
    void replyLimit(int msize) {
        replyLimit = msize;
        link.frameLimit(Math.max(requestLimit, replyLimit));
    }

    @Override
    public void accept(ByteBuf frame) {
        role.accept(frame);
        if (role.msize() > requestLimit) {
            requestLimit = role.msize();
            link.frameLimit(Math.max(requestLimit, replyLimit));
        }
    }

    @Override
    public void endOfBatch() {
        role.endOfBatch();
        if (!link.writable()) {
            tellUnsent();
        }
    }

    private void tellUnsent() {
        role.unsent(link.unsentBytes());
    }

    void close() {
        role.close();
    }
}
