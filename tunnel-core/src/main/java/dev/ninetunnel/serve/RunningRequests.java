package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.serve.tree.Replies;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The requests of a conversation that workers do, or are to do. They wait in a line for each export, so that a disk that does
 * not answer holds up nothing but its own export. One whose reply is not wanted any more is given up when its disk has not
 * answered for {@link ExportWorkers#PATIENCE_NANOS}: it is over then, though its worker comes back only when the disk lets it, and what
 * it has made by then is undone. Used on the event loop only.
 */
final class RunningRequests {
    private final Conversation conversation;
    private final ServerRole role;
    private final Map<Object, WorkerQueue> lines = new HashMap<>(2);

    RunningRequests(Conversation conversation) {
        this.conversation = conversation;
        this.role = conversation.role();
    }

    /** Has a worker do a request, when there is one for it. */
    void add(Request r, ExportedTree tree) {
        if (r.type == MessageType.TWRITE) {
            FidQueue.Ticket ticket = r.turns.getFirst();
            ticket.slot.handOver(ticket);
        }
        WorkerQueue workerQueue = line(tree);
        workerQueue.add(new Job(r, workerQueue));
    }

    private WorkerQueue line(ExportedTree tree) {
        return lines.computeIfAbsent(key(tree), key -> line(tree, role.limits().running(), role::mayReply));
    }

    /** A line of its own for something else than requests. */
    WorkerQueue line(ExportedTree tree, int most, BooleanSupplier open) {
        String name = tree == null ? "the list of exports" : tree.name() + " (" + tree.ground() + ")";
        ExportWorkers exportWorkers = role.workers().lane(key(tree), name, role.loop().ticker());
        return new WorkerQueue(role.quota().share(exportWorkers), most, open);
    }

    /** What the list of the exports takes long for, it takes for one peer. */
    private Object key(ExportedTree tree) {
        return tree == null ? role.quota() : tree.ground();
    }

    /** The export that a request is about: the one that it enters, if it comes from the list of them. */
    ExportedTree tree(Request r) {
        ExportedTree tree = r.onTree.fid().tree();
        if (tree == null && r.type == MessageType.TWALK) {
            for (var name : ((Twalk) Tmessage.readChecked(r.frame)).names()) {
                ExportedTree entered = role.exports().tree(name);
                if (entered != null) {
                    return entered;
                }
            }
        }
        return tree;
    }

    /** Whether a disk of an export does not answer. */
    boolean hangs(ExportedTree tree) {
        WorkerQueue workerQueue = lines.get(key(tree));
        return workerQueue != null && workerQueue.lane().hangs();
    }

    /** Begins what may begin again. */
    void wake() {
        lines.values().forEach(WorkerQueue::wake);
    }

    /** A request, and where it waits for a worker. */
    private final class Job implements ExportWorkers.Job {
        private final Request r;
        private final WorkerQueue workerQueue;

        Job(Request r, WorkerQueue workerQueue) {
            this.r = r;
            this.workerQueue = workerQueue;
        }

        @Override
        public boolean isOver() {
            return r.state == Request.State.DONE;
        }

        @Override
        public void begin(int worker) {
            r.state = Request.State.RUNNING;
            r.begun = role.loop().ticker().nanoTime();
            r.unbindIfEnding();
            FidQueue.Ticket ticket = r.turns.isEmpty() ? null : r.turns.getFirst();
            try {
                if (ticket != null && ticket.mode == FidQueue.Mode.IN_ORDER) {
                    role.inOrder(ticket.slot, r::perform, reply -> end(worker, reply));
                } else {
                    role.onWorker(r::perform, reply -> end(worker, reply));
                }
            } catch (OutOfMemoryError e) {
                // As where no further thread can be started.
                end(worker, r.failed(e));
            }
        }

        private void end(int worker, ByteBuf reply) {
            if (r.isGivenUp()) {
                undo(reply);
            } else {
                conversation.finish(r, reply == null ? Replies.error(r.dialect, r.tag, Errno.ENOMEM) : reply);
            }
            workerQueue.end(worker);
        }

        private void undo(ByteBuf reply) {
            if (reply != null) {
                reply.release();
            }
            conversation.undone(r);
            r.releaseFrame();
            if (r.onTree.made() != null) {
                conversation.abandon(r.onTree.made());
            }
        }
    }

    /** Gives up a request whose reply is not wanted, unless its disk answers within the time that it has. */
    void giveUpSoon(Request r) {
        long now = role.loop().ticker().nanoTime();
        long left = (r.state == Request.State.RUNNING ? r.begun : now) + ExportWorkers.PATIENCE_NANOS - now;
        if (left <= 0) {
            giveUp(r);
        } else {
            role.loop().schedule(() -> giveUp(r), left, TimeUnit.NANOSECONDS);
        }
    }

    private void giveUp(Request r) {
        if (r.state == Request.State.RUNNING && r.giveUp()) {
            end(r);
        } else if (r.state == Request.State.WAITING && r.work != null) {
            conversation.abandon(r.onTree.fid());
            r.unbindIfEnding();
            end(r);
        } else if (r.state != Request.State.DONE) {
            // It waits for its fid, or is about to end.
            role.loop().schedule(() -> giveUp(r), ExportWorkers.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** What ends a fid has its answer, so that both sides know that the fid is unbound (rule M5). */
    private void end(Request r) {
        conversation.finish(r, r.endsFid() ? Replies.error(r.dialect, r.tag, Errno.EINTR) : null);
    }
}
