package dev.ninetunnel.serve;

import dev.ninetunnel.audit.Event;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.serve.FidQueue.Ticket;
import dev.ninetunnel.serve.tree.Fid;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.serve.tree.TreeFid;
import dev.ninetunnel.serve.tree.TreeMessages;
import dev.ninetunnel.serve.tree.TreeRequest;
import dev.ninetunnel.serve.tree.UnixSpecial;
import dev.ninetunnel.wire.Amount;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.NumberMap;
import dev.ninetunnel.wire.message.Rflush;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * What lies between one Tversion and the next: the tags and fids, the requests in progress, and the connections to
 * upstream servers. A request enters when it arrives, is started when it has its turn with its fids, and leaves when
 * it is answered; a worker has it in between. Used on the event loop only.
 */
final class Conversation {
    /** What a reply holds at most, where its request does not ask for a number of bytes (rule S3). */
    private static final int SMALL_REPLY = 4096;

    private final ServerRole role;
    private final Dialect dialect;
    private final int msize;
    private final Quota quota;
    private final Runnable pumpAgain = this::pump;
    private final Runnable rightsChanged;
    private final FidTable fidTable;
    private final TreeMessages messages;
    private final Dispatch dispatch;
    private final InlineExecutor inlineExecutor;
    private final NumberMap<Request> inProgress = new NumberMap<>();
    /** Requests that have their turn with their fids. */
    private final ArrayDeque<Request> ready = new ArrayDeque<>();
    private final RunningRequests runningRequests;
    /** Null if there are no leases. */
    private final Leasing leasing;
    private long heldBytes;
    private boolean pumping;
    private boolean ended;
    private final FidReaper fidReaper;
    /** Of what has to end because the right to it has. */
    private final FidReaper enforcements;
    private Runnable whenClosed;

    Conversation(ServerRole role, Dialect dialect, int msize) {
        this.role = role;
        this.dialect = dialect;
        this.msize = msize;
        this.quota = role.quota();
        this.fidTable = new FidTable(role.limits().fids(), quota);
        this.messages = new TreeMessages(role.exports(), role.limits().attributeFids(), role.limits().locks(),
                role.trail(), quota.descriptors());
        this.dispatch = new Dispatch(this, fidTable, messages);
        this.runningRequests = new RunningRequests(this);
        this.leasing = role.granter() == null ? null : new Leasing(this, runningRequests, messages, role.granter());
        this.fidReaper = new FidReaper(role, runningRequests, messages::hangUp, this::checkClosed);
        this.inlineExecutor = new InlineExecutor(this, messages);
        this.enforcements = new FidReaper(role, runningRequests, messages::enforce, () -> {});
        this.rightsChanged = () -> role.onLoop(this::enforceRights);
        role.exports().watch(rightsChanged);
    }

    Dialect dialect() {
        return dialect;
    }

    int msize() {
        return msize;
    }

    ServerRole role() {
        return role;
    }

    int fidCount() {
        return fidTable.size();
    }

    int requestCount() {
        return inProgress.size();
    }

    long heldBytes() {
        return heldBytes;
    }

    /**
     * Takes a request other than Tversion, whose shape has been checked.
     *
     * @param frame the conversation's from here on
     * @param want the leases that are asked for with the reply; 0 if it is asked in its plain form
     */
    void enter(ByteBuf frame, MessageType type, int want) {
        enter(frame, type, want, Request.NOT_BEHIND);
    }

    /**
     * The same.
     *
     * @param behind the number of the lease under which a Twrite has been told as done
     */
    void enter(ByteBuf frame, MessageType type, int want, long behind) {
        Request r = new Request(frame, type, msize, dispatch.errorDialect(frame, type), want, behind);
        r.came = role.replies().served().comes(r.dialect, type);
        if (inProgress.containsKey(r.tag)) {
            refuse(r, Errno.EINVAL);
        } else if (type == MessageType.TFLUSH) {
            flush(r);
        } else {
            enterOnFids(r);
        }
    }

    private void enterOnFids(Request r) {
        Errno refusal = fidTable.assign(r);
        if (refusal != null) {
            r.turns.forEach(ticket -> fidTable.tidy(ticket.slot));
            if (refusal == Errno.ENFILE) {
                role.trail().note(new Event.Denied(r.type.toString(), "", refusal.name()));
            }
            refuse(r, refusal);
            return;
        }
        if (r.type == MessageType.TCREATE && dialect == Dialect.UNIX) {
            UnixSpecial.linkedFid(r.frame).ifPresent(number -> fidTable.assign(r, number));
        }
        begin(r);
        r.enter(ready);
        pump();
    }

    private void begin(Request r) {
        inProgress.put(r.tag, r);
        heldBytes += r.size;
    }

    /** Answers a request that never entered. */
    private void refuse(Request r, Errno errno) {
        r.releaseFrame();
        role.replies().refuse(r, Replies.error(r.dialect, r.tag, errno));
    }

    /**
     * Tflush (flush(5)): what has not been started is dropped; what has is answered first, or given up where a disk does not
     * answer; what is not there is done.
     */
    private void flush(Request r) {
        Request old = inProgress.get(Frame.int16(r.frame, Frame.HEADER));
        if (old != null && old.state == Request.State.WAITING && !old.endsFid()) {
            finish(old, null);
            old = null;
        }
        if (old == null) {
            role.replies().cancel(Frame.int16(r.frame, Frame.HEADER));
            r.releaseFrame();
            role.replies().send(Replies.frame(new Rflush(), r.tag));
            return;
        }
        begin(r);
        r.state = Request.State.RUNNING;
        if (old.upstream != null && old.type != MessageType.TFLUSH && !old.endsFid()) {
            ForwardedRequest.send(this, r, old.upstream, r.takeFrame());
        } else {
            old.flushes.add(r);
            if (old.upstream == null && old.type != MessageType.TFLUSH && old.flushes.size() == 1) {
                runningRequests.giveUpSoon(old);
            }
        }
    }

    /** Starts what can be started. */
    void pump() {
        if (pumping || ended) {
            return;
        }
        pumping = true;
        while (!ready.isEmpty() && role.mayReply() && mayBegin(ready.peek())) {
            Request next = ready.remove();
            if (next.state != Request.State.DONE) {
                dispatch.start(next);
            }
        }
        pumping = false;
        runningRequests.wake();
    }

    private boolean mayBegin(Request r) {
        if (r.state == Request.State.DONE) {
            return true;
        }
        long bytes = r.size + switch (r.type) {
            case TREAD, TREADDIR, TLIST -> Math.min(Integer.toUnsignedLong(Amount.asked(r.type, r.frame)), msize);
            default -> SMALL_REPLY;
        };
        if (!quota.begin(bytes, pumpAgain)) {
            return false;
        }
        r.flight = bytes;
        return true;
    }

    /** Has a request done that is about this export, or the list of them: at once if its answer is in memory, else by a worker. */
    void submit(Request r, ExportedTree tree, TreeRequest.Work how) {
        r.work = how;
        if (!inlineExecutor.takes(r, runningRequests.hangs(tree))) {
            runningRequests.add(r, tree);
        }
    }

    /** Has a request done that is about its fid and has its turn with it, as soon as others know of it who have to. */
    void begin(Request r, TreeRequest.Work how) {
        if (leasing == null) {
            submit(r, how);
        } else {
            leasing.submit(r, how);
        }
    }

    /** The same, for one that is about its fid. */
    void submit(Request r, TreeRequest.Work how) {
        submit(r, runningRequests.tree(r), how);
    }

    /** Has a worker do a request that could not be answered at once. */
    void toWorker(Request r) {
        runningRequests.add(r, runningRequests.tree(r));
    }

    /** The worker of a request that was given up has come back. */
    void undone(Request r) {
        if (r.leasing != null) {
            leasing.over(r, null);
        }
    }

    /** Closes a file without a fid. */
    void abandon(TreeFid fid) {
        fidReaper.add(fid);
    }

    /**
     * Ends a request: binds the fid that it made, sends its reply, lets those behind it go on, and answers the flushes
     * that waited for it.
     *
     * @param reply is sent or released here; null if the request was cancelled
     */
    void finish(Request r, ByteBuf reply) {
        // A flush may wait for a flush, and so on without end: no recursion here.
        ArrayDeque<Request> flushes = new ArrayDeque<>(0);
        finish(r, reply, flushes);
        for (Request flush = flushes.poll(); flush != null; flush = flushes.poll()) {
            finish(flush, Replies.frame(new Rflush(), flush.tag), flushes);
        }
        pump();
        role.regulate();
        checkClosed();
    }

    private void finish(Request r, ByteBuf reply, Queue<Request> flushes) {
        if (r.state == Request.State.DONE) {
            if (reply != null) {
                reply.release();
            }
            return;
        }
        r.state = Request.State.DONE;
        boolean kept = r.isGivenUp();
        if (!kept) {
            r.releaseFrame();
        }
        heldBytes -= r.size;
        if (inProgress.get(r.tag) == r) {
            inProgress.remove(r.tag);
        }
        Fid made = r.made();
        if (!kept && made != null) {
            r.making.bound = made;
            r.making.attached |= r.attaches;
        } else if (r.attaches) {
            quota.detach();
        }
        if (r.endsFid() && r.turns.getFirst().slot.bound == null) {
            detach(r.turns.getFirst().slot);
        }
        if (r.leasing != null && !kept) {
            r.grant = leasing.over(r, reply);
        }
        if (reply != null) {
            role.replies().reply(r, reply);
        }
        for (Ticket ticket : r.turns) {
            ticket.slot.leave(ticket, ready);
            tidy(ticket.slot);
        }
        flushes.addAll(r.flushes);
        if (r.flight > 0) {
            quota.end(r.flight);
        }
    }

    private void detach(FidQueue fidQueue) {
        if (fidQueue.attached) {
            fidQueue.attached = false;
            quota.detach();
        }
    }

    private void tidy(FidQueue fidQueue) {
        if (ended && fidQueue.isUnused() && fidQueue.bound != null) {
            closeFid(fidQueue);
        }
        fidTable.tidy(fidQueue);
    }

    /**
     * Ends it all: nothing is answered any more, what waits is dropped, every fid is closed as soon as no worker uses it.
     *
     * @param done is called on the event loop when all are closed, but for those whose disk does not answer
     */
    void end(Runnable done) {
        ended = true;
        role.exports().unwatch(rightsChanged);
        if (leasing != null) {
            leasing.rightsChanged();
        }
        whenClosed = done;
        List<Request> all = new ArrayList<>(inProgress.values());
        inProgress.clear();
        all.forEach(r -> r.muted = true);
        for (Request r : all) {
            if (r.state == Request.State.WAITING) {
                finish(r, null);
            }
        }
        dispatch.close();
        all.stream().filter(r -> r.state == Request.State.RUNNING && r.type != MessageType.TFLUSH)
                .forEach(runningRequests::giveUpSoon);
        fidReaper.sweep(fidTable.all(), this::tidy);
        if (whenClosed != null) {
            giveUpSoon(Integer.MAX_VALUE);
        }
    }

    /** Waits no more for what is left to be closed when nothing has been for too long. */
    private void giveUpSoon(int before) {
        int left = fidTable.size() + fidReaper.left();
        role.loop().schedule(() -> {
            if (whenClosed != null && left < before) {
                giveUpSoon(left);
            } else if (whenClosed != null) {
                closed();
            }
        }, ExportWorkers.PATIENCE_NANOS + ExportWorkers.PATIENCE_NANOS / 2, TimeUnit.NANOSECONDS);
    }

    /** Ends what was granted, and is not any more. */
    private void enforceRights() {
        if (!ended) {
            dispatch.endWithdrawn();
            if (leasing != null) {
                leasing.rightsChanged();
            }
            fidTable.held().forEach(enforcements::add);
        }
    }

    private void closeFid(FidQueue fidQueue) {
        Fid fid = fidQueue.bound;
        fidQueue.bound = null;
        detach(fidQueue);
        if (fid instanceof TreeFid tree) {
            fidReaper.add(tree);
        }
    }

    private void checkClosed() {
        if (ended && whenClosed != null && fidReaper.isIdle() && fidTable.size() == 0) {
            closed();
        }
    }

    private void closed() {
        Runnable done = whenClosed;
        whenClosed = null;
        done.run();
    }
}
