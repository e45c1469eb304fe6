package dev.ninetunnel.client;

import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tmessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Requests of one client that wait for their reply. May be used by several threads. */
public final class RpcCalls {
    private final NineClient client;
    private final Rpc rpc;
    private final FidCalls calls;

    /** By what sends the client's requests. */
    RpcCalls(NineClient client, Rpc rpc) {
        this.client = client;
        this.rpc = rpc;
        this.calls = new FidCalls(rpc);
    }

    NineClient client() {
        return client;
    }

    /** The same, without waiting. */
    FidCalls calls() {
        return calls;
    }

    /** Sends a request and waits for its reply, whose data are a copy. */
    <R extends Rmessage> R call(Tmessage request, Class<R> reply) throws IOException {
        return wait(() -> rpc.send(request, NineClient::detached).thenApply(reply::cast));
    }

    /** Begins something and waits for what comes of it. */
    <R> R wait(Supplier<CompletableFuture<R>> begin) throws IOException {
        if (client.onLoop()) {
            throw new IllegalStateException("waiting on the event loop that would have to answer");
        }
        return await(begin.get());
    }

    /** Waits for what comes of a request. */
    public static <R> R await(CompletableFuture<R> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for the server");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case RefusedException refused -> refused;
                case ForeignServerException foreign -> foreign;
                case ConversationException ended -> new ConversationException(ended.getMessage(), ended);
                case MalformedMessageException broken -> new ConversationException(
                        "the server broke the protocol: " + broken.getMessage(), broken);
                default -> new IOException(e.getCause().getMessage(), e.getCause());
            };
        }
    }

    /** A new fid for where the names lead from this one, however many there are; for the same file if there are none. */
    Fid walk(Fid from, List<Text> names) throws IOException {
        if (names.isEmpty()) {
            return new Fid(this, wait(() -> calls.copy(from.number())), from.qid());
        }
        FidCalls.Walked walked = wait(() -> calls.walk(from.number(), names));
        return new Fid(this, walked.fid(), walked.qid());
    }

    /** Takes a fid that is not open one step down, to stay where it is if that fails. */
    void walkOn(Fid fid, Text name) throws IOException {
        fid.nowIs(wait(() -> calls.walkOn(fid.number(), List.of(name))).qid());
    }

    /** Removes the file, and ends the fid. */
    void remove(Fid fid) throws IOException {
        CompletableFuture<Void> removed = calls.remove(fid.number());
        fid.ended();
        await(removed);
    }
}
