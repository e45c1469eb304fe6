package dev.ninetunnel.mux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Wrapped;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One local connection: what may be said before and around Tversion, when its socket is read, and how it ends. All
 * between is the business of its {@link ClientConversation}. Belongs to the loop of the client role, which is its channel's.
 */
final class LocalClient extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(LocalClient.class);

    /** The largest frame before an msize is agreed: room for a Tversion and its string. */
    private static final int FIRST_FRAME = 8192;

    private final ClientRole role;
    private ChannelHandlerContext ctx;
    private ClientOutput out;
    private VersionNegotiation versionNegotiation;
    private ClientConversation clientConversation;

    private boolean paused;

    LocalClient(ClientRole role) {
        this.role = role;
    }

    // ---- the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        this.out = new ClientOutput(role, ctx);
        this.versionNegotiation = new VersionNegotiation(role, this, out);
        frameLimit(FIRST_FRAME);
        if (ctx.channel().isActive()) {
            role.joined(this);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        role.joined(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf frame = (ByteBuf) message;
        if (out.isClosed()) {
            frame.release();
            return;
        }
        take(frame);
        if (isFull()) {
            pause();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        role.rest();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (out.isWritable()) {
            if (clientConversation != null) {
                clientConversation.lineUp();
            }
            role.rest();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        out.cut();
        versionNegotiation.drop();
        role.departed(this);
        if (clientConversation != null) {
            leaveShare(() -> {});
        }
        role.rest();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof MalformedMessageException malformed) {
            fault(malformed.getMessage());
        } else if (cause instanceof IOException) {
            LOG.debug("{}: {}", this, cause.toString());
            out.cut();
        } else {
            LOG.error("{}: closed after a fault of ours", this, cause);
            out.cut();
        }
    }

    // ---- from the client

    /** Takes what the client sends, which belongs to this method. */
    void take(ByteBuf frame) {
        MessageType type = takesLeases() ? MessageType.withLeases(frame) : MessageType.of(frame);
        String fault = fault(type, frame);
        if (fault != null) {
            frame.release();
            fault(fault);
        } else if (type == MessageType.TVERSION) {
            versionNegotiation.asked(frame);
        } else if (type == MessageType.TFLUSH && versionNegotiation.isFlushedBy(frame)) {
            versionNegotiation.cancel();
            flush(frame);
        } else if (versionNegotiation.isPending()) {
            versionNegotiation.hold(frame);
        } else if (type == MessageType.RBREAK) {
            clientConversation.givenUp(frame);
        } else if (type == null || (type.isOfLeases() && type != MessageType.TWANT)) {
            refuse(frame, Refusal.UNKNOWN_TYPE);
        } else if (type == MessageType.TFLUSH) {
            flush(frame);
        } else if (clientConversation == null) {
            refuse(frame, Refusal.NO_VERSION);
        } else {
            clientConversation.request(frame, type);
        }
    }

    private boolean takesLeases() {
        return clientConversation != null && clientConversation.lease().isPositive();
    }

    private void flush(ByteBuf frame) {
        int tag = Frame.tag(frame);
        int oldTag = Frame.int16(frame, Frame.HEADER);
        frame.release();
        if (clientConversation == null) {
            out.rflush(tag);
        } else {
            clientConversation.flush(tag, oldTag);
        }
    }

    /** Why this is nothing that a client may send, or null. */
    private static String fault(MessageType type, ByteBuf frame) {
        if (!Frame.isRequest(frame) && type != MessageType.RBREAK) {
            return "a reply (type " + Frame.type(frame) + "), which a client does not send";
        }
        if (type == null) {
            return null;
        }
        try {
            type.check(frame);
            return null;
        } catch (MalformedMessageException e) {
            return e.getMessage();
        }
    }

    private void fault(String what) {
        if (!out.isClosed()) {
            role.log().warn(this + " sent " + what + ": its connection is closed");
            out.cut();
        }
    }

    private void refuse(ByteBuf frame, Refusal refusal) {
        int tag = Frame.tag(frame);
        frame.release();
        out.refuse(clientConversation == null ? Dialect.PLAIN : clientConversation.dialect(), tag, refusal);
    }

    // ---- Tversion

    boolean hasShare() {
        return clientConversation != null;
    }

    /** Has the share cleaned up; {@code whenGone} runs when nothing of it is left. */
    void leaveShare(Runnable whenGone) {
        ClientConversation old = clientConversation;
        clientConversation = null;
        old.leave(whenGone);
    }

    /** A version is agreed. */
    void join(LinkConversation linkConversation, Dialect dialect, int msize, Duration lease) {
        clientConversation = linkConversation.join(out, dialect, msize, lease);
        frameLimit(lease.isZero() ? msize : msize + Wrapped.WANT);
    }

    /** None is. */
    void joinNothing() {
        frameLimit(FIRST_FRAME);
    }

    /** A conversation is open. */
    void negotiate() {
        versionNegotiation.negotiate();
    }

    /** The conversation is lost. Who has nothing yet that was lost with it waits for another. */
    void conversationLost(String words) {
        if (clientConversation == null) {
            versionNegotiation.conversationLost();
        } else if (clientConversation.canMove()) {
            ClientConversation old = clientConversation;
            clientConversation = null;
            versionNegotiation.move(old);
        } else {
            fail(Errno.ENOTCONN, words);
        }
    }

    private void frameLimit(int bytes) {
        FrameDecoder decoder = ctx.pipeline().get(FrameDecoder.class);
        if (decoder == null) {
            throw new IllegalStateException("a local client needs a FrameDecoder in front of it");
        }
        decoder.limit(bytes);
    }

    // ---- reading, or not

    private boolean isFull() {
        int held = versionNegotiation.heldBytes() + (clientConversation == null ? 0 : clientConversation.heldBytes());
        return held > role.limits().queueBytes() || out.isFlooded();
    }

    private void pause() {
        if (!paused) {
            paused = true;
            ctx.channel().config().setAutoRead(false);
            role.paused(this);
        }
    }

    /** Reads again if there is room again. Returns whether it does. */
    boolean resume() {
        if (out.isClosed() || !isFull()) {
            paused = false;
            ctx.channel().config().setAutoRead(true);
            return true;
        }
        return false;
    }

    // ---- the end

    /** Whether nothing that the client sent is without its answer. */
    boolean isIdle() {
        return !versionNegotiation.isPending() && (clientConversation == null || clientConversation.isIdle());
    }

    /** The endpoint stops: the client is not read any more, and closed as soon as it has its answers. */
    void drain() {
        pause();
        if (isIdle()) {
            out.finish();
        }
    }

    /** Answers everything with an error, and closes (rule M14). */
    void fail(Errno errno, String words) {
        if (clientConversation != null) {
            clientConversation.fail(errno, words);
            clientConversation = null;
        }
        versionNegotiation.fail(errno, words);
        out.finish();
    }

    /** Closes at once. */
    void cut() {
        out.cut();
    }

    @Override
    public String toString() {
        return "a local client of " + role.peerName();
    }
}
