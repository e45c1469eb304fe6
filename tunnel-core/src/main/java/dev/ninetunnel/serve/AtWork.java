package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
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
 * not answer holds up nothing but its own export. One that nobody waits for any more is given up when its disk has not
 * answered for {@link Lane#PATIENCE_NANOS}: it is over then, though its worker comes back only when the disk lets it, and what
 * it has made by then is undone. Used on the event loop only.
 */
final class AtWork {
    private final Conversation conversation;
    private final ServerRole role;
    private final Map<Object, Line> lines = new HashMap<>(2);

    AtWork(Conversation conversation) {
        this.conversation = conversation;
        this.role = conversation.role();
    }

    /** Has a worker do a request, when there is one for it. */
    void add(Request r, ExportedTree tree) {
        if (r.type == MessageType.TWRITE) {
            Slot.Turn turn = r.turns.getFirst();
            turn.slot.handOver(turn);
        }
        Line line = line(tree);
        line.add(new Job(r, line));
    }

    private Line line(ExportedTree tree) {
        return lines.computeIfAbsent(key(tree), key -> line(tree, role.limits().running(), role::mayReply));
    }

    /** A line of its own for something else than requests. */
    Line line(ExportedTree tree, int most, BooleanSupplier open) {
        String name = tree == null ? "the list of exports" : tree.name() + " (" + tree.ground() + ")";
        Lane lane = role.workers().lane(key(tree), name, role.loop().ticker());
        return new Line(role.quota().share(lane), most, open);
    }

    /** What the list of the exports takes long for, it takes for one peer. */
    private Object key(ExportedTree tree) {
        return tree == null ? role.quota() : tree.ground();
    }

    /** The export that a request is about: the one that it enters, if it comes from the list of them. */
    ExportedTree tree(Request r) {
        ExportedTree tree = r.fid.area.tree();
        if (tree == null && r.type == MessageType.TWALK) {
            for (var name : ((Twalk) Tmessage.read(r.frame)).names()) {
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
        Line line = lines.get(key(tree));
        return line != null && line.lane().hangs();
    }

    /** Begins what may begin again. */
    void wake() {
        lines.values().forEach(Line::wake);
    }

    /** A request, and where it waits for a worker. */
    private final class Job implements Lane.Job {
        private final Request r;
        private final Line line;

        Job(Request r, Line line) {
            this.r = r;
            this.line = line;
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
            Slot.Turn turn = r.turns.isEmpty() ? null : r.turns.getFirst();
            try {
                if (turn != null && turn.mode == Slot.Mode.IN_ORDER) {
                    role.inOrder(turn.slot, r::perform, reply -> end(worker, reply));
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
            line.end(worker);
        }

        private void undo(ByteBuf reply) {
            if (reply != null) {
                reply.release();
            }
            r.releaseFrame();
            if (r.made instanceof TreeFid made) {
                conversation.abandon(made);
            }
        }
    }

    /** Gives up a request that nobody waits for, unless its disk answers within the time that it has. */
    void giveUpSoon(Request r) {
        long now = role.loop().ticker().nanoTime();
        long left = (r.state == Request.State.RUNNING ? r.begun : now) + Lane.PATIENCE_NANOS - now;
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
            conversation.abandon(r.fid);
            r.unbindIfEnding();
            end(r);
        } else if (r.state != Request.State.DONE) {
            // It waits for its fid, or is about to end.
            role.loop().schedule(() -> giveUp(r), Lane.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** What ends a fid has its answer, so that both sides know that the fid is unbound (rule M5). */
    private void end(Request r) {
        conversation.finish(r, r.endsFid() ? Replies.error(r.dialect, r.tag, Errno.EINTR) : null);
    }
}
