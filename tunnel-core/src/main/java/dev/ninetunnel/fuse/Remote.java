package dev.ninetunnel.fuse;

import dev.ninetunnel.client.ConversationException;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.lease.Kernel;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server behind a mount, which is dialled again whenever the conversation with it is lost: what is to be done waits for that, and
 * what was under way is done again. Any thread; nothing here waits.
 */
final class Remote {
    private static final Logger LOG = LoggerFactory.getLogger(Remote.class);
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long LONGEST_WAIT_MILLIS = 2000;
    /** A request with which so many conversations have ended is not sent again: it may be what ends them. */
    private static final int MOST_ATTEMPTS = 5;

    private final Supplier<CompletableFuture<NineClient>> dialler;
    private final Users users;
    private final Kernel kernel;
    private CompletableFuture<Conversation> current;
    private int dataSize;
    private Inode root;
    private Runnable lost = () -> {};
    private boolean closed;

    /**
     * Connected to nothing yet.
     *
     * @param dialler connects to the server
     * @param kernel that may keep what the server grants leases on; null if it may not
     */
    Remote(Supplier<CompletableFuture<NineClient>> dialler, Users users, Kernel kernel) {
        this.dialler = dialler;
        this.users = users;
        this.kernel = kernel;
    }

    /** Dials for the first time, and once only. */
    CompletableFuture<Attachment> connect() {
        CompletableFuture<Conversation> first = dialler.get().thenApply(client -> new Conversation(client, kernel));
        synchronized (this) {
            current = first;
        }
        return first.thenCompose(conversation -> {
            dataSize = conversation.dataSize();
            return conversation.as(users.mounting().uid(), users, null);
        });
    }

    /**
     * From now on it is dialled again.
     *
     * @param inode what every user has to find at the root
     * @param onLost runs when the conversation has ended, and with it all that the server had for it
     */
    synchronized void begin(Inode inode, Runnable onLost) {
        root = inode;
        lost = onLost;
    }

    /** Does something for a user, and does it again if the conversation is lost meanwhile. */
    <R> CompletableFuture<R> run(int uid, Function<Attachment, CompletableFuture<R>> work) {
        return attempt(uid, work, Repeat.AS_OFTEN_AS_NEEDED, 1);
    }

    /** The same, of something that may have been done when the conversation is lost before the answer is there. */
    <R> CompletableFuture<R> run(int uid, Repeat repeat, Function<Attachment, CompletableFuture<R>> work) {
        return attempt(uid, work, repeat, 1);
    }

    private <R> CompletableFuture<R> attempt(int uid, Function<Attachment, CompletableFuture<R>> work, Repeat repeat,
            int number) {
        return conversation()
                .thenCompose(conversation -> conversation.as(users.of(uid), users, root()).thenCompose(work)
                        .exceptionallyCompose(failure -> {
                            Throwable cause = FuseException.cause(failure);
                            if (!isLost(cause)) {
                                return repeat.failed(number, cause);
                            }
                            redial(conversation, cause);
                            return repeat == Repeat.NEVER || number == MOST_ATTEMPTS
                                    ? CompletableFuture.failedFuture(cause)
                                    : attempt(uid, work, repeat, number + 1);
                        }));
    }

    /** An endpoint answers ENOTCONN for a peer that has lost what was under way, and then hangs up. */
    private static boolean isLost(Throwable failure) {
        return failure instanceof ConversationException
                || (failure instanceof RefusedException refused && refused.is(Errno.ENOTCONN));
    }

    private synchronized Inode root() {
        return root;
    }

    private CompletableFuture<Conversation> conversation() {
        CompletableFuture<Conversation> now;
        synchronized (this) {
            now = current;
        }
        return Pending.resuming(now);
    }

    private void redial(Conversation old, Throwable why) {
        CompletableFuture<Conversation> next = new CompletableFuture<>();
        Runnable then;
        synchronized (this) {
            if (closed || !current.isDone() || current.isCompletedExceptionally() || current.join() != old) {
                return;
            }
            current = next;
            then = lost;
        }
        LOG.warn("the server is gone ({}): programs on the mount wait until it is back, and Ctrl-C ends them",
                why.getMessage());
        old.client().close();
        then.run();
        dial(next, FIRST_WAIT_MILLIS, "");
    }

    /** @param told why it did not answer, as the log has it already */
    private void dial(CompletableFuture<Conversation> next, long wait, String told) {
        if (isClosed()) {
            next.completeExceptionally(new ConversationException("it is unmounted"));
            return;
        }
        dialler.get().thenApply(this::fitting).whenComplete((client, failure) -> {
            if (failure == null) {
                LOG.info("the server answers again, and programs go on");
                next.complete(new Conversation(client, kernel));
            } else {
                String reason = String.valueOf(FuseException.cause(failure).getMessage());
                if (!reason.equals(told)) {
                    LOG.warn("programs on the mount still wait: {}", reason);
                }
                Executor later = CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS);
                later.execute(() -> dial(next, Math.min(2 * wait, LONGEST_WAIT_MILLIS), reason));
            }
        });
    }

    /** What the kernel was told when it was mounted has to hold on. */
    private NineClient fitting(NineClient client) {
        if (client.dataSize() < dataSize) {
            client.close();
            throw new CompletionException(new IOException("the server takes messages of " + client.msize()
                    + " bytes only now: mount again for that"));
        }
        return client;
    }

    /** The kernel has forgotten a file. */
    void forget(Inode inode) {
        tell(conversation -> conversation.forget(inode));
    }

    /** A file has another name. */
    void renamed(Inode inode) {
        tell(conversation -> conversation.renamed(inode));
    }

    private void tell(Consumer<Conversation> news) {
        CompletableFuture<Conversation> now;
        synchronized (this) {
            now = current;
        }
        if (now.isDone() && !now.isCompletedExceptionally()) {
            news.accept(now.join());
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** The kernel has forgotten what it knew of the attributes of a file; it may have had something only by leases. */
    CompletableFuture<Void> forgetAttributes(Inode inode) {
        if (kernel == null) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> told = new CompletableFuture<>();
        kernel.forgetAttributes(inode.number(), () -> told.complete(null));
        return told;
    }

    /** Gives the kernel all that is in a file which no program has open. Returns whether it has taken it. */
    boolean give(Inode inode, ByteBuf data) {
        return kernel != null && kernel.content(inode.number(), data);
    }

    /** It is unmounted. */
    void close() {
        CompletableFuture<Conversation> now;
        synchronized (this) {
            closed = true;
            now = current;
        }
        if (kernel != null) {
            kernel.close();
        }
        now.whenComplete((conversation, _) -> {
            if (conversation != null) {
                conversation.client().close();
            }
        });
    }
}
