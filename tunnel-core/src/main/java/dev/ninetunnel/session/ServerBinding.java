package dev.ninetunnel.session;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.ReadingValve;
import dev.ninetunnel.serve.ServerRole;
import io.netty.buffer.ByteBuf;

/**
 * A server role on what carries its frames, be it the links of a session, one link or a local socket: it gets the requests, is
 * told how much of what it answered has not left, and its msize bounds what is accepted. On the event loop.
 */
public final class ServerBinding implements FrameSink {
    /** What carries a role's frames: it takes the replies, and reads no requests while the role wants none. */
    public interface Carrier extends FrameSink, ReadingValve {
        /** The bytes of the replies that have not left, or that the far side may lack. */
        long unsentBytes();

        /** From now on a request may have this many bytes. */
        void frameLimit(int bytes);
    }

    /** Makes a role, with where its replies are to go and what stops the reading of requests. */
    @FunctionalInterface
    public interface Maker {
        ServerRole make(FrameSink replies, ReadingValve valve);
    }

    private final Carrier carrier;
    private final ServerRole role;
    private int msize;

    public ServerBinding(Carrier carrier, Maker maker) {
        this.carrier = carrier;
        this.role = maker.make(new Replies(), carrier);
    }

    public ServerRole role() {
        return role;
    }

    /** Takes a request. */
    @Override
    public void accept(ByteBuf frame) {
        role.accept(frame);
        if (role.msize() != msize && role.msize() > 0) {
            msize = role.msize();
            carrier.frameLimit(msize);
        }
    }

    @Override
    public void endOfBatch() {
        role.endOfBatch();
        tellUnsent();
    }

    /** Replies may have left, or more of them wait: their carrier calls this. */
    public void tellUnsent() {
        role.unsent(carrier.unsentBytes());
    }

    /** The way of the replies. */
    private final class Replies implements FrameSink {
        @Override
        public void accept(ByteBuf frame) {
            carrier.accept(frame);
        }

        @Override
        public void accept(ByteBuf frame, Object client, int fid) {
            carrier.accept(frame, client, fid);
        }

        @Override
        public void cancel(int tag) {
            carrier.cancel(tag);
        }

        @Override
        public void endOfBatch() {
            carrier.endOfBatch();
            tellUnsent();
        }
    }
}
