package dev.ninetunnel.model;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tmessage;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** A far side's files, by fids that are slots here. Several of these may use one client, each with fids of its own. */
final class Wire {
    /** A fid for what a step needs only while it lasts. */
    static final int SPARE = Disk.SLOTS;
    /** How many fids one of these has. */
    static final int FIDS = Disk.SLOTS + 1;

    private final NineClient client;
    private final int firstFid;

    Wire(NineClient client, int firstFid) {
        this.client = client;
        this.firstFid = firstFid;
    }

    int fid(int slot) {
        return firstFid + slot;
    }

    /** Makes slot 0 stand for a directory; with a user's number in 9P2000.L, without one in 9P2000. */
    CompletableFuture<String> attach(String aname, OptionalInt uid) {
        return ask(new Tattach(fid(0), Frame.NOFID, Text.of("root"), Text.of(aname), uid), _ -> "");
    }

    /** What a request's reply says; the function is given what is no error. */
    CompletableFuture<String> ask(Tmessage request, Function<Rmessage, String> words) {
        return told(client.send(request, words));
    }

    /** The same, where the reply leads to more requests. */
    CompletableFuture<String> then(Tmessage request, Function<Rmessage, CompletableFuture<String>> next) {
        return told(client.send(request).thenCompose(next));
    }

    CompletableFuture<String> clunk(int slot) {
        return ask(new Tclunk(fid(slot)), _ -> "");
    }

    private static CompletableFuture<String> told(CompletableFuture<String> words) {
        return words.exceptionally(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof RefusedException refused) {
                return "errno " + refused.errno();
            }
            throw new CompletionException(cause);
        });
    }
}
