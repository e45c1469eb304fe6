package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A conversation's connection to an upstream 9P server, in one dialect. Frames go through as they are: fids and tags are
 * unique in the conversation, and so they are here. It has a Tversion of its own; where the server takes smaller messages than
 * the conversation, counts are cut to them, and a Twrite to what fits, which its reply tells.
 *
 * <p>When the server is lost, what waits for it and what is asked of its fids fails with EIO, and the next attach connects
 * anew. Used on the event loop only.
 */
final class UpstreamConnection {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamConnection.class);
    private static final long HANDSHAKE_SECONDS = 15;
    /** ECONNREFUSED, with the words that the Linux client knows. */
    private static final int REFUSED = 111;
    private static final String REFUSED_WORDS = "Connection refused";
    /** Where Twrite, Tread and Treaddir have their count. */
    private static final int COUNT_OFFSET = Frame.HEADER + 4 + 8;
    /** What servers such as diod want left of a message for the header of a read or write (Plan 9's IOHDRSZ). */
    private static final int IO_HEADER = 24;
    private static final int WRITE_HEADER = COUNT_OFFSET + 4;
    private static final int NAMES_OFFSET = Frame.HEADER + 4 + 4;

    private enum State {
        OPENING, OPEN, LOST
    }

    private final Conversation conversation;
    private final Export.Address address;
    private final Dialect dialect;
    private final BoundedLog log;
    private final UpstreamTraffic traffic;
    private final IntObjectHashMap<Request> outstanding = new IntObjectHashMap<>();
    private final IntObjectHashMap<Request> cancelling = new IntObjectHashMap<>();
    private final List<ByteBuf> early = new ArrayList<>();
    private State state = State.OPENING;
    private ScheduledFuture<?> deadline;
    private int msize;

    UpstreamConnection(Conversation conversation, Export.Address address, Dialect dialect) {
        this.conversation = conversation;
        this.address = address;
        this.dialect = dialect;
        this.log = conversation.role().exports().upstreamLog(address);
        this.traffic = new UpstreamTraffic(address, log, conversation.msize(), new UpstreamTraffic.Listener() {
            @Override
            public void received(List<ByteBuf> frames) {
                onLoop(() -> frames.forEach(UpstreamConnection.this::received),
                        () -> frames.forEach(ByteBuf::release));
            }

            @Override
            public void ended(IOException why) {
                onLoop(() -> lost(why.getMessage()), () -> {});
            }
        });
    }

    private void onLoop(Runnable task, Runnable ifStopped) {
        try {
            conversation.role().loop().execute(task);
        } catch (RejectedExecutionException e) {
            ifStopped.run();
        }
    }

    Dialect dialect() {
        return dialect;
    }

    boolean isLost() {
        return state == State.LOST;
    }

    /** Connects, and agrees on a version. What is forwarded meanwhile waits for that. */
    void open() {
        ByteBuf hello = ByteBufAllocator.DEFAULT.buffer();
        new Tversion(conversation.msize(), Text.of(dialect.version())).write(hello, Frame.NOTAG);
        traffic.send(hello);
        deadline = conversation.role().loop().schedule(() -> lost("it did not answer"), HANDSHAKE_SECONDS,
                TimeUnit.SECONDS);
        traffic.start();
    }

    /** Passes a request on. The frame is the connection's from here on. */
    void forward(Request r, ByteBuf frame) {
        r.state = Request.State.RUNNING;
        r.upstream = this;
        if (state == State.LOST) {
            frame.release();
            answerForLost(r);
            return;
        }
        if (r.type == MessageType.TWALK) {
            r.names = Frame.int16(frame, NAMES_OFFSET);
        }
        outstanding.put(r.tag, r);
        pass(r, frame);
    }

    /** Passes on a Tflush of a request that was passed on. */
    void flush(Request flush, Request old) {
        flush.upstream = this;
        if (state == State.LOST) {
            conversation.finish(flush, Replies.frame(new Rflush(), flush.tag));
            return;
        }
        outstanding.put(flush.tag, flush);
        cancelling.put(flush.tag, old);
        pass(flush, flush.takeFrame());
    }

    private void pass(Request r, ByteBuf frame) {
        if (state == State.OPENING) {
            early.add(frame);
            return;
        }
        ByteBuf fitting = fit(r.type, frame);
        if (fitting == null) {
            frame.release();
            outstanding.remove(r.tag);
            conversation.finish(r, Replies.error(r.dialect, r.tag, Errno.E2BIG));
        } else {
            traffic.send(fitting);
        }
    }

    /** Makes a request, and what it asks for, fit the server's msize. Null if that cannot be. */
    private ByteBuf fit(MessageType type, ByteBuf frame) {
        return switch (type) {
            case TREAD, TREADDIR -> {
                int count = Frame.int32(frame, COUNT_OFFSET);
                int most = msize - IO_HEADER;
                if (Integer.compareUnsigned(count, most) > 0) {
                    Frame.int32(frame, COUNT_OFFSET, most);
                }
                yield frame;
            }
            case TWRITE -> {
                int count = msize - IO_HEADER;
                if (frame.readableBytes() > WRITE_HEADER + count) {
                    frame.writerIndex(frame.readerIndex() + WRITE_HEADER + count);
                    Frame.int32(frame, 0, WRITE_HEADER + count);
                    Frame.int32(frame, COUNT_OFFSET, count);
                }
                yield frame;
            }
            default -> frame.readableBytes() > msize ? null : frame;
        };
    }

    private void received(ByteBuf frame) {
        if (state == State.LOST) {
            frame.release();
            return;
        }
        try {
            MessageType type = MessageType.of(frame);
            if (type == null || type.isRequest()) {
                throw new MalformedMessageException("a message of type " + Frame.type(frame) + " is no reply");
            }
            type.check(frame);
            if (state == State.OPENING) {
                opened(frame);
            } else {
                answered(frame, type);
            }
        } catch (MalformedMessageException e) {
            frame.release();
            lost("it does not keep to 9P: " + e.getMessage());
        }
    }

    private void opened(ByteBuf frame) {
        if (!(Rmessage.read(frame) instanceof Rversion v)) {
            throw new MalformedMessageException("its first reply is no Rversion");
        }
        if (!v.version().utf8().equals(dialect.version())) {
            frame.release();
            lost("it does not speak " + dialect.version() + ", but " + v.version());
            return;
        }
        if (Integer.compareUnsigned(v.msize(), conversation.msize()) > 0 || v.msize() < 256) {
            throw new MalformedMessageException("an msize of " + Integer.toUnsignedString(v.msize()));
        }
        frame.release();
        deadline.cancel(false);
        msize = v.msize();
        state = State.OPEN;
        List<ByteBuf> waiting = new ArrayList<>(early);
        early.clear();
        for (ByteBuf request : waiting) {
            Request r = outstanding.get(Frame.tag(request));
            pass(r, request);
        }
    }

    private void answered(ByteBuf frame, MessageType type) {
        Request r = outstanding.get(Frame.tag(frame));
        if (r == null) {
            LOG.debug("upstream {}: a {} that nobody waits for", address, type);
            frame.release();
            return;
        }
        boolean error = type == (dialect == Dialect.LINUX ? MessageType.RLERROR : MessageType.RERROR);
        MessageType asked = r.refusal == null ? r.type : MessageType.TCLUNK;
        if (!error && type != asked.reply()) {
            throw new MalformedMessageException("a " + type + " in answer to a " + asked);
        }
        outstanding.remove(r.tag);
        if (r.refusal != null) {
            frame.release();
            conversation.finish(r, Replies.error(r.dialect, r.tag, r.refusal));
            return;
        }
        if (r.type == MessageType.TFLUSH) {
            cancelled(r);
        }
        if (!error && r.making != null && isMade(r, frame)) {
            r.made = r.through;
        }
        conversation.finish(r, frame);
    }

    /** The server has dropped a request, unless it has answered it before. */
    private void cancelled(Request flush) {
        Request old = cancelling.remove(flush.tag);
        if (outstanding.get(old.tag) == old) {
            outstanding.remove(old.tag);
            conversation.finish(old, null);
        }
    }

    private static boolean isMade(Request r, ByteBuf reply) {
        return r.type != MessageType.TWALK || Frame.int16(reply, Frame.HEADER) == r.names;
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
        end();
    }

    /** Ends it, with the conversation. */
    void close() {
        if (state != State.LOST) {
            end();
        }
    }

    private void end() {
        state = State.LOST;
        deadline.cancel(false);
        traffic.close();
        early.forEach(ByteBuf::release);
        early.clear();
        List<Request> waiting = new ArrayList<>(outstanding.values());
        outstanding.clear();
        cancelling.clear();
        waiting.forEach(this::answerForLost);
    }

    private void answerForLost(Request r) {
        if (r.type == MessageType.TFLUSH) {
            conversation.finish(r, Replies.frame(new Rflush(), r.tag));
        } else if (r.type == MessageType.TATTACH || r.type == MessageType.TAUTH) {
            conversation.finish(r, Replies.error(r.dialect, r.tag, new FsException(REFUSED, REFUSED_WORDS)));
        } else if (r.type == MessageType.TCLUNK) {
            conversation.finish(r, Replies.frame(new Rclunk(), r.tag));
        } else {
            conversation.finish(r, Replies.error(r.dialect, r.tag, Errno.EIO));
        }
    }
}
