package dev.ninetunnel.serve;

import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.serve.upstream.UpstreamConnection;
import dev.ninetunnel.serve.upstream.UpstreamRequest;
import dev.ninetunnel.wire.Amount;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;

/** A request while an upstream server has it. Used on the event loop only. */
final class ForwardedRequest implements UpstreamRequest {
    private final Conversation conversation;
    private final Request request;
    /** Why it was refused, while the server is asked for something else; null if it was not. */
    private final FsException refusal;
    /** How many names a Twalk is to walk. */
    private final int names;

    private ForwardedRequest(Conversation conversation, Request request, FsException refusal, ByteBuf frame) {
        this.conversation = conversation;
        this.request = request;
        this.refusal = refusal;
        this.names = request.type == MessageType.TWALK ? Amount.asked(request.type, frame) : 0;
    }

    /** Passes a request on, in this frame, which is given away. */
    static void send(Conversation conversation, Request request, UpstreamConnection to, ByteBuf frame) {
        send(new ForwardedRequest(conversation, request, null, frame), to, frame);
    }

    /** Has the server do something else, and answers a request with why it was refused when that is done. */
    static void sendInstead(Conversation conversation, Request refused, FsException why, UpstreamConnection to,
            ByteBuf frame) {
        send(new ForwardedRequest(conversation, refused, why, frame), to, frame);
    }

    private static void send(ForwardedRequest forwarded, UpstreamConnection to, ByteBuf frame) {
        forwarded.request.state = Request.State.RUNNING;
        forwarded.request.upstream = to;
        to.forward(frame, forwarded);
    }

    @Override
    public void answered(ByteBuf reply) {
        if (refusal != null) {
            reply.release();
            failed(refusal);
            return;
        }
        if (request.making != null && makesFid(reply)) {
            request.made = request.through;
        }
        conversation.finish(request, reply);
    }

    private boolean makesFid(ByteBuf reply) {
        MessageType type = MessageType.of(reply);
        return type == request.type.reply() && (type != MessageType.RWALK || Amount.replied(type, reply) == names);
    }

    @Override
    public void failed(FsException why) {
        FsException told = refusal == null ? why : refusal;
        conversation.finish(request, Replies.error(request.dialect, request.tag, told));
    }

    @Override
    public void cancelled() {
        conversation.finish(request, null);
    }
}
