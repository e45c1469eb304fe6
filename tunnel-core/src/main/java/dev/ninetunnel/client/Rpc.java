package dev.ninetunnel.client;

import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tmessage;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Sends the requests of one conversation. Any thread; nothing here waits. */
@FunctionalInterface
public interface Rpc {
    /**
     * Sends a request, whose successful reply is looked at where it was received: the function runs on the event loop, and the
     * reply's data are valid until it returns (or longer if it retains them, and then releases them). The data of a Twrite stay the
     * caller's. On the heap, they have been copied when this returns; outside it they may be retained until they are sent, and are not
     * to be changed before there is a reply.
     *
     * @return what the function gives; or a {@link RefusedException} for an Rlerror or Rerror; or a
     *         {@link ConversationException}
     */
    <R> CompletableFuture<R> send(Tmessage request, Function<Rmessage, R> use);
}
