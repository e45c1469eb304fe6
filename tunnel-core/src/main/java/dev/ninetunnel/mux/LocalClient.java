package dev.ninetunnel.mux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One local connection: what may be said before and around Tversion, when its socket is read, and how it ends. All
 * between is the business of its {@link Share}. Belongs to the loop of the client role, which is its channel's.
 */
final class LocalClient extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(LocalClient.class);

    /** The largest frame before an msize is agreed: room for a Tversion and its string. */
    private static final int FIRST_FRAME = 8192;
    /** Replies under this size are copied for a client that lags, so that they do not hold on to the link's buffers. */
    private static final int COPY_UNDER = 4096;
    private static final int LAGS = 64 * 1024;

    private final ClientRole role;
    private ChannelHandlerContext ctx;
    private Share share;

    /** A Tversion that has no answer yet, and its tag. */
    private Tversion asked;
    private int askedTag;
    /** The share from before that Tversion is being cleaned up. */
    private boolean leaving;
    private Future<?> patience;
    /** What came behind that Tversion. */
    private final ArrayDeque<ByteBuf> early = new ArrayDeque<>();
    private int earlyBytes;

    private boolean dirty;
    private boolean paused;
    private boolean closing;

    LocalClient(ClientRole role) {
        this.role = role;
    }

    // ---- the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        int high = role.limits().replyBytes();
        ctx.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
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
        if (closing) {
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
        if (isWritable()) {
            if (share != null) {
                share.lineUp();
            }
            role.rest();
        } else {
            pause();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        dropQuestion();
        role.departed(this);
        leaveShare(() -> {});
        role.rest();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof MalformedMessageException malformed) {
            fault(malformed.getMessage());
        } else if (cause instanceof IOException) {
            LOG.debug("{}: {}", this, cause.toString());
            ctx.close();
        } else {
            LOG.error("{}: closed after a fault of ours", this, cause);
            ctx.close();
        }
    }

    // ---- from the client

    private void take(ByteBuf frame) {
        MessageType type = MessageType.of(frame);
        String fault = fault(type, frame);
        if (fault != null) {
            frame.release();
            fault(fault);
        } else if (type == MessageType.TVERSION) {
            version(frame);
        } else if (type == MessageType.TFLUSH && asked != null && Frame.int16(frame, Frame.HEADER) == askedTag) {
            dropQuestion();
            answer(Frame.tag(frame), frame);
        } else if (asked != null) {
            early.add(frame);
            earlyBytes += frame.readableBytes() + Request.OVERHEAD;
        } else if (type == null) {
            refuse(frame, Refusal.UNKNOWN_TYPE);
        } else if (share == null) {
            if (type == MessageType.TFLUSH) {
                answer(Frame.tag(frame), frame);
            } else {
                refuse(frame, Refusal.NO_VERSION);
            }
        } else if (type == MessageType.TFLUSH) {
            int oldTag = Frame.int16(frame, Frame.HEADER);
            int tag = Frame.tag(frame);
            frame.release();
            share.flush(tag, oldTag);
        } else {
            share.request(frame, type);
        }
    }

    /** Why this is nothing that a client may send, or null. */
    private static String fault(MessageType type, ByteBuf frame) {
        if (!Frame.isRequest(frame)) {
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
        if (!closing) {
            LOG.warn("{} sent {}: its connection is closed", this, what);
            closing = true;
            ctx.close();
        }
    }

    private void refuse(ByteBuf frame, Refusal refusal) {
        int tag = Frame.tag(frame);
        frame.release();
        write(ErrorReply.of(alloc(), share == null ? Dialect.PLAIN : share.dialect(), tag, refusal));
    }

    /** Answers a Tflush that has nothing to wait for. */
    private void answer(int tag, ByteBuf flush) {
        flush.release();
        write(Share.rflush(alloc(), tag));
    }

    // ---- Tversion (version(5), rules M8 to M10)

    private void version(ByteBuf frame) {
        dropQuestion();
        asked = (Tversion) Tmessage.read(frame);
        askedTag = Frame.tag(frame);
        frame.release();
        if (share != null) {
            leaving = true;
            leaveShare(() -> {
                leaving = false;
                negotiate();
            });
        } else {
            negotiate();
        }
    }

    /** Answers the Tversion that waits, if there is one and nothing stands in its way. */
    void negotiate() {
        if (asked == null || leaving || closing) {
            return;
        }
        Conversation conversation = role.conversation();
        if (conversation == null) {
            long wait = role.limits().linkWait().toMillis();
            patience = role.loop().schedule(this::tired, wait, TimeUnit.MILLISECONDS);
            return;
        }
        Agreement agreement = Agreement.of(asked, conversation.far());
        answer(agreement.reply());
        agreement.dialect().ifPresentOrElse(dialect -> {
            share = conversation.join(this, dialect, agreement.msize());
            frameLimit(agreement.msize());
        }, () -> frameLimit(FIRST_FRAME));
        replay();
    }

    private void tired() {
        patience = null;
        fail(Errno.ENOTCONN, role.peerName() + " is not linked");
        role.rest();
    }

    private void answer(Rmessage message) {
        ByteBuf frame = alloc().buffer();
        message.write(frame, askedTag);
        asked = null;
        stopWaiting();
        write(frame);
    }

    private void replay() {
        earlyBytes = 0;
        for (int n = early.size(); n > 0 && !closing; n--) {
            take(early.poll());
        }
        if (closing) {
            dropEarly();
        }
    }

    private void dropQuestion() {
        asked = null;
        stopWaiting();
        dropEarly();
    }

    private void stopWaiting() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }

    private void dropEarly() {
        early.forEach(ByteBuf::release);
        early.clear();
        earlyBytes = 0;
    }

    private void leaveShare(Runnable whenGone) {
        if (share != null) {
            Share old = share;
            share = null;
            old.leave(whenGone);
        }
    }

    private void frameLimit(int bytes) {
        FrameDecoder decoder = ctx.pipeline().get(FrameDecoder.class);
        if (decoder == null) {
            throw new IllegalStateException("a local client needs a FrameDecoder in front of it");
        }
        decoder.limit(bytes);
    }

    // ---- to the client

    ByteBufAllocator alloc() {
        return ctx.alloc();
    }

    boolean isWritable() {
        return ctx.channel().isWritable();
    }

    /** Bytes that may wait to be sent to the client, before it has to read some. */
    long writableBytes() {
        return ctx.channel().bytesBeforeUnwritable();
    }

    /** Writes a frame, which belongs to this method. {@link ClientRole#rest} sends it off. */
    void write(ByteBuf frame) {
        if (closing) {
            frame.release();
            return;
        }
        ByteBuf out = frame;
        if (frame.readableBytes() < COPY_UNDER && role.limits().replyBytes() - writableBytes() > LAGS) {
            out = alloc().buffer(frame.readableBytes()).writeBytes(frame, frame.readerIndex(), frame.readableBytes());
            frame.release();
        }
        ctx.write(out, ctx.voidPromise());
        if (!dirty) {
            dirty = true;
            role.wrote(this);
        }
    }

    void flush() {
        dirty = false;
        ctx.flush();
    }

    // ---- reading, or not

    private boolean isFull() {
        int held = earlyBytes + (share == null ? 0 : share.heldBytes());
        return held > role.limits().queueBytes() || !isWritable();
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
        if (closing || !isFull()) {
            paused = false;
            ctx.channel().config().setAutoRead(true);
            return true;
        }
        return false;
    }

    // ---- the end

    /** Whether nothing that the client sent is without its answer. */
    boolean isIdle() {
        return asked == null && !leaving && (share == null || share.isIdle());
    }

    /** The endpoint stops: the client is not read any more, and closed as soon as it has its answers. */
    void drain() {
        pause();
        if (isIdle()) {
            close();
        }
    }

    /** Answers everything with an error, and closes (rule M14). */
    void fail(Errno errno, String words) {
        if (closing) {
            return;
        }
        if (share != null) {
            share.fail(errno, words);
            share = null;
        }
        failEarly(errno, words);
        close();
    }

    private void failEarly(Errno errno, String words) {
        if (asked == null) {
            return;
        }
        Dialect dialect = asked.version().utf8().startsWith(Dialect.LINUX.version()) ? Dialect.LINUX : Dialect.PLAIN;
        asked = null;
        stopWaiting();
        write(ErrorReply.of(alloc(), dialect, askedTag, errno, words));
        dropEarly();
    }

    /** Closes as soon as the client has read what was written to it, or has had time enough to. */
    void close() {
        if (closing) {
            return;
        }
        closing = true;
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        if (ctx.channel().isOpen()) {
            long grace = role.limits().closeGrace().toMillis();
            role.loop().schedule(() -> ctx.close(), grace, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes at once, unheard. */
    void reject() {
        closing = true;
        ctx.close();
    }

    @Override
    public String toString() {
        return "a local client of " + role.peerName();
    }
}
