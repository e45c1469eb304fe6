package dev.ninetunnel.client;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Twalk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Requests that wait for their reply, and the fids of one client: what all dialects have in common. May be used by
 * several threads.
 */
final class RpcCalls {
    /** How many names one Twalk may carry (walk(5)). */
    private static final int NAMES_AT_ONCE = 16;

    private final NineClient client;
    private final ArrayDeque<Integer> freed = new ArrayDeque<>();
    private int neverUsed;

    RpcCalls(NineClient client) {
        this.client = client;
    }

    NineClient client() {
        return client;
    }

    /** Sends a request and waits for its reply. */
    <R extends Rmessage> R call(Tmessage request, Class<R> reply) throws IOException {
        if (client.onLoop()) {
            throw new IllegalStateException("waiting on the event loop that would have to answer");
        }
        return await(client.send(request).thenApply(reply::cast));
    }

    /** Waits for what comes of a request. */
    static <R> R await(CompletableFuture<R> future) throws IOException {
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
                default -> new IOException(e.getCause().getMessage(), e.getCause());
            };
        }
    }

    /** A fid that stands for nothing yet. */
    synchronized int take() {
        return freed.isEmpty() ? neverUsed++ : freed.pop();
    }

    synchronized void free(int fid) {
        freed.push(fid);
    }

    /** How many fids stand for something, or may do so. */
    synchronized int fidsInUse() {
        return neverUsed - freed.size();
    }

    /** Attaches, with the user's number if the dialect has it. */
    Fid attach(Text uname, OptionalInt uid, Text aname) throws IOException {
        int number = take();
        try {
            Qid root = call(new Tattach(number, Frame.NOFID, uname, aname, uid), Rattach.class).qid();
            return new Fid(this, number, root);
        } catch (IOException e) {
            free(number);
            throw e;
        }
    }

    /**
     * A new fid for where the names lead from this one, however many there are; for the same file if there are none.
     */
    Fid walk(Fid from, List<Text> names) throws IOException {
        int number = take();
        Fid fid = new Fid(this, number, from.qid());
        int done = 0;
        try {
            do {
                List<Text> next = names.subList(done, Math.min(names.size(), done + NAMES_AT_ONCE));
                Twalk request = new Twalk(done == 0 ? from.number() : number, number, next);
                List<Qid> qids = call(request, Rwalk.class).qids();
                if (!qids.isEmpty()) {
                    fid.nowIs(qids.getLast());
                }
                if (qids.size() < next.size()) {
                    throw RefusedException.of(fid.qid().isDirectory() ? Errno.ENOENT : Errno.ENOTDIR);
                }
                done += next.size();
            } while (done < names.size());
            return fid;
        } catch (IOException e) {
            if (done == 0) {
                fid.ended();
            } else {
                fid.close();
            }
            throw e;
        }
    }

    /** Takes a fid that is not open one step down, to stay where it is if that fails. */
    void walkOn(Fid fid, Text name) throws IOException {
        List<Qid> qids = call(new Twalk(fid.number(), fid.number(), List.of(name)), Rwalk.class).qids();
        if (qids.isEmpty()) {
            throw RefusedException.of(Errno.ENOENT);
        }
        fid.nowIs(qids.getLast());
    }

    /** Removes the file, and ends the fid. */
    void remove(Fid fid) throws IOException {
        try {
            call(new Tremove(fid.number()), Rremove.class);
        } finally {
            fid.ended();
        }
    }

    void clunk(int fid) throws IOException {
        try {
            call(new Tclunk(fid), Rclunk.class);
        } finally {
            free(fid);
        }
    }

    /** The number is free for another file once the server has answered, whatever it says; so is the future done. */
    CompletableFuture<Void> clunkInBackground(int fid) {
        return client.send(new Tclunk(fid)).handle((_, _) -> {
            free(fid);
            return null;
        });
    }
}
