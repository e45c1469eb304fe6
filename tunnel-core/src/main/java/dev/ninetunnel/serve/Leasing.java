package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.lease.Ask;
import dev.ninetunnel.lease.Change;
import dev.ninetunnel.lease.Grant;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.serve.tree.FileUse;
import dev.ninetunnel.serve.tree.ListedDirectory;
import dev.ninetunnel.serve.tree.NamesAlone;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.serve.tree.TreeFid;
import dev.ninetunnel.serve.tree.TreeMessages;
import dev.ninetunnel.serve.tree.TreeRequest;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What leases have to do with the requests of one conversation: reads that want one are registered before a worker reads, and
 * changes wait, without a worker, until others have given up what they know. Used on the event loop only.
 */
final class Leasing {
    /** Workers of one export that look for files by their names, for one conversation. */
    private static final int MOST_WORKERS = 8;

    private final Conversation conversation;
    private final RunningRequests runningRequests;
    private final TreeMessages messages;
    private final ServerRole role;
    private final Granter granter;

    Leasing(Conversation conversation, RunningRequests runningRequests, TreeMessages messages, Granter granter) {
        this.messages = messages;
        this.conversation = conversation;
        this.runningRequests = runningRequests;
        this.role = conversation.role();
        this.granter = granter;
    }

    /** What a request has to do with leases until it is over. */
    sealed interface Part {
        /** A read that wants one. */
        record Read(Ask ask, Set<Errno> errors) implements Part {}

        /** A directory that is listed with what is leased of its files. */
        record Listing(ListedDirectory directory, ListingAsks asks) implements Part {}

        /** A change that others may have to hear of first. */
        record Write(Change change, NamesAlone names) implements Part {}

        /** A change that began when there was no watcher. */
        record Unseen() implements Part {}
    }

    private static final Part UNSEEN = new Part.Unseen();

    /** Has a request done as soon as it may be. */
    void submit(Request r, TreeRequest.Work work) {
        if (r.want == 0 && isRead(r.type)) {
            conversation.submit(r, work);
            return;
        }
        switch (r.onTree.use()) {
            case FileUse.None _ -> conversation.submit(r, work);
            case FileUse.Reads reads -> read(r, reads, work);
            case FileUse.Changes changes -> change(r, changes, work);
            case FileUse.Lists _ -> list(r, work);
        }
    }

    /** Whether it changes nothing, whatever is in it. */
    private static boolean isRead(MessageType type) {
        return switch (type) {
            case TREAD, TGETATTR, TWALK, TREADDIR, TREADLINK, TSTAT, TSTATFS -> true;
            default -> false;
        };
    }

    private void read(Request r, FileUse.Reads reads, TreeRequest.Work work) {
        int want = r.want & reads.kinds();
        if (want == 0 || role.holder() == null) {
            conversation.submit(r, work);
            return;
        }
        Node node = reads.node();
        Ask ask = granter.ask(role.holder(), r.client(), node.id(), want);
        r.leasing = new Part.Read(ask, reads.errors());
        r.work = () -> {
            ask.look(node);
            return work.run();
        };
        conversation.toWorker(r);
    }

    // ---- a directory at once

    private void list(Request r, TreeRequest.Work work) {
        if (role.holder() == null) {
            conversation.submit(r, work);
            return;
        }
        ListedDirectory directory = messages.list(r.onTree);
        ListingAsks asks = new ListingAsks(granter, role.holder(), r.client());
        r.leasing = new Part.Listing(directory, asks);
        if (directory.isFound()) {
            listNames(r, directory, asks);
        } else {
            AtomicReference<TreeFid> found = new AtomicReference<>();
            onWorker(r, () -> found.set(directory.find()), () -> {
                directory.found(found.get());
                listNames(r, directory, asks);
            }, () -> Optional.ofNullable(found.get()).ifPresent(conversation::abandon));
        }
    }

    private void listNames(Request r, ListedDirectory directory, ListingAsks asks) {
        Ask ask = asks.ofDirectory(directory.id());
        onWorker(r, () -> directory.readNames(ask::look), () -> asks.ofEntries(directory.ids(), sights -> {
            r.work = () -> directory.read(sights, role.loop().ticker()::nanoTime);
            conversation.toWorker(r);
        }), () -> {});
    }

    // ---- changes

    private void change(Request r, FileUse.Changes changes, TreeRequest.Work work) {
        if (granter.isIdle()) {
            granter.beginUnseen();
            r.leasing = UNSEEN;
            conversation.submit(r, work);
        } else if (changes.named().equals(FileUse.Named.NONE)) {
            change(r, changes, changes.files(), work);
        } else {
            look(r, changes, work);
        }
    }

    private void change(Request r, FileUse.Changes changes, List<FileId> files, TreeRequest.Work work) {
        boolean tells = (r.want & LeaseKinds.NAMES) != 0;
        NamesAlone names = new NamesAlone(tells ? changes.entries() : List.of());
        Change change = granter.propose(role.holder(), r.client(), files, changes.rights(), changes.names(),
                () -> conversation.submit(r, tells ? () -> names.during(work) : work));
        r.leasing = new Part.Write(change, names);
        granter.start(change);
    }

    /** Looks for the files that are known by their names alone, and goes on with them. */
    private void look(Request r, FileUse.Changes changes, TreeRequest.Work work) {
        List<FileId> files = new ArrayList<>(changes.files());
        onWorker(r, () -> named(changes, files), () -> change(r, changes, files, work), () -> {});
    }

    private static void named(FileUse.Changes changes, List<FileId> files) {
        try {
            changes.named().addTo(files);
        } catch (FsException e) {
            // What is not there is known to nobody, and what is not to be had is told by the change itself.
        }
    }

    /** A part of a request. */
    @FunctionalInterface
    private interface Step {
        void run() throws FsException;
    }

    /**
     * Has a worker do a part of a request that does not count as begun, and the loop go on with it. If the part fails, the request
     * is over.
     *
     * @param dropped runs instead if it fails, or the request is over by then
     */
    private void onWorker(Request r, Step step, Runnable then, Runnable dropped) {
        WorkerQueue workers = runningRequests.line(runningRequests.tree(r), MOST_WORKERS, () -> true);
        workers.add(new ExportWorkers.Job() {
            private boolean worked;

            @Override
            public boolean isOver() {
                return r.state == Request.State.DONE;
            }

            @Override
            public void begin(int worker) {
                role.onWorker(() -> r.perform(() -> {
                    step.run();
                    worked = true;
                    return null;
                }), error -> {
                    workers.end(worker);
                    if (r.state != Request.State.DONE && worked) {
                        then.run();
                        return;
                    }
                    dropped.run();
                    // It is released where the request is over already.
                    conversation.finish(r, error == null ? Replies.error(r.dialect, r.tag, Errno.ENOMEM) : error);
                });
            }
        });
    }

    /**
     * A request is over.
     *
     * @param reply stays its owner's; null if there is none
     * @return what may be kept of the reply
     */
    Grant over(Request r, ByteBuf reply) {
        granter.hear();
        Part part = r.leasing;
        r.leasing = null;
        return switch (part) {
            case Part.Read(Ask ask, Set<Errno> errors) when reply != null && says(reply, errors) -> granter.answer(ask);
            case Part.Read(Ask ask, Set<Errno> _) -> {
                granter.cancel(ask);
                yield Grant.NONE;
            }
            case Part.Listing(ListedDirectory directory, ListingAsks asks) -> {
                asks.over(directory, reply);
                Optional.ofNullable(directory.toClose()).ifPresent(conversation::abandon);
                yield Grant.NONE;
            }
            case Part.Write(Change change, NamesAlone names) when names.isKnown() && reply != null
                    && says(reply, Set.of()) ->
                granter.carriedOut(change, r.want);
            case Part.Write(Change change, NamesAlone _) -> {
                granter.end(change);
                yield Grant.NONE;
            }
            case Part.Unseen _ -> {
                granter.endUnseen();
                yield Grant.NONE;
            }
        };
    }

    /** Whether a reply says what was asked, or one of the errors that are leased instead. */
    private static boolean says(ByteBuf reply, Set<Errno> errors) {
        MessageType type = MessageType.of(reply);
        return errors.isEmpty()
                ? type != MessageType.RLERROR && type != MessageType.RERROR
                : type == MessageType.RLERROR && errors.contains(Errno.of(Frame.int32(reply, Frame.HEADER)));
    }

    /** Rights of the far side have ended: it may not keep what it has. */
    void rightsChanged() {
        if (role.holder() != null) {
            granter.withdraw(role.holder());
        }
    }
}
