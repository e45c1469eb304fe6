package dev.ninetunnel.session;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.mux.RemoteParameters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/**
 * The conversation of a session in which this endpoint asks: its beginning, by Tversion, and then a client role that gets the
 * replies. On the session's loop.
 */
final class ClientBinding implements FrameSink {
    private final ClientRole role;
    private final FrameSink requests;
    private final Consumer<VersionExchange.Outcome> whenAnswered;
    /** Where the far side's answer to Tversion is awaited; null before it is asked. */
    private VersionExchange versionExchange;
    private RemoteParameters far;

    /**
     * One that has not begun.
     *
     * @param whenAnswered hears what a Tversion of ours led to
     */
    ClientBinding(ClientRole role, FrameSink requests, Consumer<VersionExchange.Outcome> whenAnswered) {
        this.role = role;
        this.requests = requests;
        this.whenAnswered = whenAnswered;
    }

    boolean isOpen() {
        return far != null;
    }

    /** Asks the far side to begin it; the answer comes among the replies. */
    void ask(int msize) {
        versionExchange = new VersionExchange(true, msize);
        ByteBuf question = ByteBufAllocator.DEFAULT.buffer(32);
        versionExchange.ask(question);
        requests.accept(question);
        requests.endOfBatch();
    }

    /** It has begun. */
    void open(RemoteParameters agreed) {
        far = agreed;
        role.open(agreed, requests);
    }

    /** Takes a reply. */
    @Override
    public void accept(ByteBuf frame) {
        if (isOpen()) {
            role.accept(frame);
            return;
        }
        try {
            whenAnswered.accept(versionExchange.answered(frame));
        } finally {
            frame.release();
        }
    }

    @Override
    public void endOfBatch() {
        if (isOpen()) {
            role.endOfBatch();
        }
    }

    /** Has the far side tell what it has received. */
    void ping() {
        if (isOpen()) {
            role.ping(() -> {});
        }
    }

    /** The conversation is lost. */
    void lost(String reason) {
        if (isOpen()) {
            role.lost(reason);
        }
    }
}
