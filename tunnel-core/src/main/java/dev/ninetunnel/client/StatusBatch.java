package dev.ninetunnel.client;

import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Twalk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Asks for the status of many entries of a directory, several at a time, so that a long way costs little. */
final class StatusBatch {
    private static final int WINDOW = 32;

    private final RpcCalls rpcCalls;
    private final DialectOps dialectOps;
    private final Fid directory;

    StatusBatch(RpcCalls rpcCalls, DialectOps dialectOps, Fid directory) {
        this.rpcCalls = rpcCalls;
        this.dialectOps = dialectOps;
        this.directory = directory;
    }

    /** One for each name, in order; empty where the server refuses, such as for an entry that is gone by now. */
    List<Optional<FileStatus>> of(List<Text> names) throws IOException {
        List<Optional<FileStatus>> all = new ArrayList<>(names.size());
        ArrayDeque<CompletableFuture<Optional<FileStatus>>> underWay = new ArrayDeque<>();
        for (Text name : names) {
            if (underWay.size() == WINDOW) {
                all.add(RpcCalls.await(underWay.remove()));
            }
            underWay.add(ask(name));
        }
        while (!underWay.isEmpty()) {
            all.add(RpcCalls.await(underWay.remove()));
        }
        return all;
    }

    private CompletableFuture<Optional<FileStatus>> ask(Text name) {
        int fid = rpcCalls.take();
        Twalk walk = new Twalk(directory.number(), fid, List.of(name));
        return rpcCalls.client().send(walk).whenComplete((reply, _) -> {
            if (!arrived(reply)) {
                rpcCalls.free(fid);
            }
        }).thenCompose(reply -> arrived(reply)
                ? status(fid)
                : CompletableFuture.completedFuture(Optional.empty())).exceptionally(StatusBatch::noneIfRefused);
    }

    private static boolean arrived(Rmessage walked) {
        return walked instanceof Rwalk reply && reply.qids().size() == 1;
    }

    private CompletableFuture<Optional<FileStatus>> status(int fid) {
        return rpcCalls.client().send(dialectOps.askStatus(fid), reply -> Optional.of(dialectOps.status(reply)))
                .whenComplete((_, _) -> rpcCalls.clunkInBackground(fid));
    }

    private static Optional<FileStatus> noneIfRefused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof RefusedException) {
            return Optional.empty();
        }
        throw new CompletionException(cause);
    }
}
