package dev.ninetunnel.link;

import dev.ninetunnel.wire.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Parts the one stream of frames into two conversations by the low bit of the type, and by nothing else (rule L1).
 * Frames that come before anybody takes them wait here. Last in the pipeline, on the channel's event loop; what is
 * not a frame it tells the link.
 */
final class Splitter extends ChannelInboundHandlerAdapter {
    private final Link link;
    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    private FrameSink requests;
    private FrameSink replies;
    private boolean any;

    Splitter(Link link) {
        this.link = link;
    }

    /** Whether a whole frame has come. */
    boolean sawFrame() {
        return any;
    }

    void route(FrameSink toRequests, FrameSink toReplies) {
        requests = toRequests;
        replies = toReplies;
        if (!waiting.isEmpty()) {
            deliverWaiting();
        }
    }

    /** A fault in who takes them is the link's, as it is when they come from the pipeline, and not that of who called. */
    private void deliverWaiting() {
        try {
            for (ByteBuf frame = waiting.poll(); frame != null; frame = waiting.poll()) {
                deliver(frame);
            }
            endBatch();
        } catch (RuntimeException fault) {
            link.failed(fault);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf frame = (ByteBuf) message;
        any = true;
        FrameLog.received(link.peerName(), frame);
        link.received().count(frame);
        if (requests == null) {
            waiting.add(frame);
        } else {
            deliver(frame);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (requests != null) {
            endBatch();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        link.writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
            link.peerSaidGoodbye();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        link.failed(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        link.ended();
    }

    private void deliver(ByteBuf frame) {
        (Frame.isRequest(frame) ? requests : replies).accept(frame);
    }

    private void endBatch() {
        requests.endOfBatch();
        replies.endOfBatch();
    }
}
