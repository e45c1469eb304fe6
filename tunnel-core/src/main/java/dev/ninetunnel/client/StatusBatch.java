package dev.ninetunnel.client;

import dev.ninetunnel.wire.Text;
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
        FidCalls calls = rpcCalls.calls();
        return calls.walk(directory.number(), List.of(name))
                .thenCompose(file -> calls
                        .ask(dialectOps.askStatus(file.fid()), reply -> Optional.of(dialectOps.status(reply)))
                        .whenComplete((_, _) -> calls.clunk(file.fid())))
                .exceptionally(StatusBatch::noneIfRefused);
    }

    private static Optional<FileStatus> noneIfRefused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof RefusedException) {
            return Optional.empty();
        }
        throw new CompletionException(cause);
    }
}
