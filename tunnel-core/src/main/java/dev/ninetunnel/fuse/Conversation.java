package dev.ninetunnel.fuse;

import dev.ninetunnel.client.DialectOps;
import dev.ninetunnel.client.FidCalls;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** One conversation with the server, from when it was dialled until it is lost, with all fids in it. Any thread. */
final class Conversation {
    private final NineClient client;
    private final FidCalls calls;
    private final DialectOps ops;
    private final Map<Integer, Attachment> attachments = new ConcurrentHashMap<>();

    Conversation(NineClient client) {
        this.client = client;
        this.calls = new FidCalls(new TrackedRpc(client));
        this.ops = DialectOps.of(client.dialect(), calls);
    }

    NineClient client() {
        return client;
    }

    FidCalls calls() {
        return calls;
    }

    DialectOps ops() {
        return ops;
    }

    /** The most bytes of data that one message carries. */
    int dataSize() {
        return client.dataSize();
    }

    /**
     * What a user has attached to; attaches if that has not been done.
     *
     * @param user one of {@code users}
     * @param root what must be found there; null if that is not known yet
     */
    CompletableFuture<Attachment> as(int user, Users users, Inode root) {
        Attachment known = attachments.get(user);
        return known != null ? CompletableFuture.completedFuture(known) : attach(user, users.login(user), root);
    }

    private CompletableFuture<Attachment> attach(int user, Login login, Inode root) {
        return ops.attach(login).thenApply(attached -> {
            if (root != null && !root.is(attached.qid())) {
                calls.clunk(attached.fid());
                throw new FuseException(Errno.ESTALE);
            }
            Attachment mine = new Attachment(this, attached.fid());
            Attachment other = attachments.putIfAbsent(user, mine);
            if (other == null) {
                return mine;
            }
            calls.clunk(attached.fid());
            return other;
        });
    }

    /** The kernel has forgotten a file. */
    void forget(Inode inode) {
        attachments.values().forEach(attachment -> attachment.forget(inode));
    }

    /** A file has another name. Servers by others may know what a fid stands for by its name; ours know the file. */
    void renamed(Inode inode) {
        if (!client().extended()) {
            attachments.values().forEach(attachment -> attachment.findAgain(inode));
        }
    }
}
