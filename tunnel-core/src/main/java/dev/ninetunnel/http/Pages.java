package dev.ninetunnel.http;

import java.util.concurrent.CompletableFuture;

/** What there is to be asked for. */
@FunctionalInterface
public interface Pages {
    /** Answers a request. Called on the server's own loop, which it may not block; a failure is told as 500. */
    CompletableFuture<Answer> answer(Visit visit);
}
