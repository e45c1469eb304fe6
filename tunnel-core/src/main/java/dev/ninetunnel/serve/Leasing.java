package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.lease.Ask;
import dev.ninetunnel.lease.Behind;
import dev.ninetunnel.lease.Change;
import dev.ninetunnel.lease.Grant;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.lease.Waiter;
import dev.ninetunnel.serve.tree.FileUse;
import dev.ninetunnel.serve.tree.ListedDirectory;
import dev.ninetunnel.serve.tree.NamesAlone;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.serve.tree.TreeMessages;
import dev.ninetunnel.serve.tree.TreeRequest;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What leases have to do with the requests of one conversation: reads that want one are registered before a worker reads, and
 * changes wait, without a worker, until others have given up what they know. Used on the event loop only.
 */
final class Leasing {
    private static final NamesAlone NO_NAMES = new NamesAlone(List.of());

    private final Conversation conversation;
    private final ServerRole role;
    private final Granter granter;
    private final RequestSteps steps;
    private final LeasedListings listings;

    Leasing(Conversation conversation, RunningRequests runningRequests, TreeMessages messages, Granter granter) {
        this.conversation = conversation;
        this.role = conversation.role();
        this.granter = granter;
        this.steps = new RequestSteps(conversation, runningRequests);
        this.listings = new LeasedListings(conversation, messages, granter, steps);
    }

    private static final LeasePart UNSEEN = new LeasePart.Unseen();

    /** Has a request done as soon as it may be. */
    void submit(Request r, TreeRequest.Work work) {
        if (r.behind != Request.NOT_BEHIND) {
            late(r, work);
            return;
        }
        if (r.want == 0 && (isOfNames(r.type) || (isRead(r.type) && !granter.hasExclusive()))) {
            conversation.submit(r, work);
            return;
        }
        switch (r.onTree.use()) {
            case FileUse.None _ -> conversation.submit(r, work);
            case FileUse.Reads reads -> read(r, reads, work);
            case FileUse.Changes changes -> whenGivenUp(r, changes.read(), () -> change(r, changes, work));
            case FileUse.Lists _ when role.holder() != null -> listings.list(r);
            case FileUse.Lists _ -> conversation.submit(r, work);
        }
    }

    /** Whether it changes nothing, and tells nothing of what is in a file or of its attributes. */
    private static boolean isOfNames(MessageType type) {
        return switch (type) {
            case TWALK, TREADDIR, TREADLINK, TSTATFS -> true;
            default -> false;
        };
    }

    /** Whether it changes nothing, and tells of a file. */
    private static boolean isRead(MessageType type) {
        return switch (type) {
            case TREAD, TGETATTR, TSTAT, TLSEEK, TFSYNC -> true;
            default -> false;
        };
    }

    // ---- reads

    private void read(Request r, FileUse.Reads reads, TreeRequest.Work work) {
        int want = role.holder() == null ? 0 : r.want & reads.kinds();
        if ((want & LeaseKinds.EXCLUSIVE) != 0) {
            alone(r, reads.node(), want, work);
        } else if (isOfNames(r.type)) {
            read(r, reads, want, work);
        } else {
            List<FileId> files = reads.many()
                    ? granter.exclusiveToOthers(role.holder())
                    : List.of(reads.node().id());
            whenGivenUp(r, files, () -> read(r, reads, want, work));
        }
    }

    /** Goes on when others who have files for themselves alone have given them up. */
    private void whenGivenUp(Request r, List<FileId> files, Runnable then) {
        if (files.isEmpty()) {
            then.run();
            return;
        }
        List<FileId> others = files.stream().filter(id -> granter.isExclusiveToAnother(role.holder(), id)).toList();
        if (others.isEmpty()) {
            then.run();
            return;
        }
        Waiter waiter = granter.wait(role.holder(), others, () -> {
            r.leasing = null;
            r.goesOn(role.quota());
            then.run();
        });
        r.leasing = new LeasePart.Wait(waiter);
        granter.start(waiter);
        if (waiter.waits()) {
            r.waits(role.quota());
        }
    }

    private void read(Request r, FileUse.Reads reads, int want, TreeRequest.Work work) {
        if (want == 0) {
            conversation.submit(r, work);
            return;
        }
        Node node = reads.node();
        Ask ask = granter.ask(role.holder(), r.client(), node.id(), want);
        r.leasing = new LeasePart.Read(ask, reads.errors());
        r.work = () -> {
            ask.look(node);
            return work.run();
        };
        conversation.toWorker(r);
    }

    /** A read that may bring the file for the holder alone: others give it up as for a change. */
    private void alone(Request r, Node node, int want, TreeRequest.Work work) {
        propose(r, List.of(node.id()), change -> {
            Ask ask = granter.ask(role.holder(), r.client(), node.id(), want, change);
            r.leasing = new LeasePart.Alone(change, ask, null);
            r.work = () -> {
                ask.look(node);
                return work.run();
            };
            conversation.toWorker(r);
        });
    }

    private void propose(Request r, List<FileId> files, Consumer<Change> go) {
        propose(r, files, false, Set.of(), NO_NAMES, go);
    }

    private void propose(Request r, List<FileId> files, boolean rights, Set<ChangeWatch.Changed> changed,
            NamesAlone names, Consumer<Change> go) {
        Change change = granter.propose(role.holder(), r.client(), files, rights, changed, () -> {
            r.goesOn(role.quota());
            go.accept(((LeasePart.Write) r.leasing).change());
        });
        r.leasing = new LeasePart.Write(change, names);
        granter.start(change);
        if (change.waits()) {
            r.waits(role.quota());
        }
    }

    // ---- writes

    /** One that was told as done before it came waits for nobody. */
    private void late(Request r, TreeRequest.Work work) {
        FileId file = r.onTree.fid().written();
        if (file == null) {
            conversation.finish(r, Replies.error(r.dialect, r.tag, Errno.EBADF));
            return;
        }
        Behind behind = granter.behind(role.holder(), r.client(), file, r.behind);
        if (behind == null) {
            conversation.finish(r, Replies.error(r.dialect, r.tag, Errno.ESTALE));
            return;
        }
        r.leasing = new LeasePart.Late(behind);
        r.work = () -> LateWrite.whole(r.frame, behind, work);
        conversation.toWorker(r);
    }

    /** One that has its turn, and may bring the file for the holder alone. */
    private void write(Request r, Node node, Change change, TreeRequest.Work work) {
        Ask ask = granter.ask(role.holder(), r.client(), node.id(), LeaseKinds.EXCLUSIVE, change);
        if (!ask.isExclusive()) {
            granter.cancel(ask);
            granter.run(change);
            conversation.submit(r, work);
            return;
        }
        Behind behind = granter.behind(ask);
        r.leasing = new LeasePart.Alone(change, ask, behind);
        r.work = () -> {
            ask.look(node);
            return LateWrite.during(behind, work);
        };
        conversation.toWorker(r);
    }

    // ---- changes

    private void change(Request r, FileUse.Changes changes, TreeRequest.Work work) {
        boolean alone = mayBeAlone(r, changes);
        if (granter.isIdle() && !alone) {
            granter.beginUnseen();
            r.leasing = UNSEEN;
            conversation.submit(r, work);
        } else if (alone) {
            propose(r, changes.files(), change -> write(r, changes.written(), change, work));
        } else if (changes.named().equals(FileUse.Named.NONE)) {
            change(r, changes, changes.files(), work);
        } else {
            look(r, changes, work);
        }
    }

    private boolean mayBeAlone(Request r, FileUse.Changes changes) {
        return (r.want & LeaseKinds.EXCLUSIVE) != 0 && role.holder() != null && changes.written() != null;
    }

    private void change(Request r, FileUse.Changes changes, List<FileId> files, TreeRequest.Work work) {
        boolean tells = (r.want & LeaseKinds.NAMES) != 0;
        NamesAlone names = new NamesAlone(tells ? changes.entries() : List.of());
        propose(r, files, changes.rights(), changes.names(), names, change -> {
            granter.run(change);
            conversation.submit(r, tells ? () -> names.during(work) : work);
        });
    }

    /** Looks for the files that are known by their names alone, and goes on with them. */
    private void look(Request r, FileUse.Changes changes, TreeRequest.Work work) {
        List<FileId> files = new ArrayList<>(changes.files());
        steps.onWorker(r, () -> named(changes, files), () -> change(r, changes, files, work), () -> {});
    }

    private static void named(FileUse.Changes changes, List<FileId> files) {
        try {
            changes.named().addTo(files);
        } catch (FsException e) {
            // What is not there is known to nobody, and what is not to be had is told by the change itself.
        }
    }

    /**
     * A request is over.
     *
     * @param reply stays its owner's; null if there is none
     * @return what may be kept of the reply
     */
    Grant over(Request r, ByteBuf reply) {
        granter.hear();
        LeasePart part = r.leasing;
        r.leasing = null;
        Grant grant = part.over(granter, reply, r.want);
        if (part instanceof LeasePart.Listing(ListedDirectory directory, ListingAsks _)) {
            Optional.ofNullable(directory.toClose()).ifPresent(conversation::abandon);
        }
        return grant;
    }

    /** Rights of the far side have ended: it may not keep what it has. */
    void rightsChanged() {
        if (role.holder() != null) {
            granter.withdraw(role.holder());
        }
    }
}
