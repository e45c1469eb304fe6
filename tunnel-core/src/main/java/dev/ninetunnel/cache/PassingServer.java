package dev.ninetunnel.cache;

import dev.ninetunnel.cache.port.Asked;
import dev.ninetunnel.cache.port.LocalServer;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * For a local client of a dialect for which nothing is kept: all goes to the far side as it is. What it changes is not looked at, so
 * others of the endpoint are answered nothing from here meanwhile, and what was known is forgotten then: the far side, for which all
 * of them are one, tells of no change of ours.
 */
public final class PassingServer implements LocalServer {
    private static final int ACCESS = 3;
    private static final int EXECUTE = 3;
    /** Modes of open(5). */
    private static final int TRUNCATE = 0x10;
    private static final int REMOVE_ON_CLUNK = 0x40;

    private final Holder holder;
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private boolean removesOnClunk;
    private boolean left;

    public PassingServer(Holder holder) {
        this.holder = holder;
    }

    @Override
    public void take(Pending request) {
        if (left) {
            return;
        }
        if (waiting.isEmpty() && !mayChange(request) && !holder.isBehind()) {
            request.send(0, null);
            return;
        }
        waiting.add(request);
        request.park(() -> {
            boolean first = request.equals(waiting.peek());
            waiting.remove(request);
            if (first) {
                goOn();
            }
        });
        if (waiting.size() == 1) {
            goOn();
        }
    }

    @Override
    public boolean hasLent() {
        return false;
    }

    @Override
    public void left() {
        left = true;
        waiting.clear();
    }

    /** Sends what is first as soon as all fids that exist here only are at the far side, if it may change anything (rule 13). */
    private void goOn() {
        while (!waiting.isEmpty() && !mayChange(waiting.peek()) && !holder.isBehind()) {
            waiting.poll().send(0, null);
        }
        Pending first = waiting.peek();
        if (first == null) {
            return;
        }
        if (holder.isBehind()) {
            holder.writesBehind.await();
            holder.await(() -> !first.equals(waiting.peek()) || !holder.isBehind(), () -> {
                holder.writesBehind.awaitNoMore();
                goOn();
                holder.fidAnswered();
            });
            return;
        }
        Whatever change = new Whatever();
        holder.all().forEach(holder::settle);
        holder.all().forEach(lease -> lease.recallBut(null));
        holder.await(
                () -> !first.equals(waiting.peek()) || holder.all().stream().allMatch(PassingServer::dependsNothingOn),
                () -> {
                    if (first.equals(waiting.peek())) {
                        waiting.poll();
                        first.send(0, change);
                        goOn();
                    } else {
                        change.over();
                    }
                });
    }

    private static boolean dependsNothingOn(Lease lease) {
        return lease.isSettled() && lease.isLentToNobodyBut(null);
    }

    private boolean mayChange(Pending request) {
        ByteBuf frame = request.frame();
        return switch (request.type()) {
            case TATTACH, TAUTH, TWALK, TREAD, TSTAT -> false;
            case TCLUNK -> removesOnClunk;
            case TOPEN -> {
                int mode = frame.getUnsignedByte(frame.readerIndex() + Frame.HEADER + 4);
                removesOnClunk |= (mode & REMOVE_ON_CLUNK) != 0;
                int access = mode & ACCESS;
                yield (access != 0 && access != EXECUTE) || (mode & TRUNCATE) != 0;
            }
            default -> true;
        };
    }

    /** A change of nobody knows what. */
    private final class Whatever implements Asked {
        Whatever() {
            holder.ownChanges.beginBlind();
        }

        void over() {
            holder.ownChanges.endBlind();
        }

        @Override
        public ByteBuf answered(MessageType type, ByteBuf reply, int got, long lease) {
            over();
            return reply;
        }

        @Override
        public void lost() {
            over();
        }
    }
}
