package dev.ninetunnel.client;

import dev.ninetunnel.errno.SystemWords;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rbreak;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tbreak;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tmessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * The requests of one connection that have no reply yet, by their tags. Everything here happens on the channel's event
 * loop. Once the connection is lost, or the server has broken the protocol, every request fails with the reason: those
 * under way, those that wait for a tag, and those to come.
 */
final class Requests extends ChannelInboundHandlerAdapter {
    private final String server;
    private final Optional<Silence> silence;
    private final Map<Integer, Call<?>> byTag = new HashMap<>();
    private final ArrayDeque<Call<?>> waiting = new ArrayDeque<>();
    private final ArrayDeque<Integer> freed = new ArrayDeque<>();
    private int neverUsed;
    private ChannelHandlerContext ctx;
    private ConversationException ended;
    /** Whether something has been written that is to be flushed. */
    private boolean unsent;
    /** Null where no lease can be recalled. */
    private NineClient.Recalls recalls;

    /** With what to call the server in messages to people. */
    Requests(String server, Optional<Silence> silence) {
        this.server = server;
        this.silence = silence;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.ctx = context;
        silence.ifPresent(watch -> watch.begin(context.channel().eventLoop()));
    }

    /** From now on, the server may ask for leases back. */
    void hearRecalls(NineClient.Recalls whoHears) {
        if (ended == null) {
            recalls = whoHears;
        } else {
            whoHears.lost();
        }
    }

    /** Sends a request with the next free tag, or keeps it until there is one. */
    void start(Call<?> call) {
        if (ended != null) {
            call.fail(ended);
        } else if (freed.isEmpty() && neverUsed == Frame.NOTAG) {
            waiting.add(call);
        } else {
            start(call, freed.isEmpty() ? neverUsed++ : freed.pop());
        }
    }

    /** Sends Tversion, which has no tag. */
    void startVersion(Call<?> call) {
        if (ended != null) {
            call.fail(ended);
        } else {
            start(call, Frame.NOTAG);
        }
    }

    private void start(Call<?> call, int tag) {
        byTag.put(tag, call);
        silence.ifPresent(Silence::asked);
        ByteBuf frame = call.takeFrame();
        Frame.tag(frame, tag);
        // What a failed write means, channelInactive or exceptionCaught say too.
        ctx.write(frame, ctx.voidPromise());
        if (!unsent) {
            unsent = true;
            ctx.executor().execute(this::flush);
        }
    }

    /** Requests that were handed in together leave together. */
    private void flush() {
        unsent = false;
        ctx.flush();
    }

    /** Sends a Tflush for the request with this future; completes when that is answered, or at once if it is over. */
    CompletableFuture<Void> flush(CompletableFuture<?> future) {
        for (var entry : byTag.entrySet()) {
            Call<?> call = entry.getValue();
            if (call.promises(future)) {
                return flush(entry.getKey(), call);
            }
        }
        for (Call<?> call : waiting) {
            if (call.promises(future)) {
                waiting.remove(call);
                call.fail(new CancellationException("it was never sent"));
                break;
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> flush(int tag, Call<?> victim) {
        Tflush flush = new Tflush(tag);
        ByteBuf frame = ctx.alloc().buffer();
        flush.write(frame, 0);
        Call<Void> call = new Call<>(frame, _ -> null);
        victim.flushSent();
        start(call);
        // An error in answer to a Tflush is against the manual, but says just as well that the server is done with it.
        return call.future().handle((_, failure) -> {
            if (ended == null) {
                flushed(tag, victim);
            }
            return null;
        });
    }

    private void flushed(int tag, Call<?> victim) {
        victim.flushAnswered();
        if (!victim.beingFlushed()) {
            free(tag);
        }
    }

    private void free(int tag) {
        byTag.remove(tag);
        if (tag == Frame.NOTAG) {
            return;
        }
        freed.push(tag);
        if (!waiting.isEmpty()) {
            start(waiting.poll());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        ByteBuf reply = (ByteBuf) frame;
        try {
            if (ended == null && recalls != null && Frame.type(reply) == MessageType.TBREAK.number()) {
                recall(reply);
            } else if (ended == null) {
                answer(reply);
            }
        } catch (MalformedMessageException e) {
            broken(e);
        } finally {
            reply.release();
        }
    }

    private void recall(ByteBuf frame) {
        int tag = Frame.tag(frame);
        Tbreak lease = (Tbreak) Tmessage.read(frame);
        recalls.recalled(lease.lease(), lease.lost(), () -> ctx.executor().execute(() -> {
            ByteBuf answer = ctx.alloc().buffer(Frame.HEADER);
            new Rbreak().write(answer, tag);
            ctx.writeAndFlush(answer, ctx.voidPromise());
        }));
    }

    private void answer(ByteBuf frame) {
        int tag = Frame.tag(frame);
        Call<?> call = byTag.get(tag);
        if (call == null || call.answered()) {
            throw new MalformedMessageException("a message of type " + Frame.type(frame) + " with tag " + tag
                    + ", which no request has");
        }
        Rmessage reply = Rmessage.read(frame);
        call.check(frame);
        if (!call.beingFlushed()) {
            // First, so that what the answer sets off finds the tag free.
            free(tag);
        }
        silence.ifPresent(watch -> watch.broken(!byTag.isEmpty()));
        call.answer(reply);
    }

    private void broken(MalformedMessageException e) {
        end(new ConversationException(server + " broke the protocol: " + e.getMessage(), e));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        switch (cause) {
            case MalformedMessageException e -> broken(e);
            case IOException e -> end(new ConversationException("lost the connection to " + server + ": "
                    + SystemWords.of(e), e));
            default -> end(new ConversationException("the connection to " + server + " failed: " + cause, cause));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(new ConversationException(server + " closed the connection"));
    }

    /** Ends the conversation for this reason, unless it has ended before, and closes the channel. */
    void end(ConversationException reason) {
        if (ended != null) {
            return;
        }
        ended = reason;
        silence.ifPresent(Silence::end);
        ctx.close();
        List<Call<?>> all = new ArrayList<>(byTag.values());
        all.addAll(waiting);
        byTag.clear();
        waiting.clear();
        if (recalls != null) {
            recalls.lost();
        }
        all.forEach(call -> call.fail(reason));
    }
}
