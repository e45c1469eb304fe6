package dev.ninetunnel.fuse;

import dev.ninetunnel.fuse.kernel.Opcode;
import dev.ninetunnel.fuse.kernel.Signals;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Requests in which a program has got a signal. The kernel tells of the first signal only, and then waits for the answer even if the
 * program is killed. Whether it still wants the answer is seen from its pending signals, until there is an answer. Any thread.
 */
final class Interrupts {
    /** How long a program that goes on waits for the server to say what has become of its request. */
    private static final long PATIENCE_MILLIS = 1000;
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final Consumer<Pending> refuse;

    /** @param refuse answers a request that has no answer yet by EINTR */
    Interrupts(Consumer<Pending> refuse) {
        this.refuse = refuse;
    }

    void look(Pending request) {
        if (request.isAnswered()) {
            return;
        }
        switch (Signals.of(request.thread(), request.opcode() == Opcode.SETLKW)) {
            case NONE_THAT_MATTERS -> later(LOOK_AGAIN_MILLIS, () -> look(request));
            case INTERRUPT -> {
                giveUp(request);
                later(PATIENCE_MILLIS, () -> refuse.accept(request));
            }
            case END -> {
                giveUp(request);
                refuse.accept(request);
            }
        }
    }

    private void giveUp(Pending request) {
        request.giveUp();
        request.cancelIfIdle();
    }

    private static void later(long millis, Runnable work) {
        Executor after = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
        after.execute(work);
    }
}
