package dev.ninetunnel.serve.upstream;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.errno.SystemWords;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A conversation's connection to an upstream 9P server, in one dialect. Frames go through as they are: fids and tags are
 * unique in the conversation, and so they are here. It has a Tversion of its own; where the server takes smaller messages than
 * the conversation, requests are made to fit ({@link SmallerMessages}). What the server does not take waits here, counted as
 * held by its conversation, and is dropped when it is cancelled.
 *
 * <p>When the server is lost, what waits for it and what is asked of its fids fails with EIO, and the next attach connects
 * anew. Used on the event loop only.
 */
public final class UpstreamConnection {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamConnection.class);
    private static final long HANDSHAKE_SECONDS = 15;
    private static final String CLOSED = "it has closed the connection";
    private static final int LEAST_MSIZE = 256;

    private enum State {
        OPENING, OPEN, LOST
    }

    private final Export.Address address;
    private final Dialect dialect;
    /** Of the conversation. */
    private final int msize;
    private final EventLoop loop;
    private final BoundedLog log;
    private final Outstanding outstanding = new Outstanding();
    /** What the server does not take yet. */
    private final ArrayDeque<ByteBuf> unsent = new ArrayDeque<>();
    private State state = State.OPENING;
    private ScheduledFuture<?> deadline;
    /** Null until it is connected. */
    private Channel channel;
    private SmallerMessages smaller;
    private boolean unflushed;

    UpstreamConnection(Export.Address address, Dialect dialect, int msize, EventLoop loop, BoundedLog log) {
        this.address = address;
        this.dialect = dialect;
        this.msize = msize;
        this.loop = loop;
        this.log = log;
    }

    /** In which the server is spoken to. */
    public Dialect dialect() {
        return dialect;
    }

    boolean isLost() {
        return state == State.LOST;
    }

    /** Connects, and agrees on a version. What is forwarded meanwhile waits for that. */
    void open() {
        deadline = loop.schedule(() -> lost("it did not answer"), HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        UpstreamChannel.open(address, loop, log, () -> !isLost()).whenComplete((connected, fault) -> {
            if (fault != null) {
                lost(UpstreamChannel.words(fault));
            } else if (isLost()) {
                connected.close();
            } else {
                connected(connected);
            }
        });
    }

    private void connected(Channel to) {
        channel = to;
        channel.pipeline().addLast(new FrameDecoder(msize), new Traffic());
        channel.config().setAutoRead(true);
        ByteBuf hello = ByteBufAllocator.DEFAULT.buffer();
        new Tversion(msize, Text.of(dialect.version())).write(hello, Frame.NOTAG);
        channel.writeAndFlush(hello, channel.voidPromise());
    }

    /** Passes a request on, a Tflush too. The frame is the connection's from here on. */
    public void forward(ByteBuf frame, UpstreamRequest by) {
        MessageType type = MessageType.of(frame);
        int tag = Frame.tag(frame);
        if (state == State.LOST) {
            frame.release();
            Outstanding.lose(type, tag, by);
        } else if (type == MessageType.TFLUSH) {
            flush(frame, tag, by);
        } else {
            pass(frame, by);
        }
    }

    private void flush(ByteBuf frame, int tag, UpstreamRequest by) {
        int oldTag = Frame.int16(frame, Frame.HEADER);
        if (dropUnsent(oldTag)) {
            frame.release();
            outstanding.remove(oldTag).cancelled();
            by.answered(Outstanding.frame(new Rflush(), tag));
        } else {
            pass(frame, by);
        }
    }

    private boolean dropUnsent(int tag) {
        for (Iterator<ByteBuf> waiting = unsent.iterator(); waiting.hasNext();) {
            ByteBuf frame = waiting.next();
            if (Frame.tag(frame) == tag) {
                waiting.remove();
                frame.release();
                return true;
            }
        }
        return false;
    }

    private void pass(ByteBuf frame, UpstreamRequest by) {
        outstanding.add(frame, by);
        unsent.add(frame);
        sendWhatIsTaken();
    }

    private void sendWhatIsTaken() {
        while (state == State.OPEN && channel.isWritable() && !unsent.isEmpty()) {
            ByteBuf frame = unsent.remove();
            if (smaller.fit(frame)) {
                channel.write(frame, channel.voidPromise());
                flushSoon();
            } else {
                UpstreamRequest tooLarge = outstanding.remove(Frame.tag(frame));
                frame.release();
                tooLarge.failed(new FsException(Errno.E2BIG));
            }
        }
    }

    /** Sends what is written in this tick of the loop together. */
    private void flushSoon() {
        if (!unflushed) {
            unflushed = true;
            loop.execute(() -> {
                unflushed = false;
                channel.flush();
            });
        }
    }

    private void received(ByteBuf frame) {
        boolean awaited;
        try {
            awaited = state != State.LOST && takes(frame);
        } catch (MalformedMessageException e) {
            lost("it does not keep to 9P: " + e.getMessage());
            awaited = false;
        }
        if (awaited) {
            outstanding.answer(frame);
        } else {
            frame.release();
        }
    }

    /** Looks at a reply. Whether it is one to a request. */
    private boolean takes(ByteBuf frame) {
        MessageType type = MessageType.of(frame);
        if (type == null || type.isRequest()) {
            throw new MalformedMessageException("a message of type " + Frame.type(frame) + " is no reply");
        }
        type.check(frame);
        if (state == State.OPENING) {
            opened(frame);
            return false;
        }
        if (type == (dialect == Dialect.LINUX ? MessageType.RERROR : MessageType.RLERROR)) {
            throw new MalformedMessageException("a " + type + ", which is none of " + dialect.version());
        }
        if (!outstanding.awaits(frame, type)) {
            LOG.debug("upstream {}: a {} that nobody waits for", address, type);
            return false;
        }
        return true;
    }

    private void opened(ByteBuf frame) {
        if (!(Rmessage.read(frame) instanceof Rversion v)) {
            throw new MalformedMessageException("its first reply is no Rversion");
        }
        if (!v.version().utf8().equals(dialect.version())) {
            lost("it does not speak " + dialect.version() + ", but " + v.version());
            return;
        }
        if (Integer.compareUnsigned(v.msize(), msize) > 0 || v.msize() < LEAST_MSIZE) {
            throw new MalformedMessageException("an msize of " + Integer.toUnsignedString(v.msize()));
        }
        deadline.cancel(false);
        smaller = new SmallerMessages(v.msize());
        state = State.OPEN;
        sendWhatIsTaken();
    }

    private void lost(String why) {
        if (state == State.LOST) {
            return;
        }
        if (state == State.OPENING) {
            log.warn("upstream " + Escaped.of(address.toString()) + " is not to be had: " + why);
        } else {
            log.warn("upstream " + Escaped.of(address.toString()) + " is lost: " + why
                    + "; the next attach tries again");
        }
        close();
    }

    /** Ends it, and with it what its fids hold at the server. */
    public void close() {
        if (state == State.LOST) {
            return;
        }
        state = State.LOST;
        deadline.cancel(false);
        if (channel != null) {
            channel.close();
        }
        unsent.forEach(ByteBuf::release);
        unsent.clear();
        outstanding.lose();
    }

    /** What its channel brings. */
    private final class Traffic extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            received((ByteBuf) frame);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            sendWhatIsTaken();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            lost(CLOSED);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            lost(switch (cause) {
                case MalformedMessageException e -> "it does not speak 9P: " + e.getMessage();
                case ClosedChannelException _ -> CLOSED;
                case IOException e -> SystemWords.of(e);
                default -> "this is a fault in the program, or it has too little memory: " + cause;
            });
        }
    }
}
