package dev.ninetunnel.mux;

import dev.ninetunnel.wire.MessageType;
import java.util.ArrayDeque;

/**
 * Cleans up behind clients that have left: flushes what they have in flight, and clunks their fids (rule M12). All
 * of it is pipelined, but only so much at once is with the far side, and only so much is done in one turn of the loop, so that the
 * others do not wait for it however much was left. Belongs to the loop of the client role.
 */
final class Cleanup {
    /** Steps in one turn of the loop: those that send nothing take no turn at the far side. */
    private static final int STEPS = 1024;

    private final LinkConversation linkConversation;
    private final FidTable fids;
    private final int most;
    private final ArrayDeque<ClientConversation> leaving = new ArrayDeque<>();
    private int outstanding;

    Cleanup(LinkConversation linkConversation, FidTable fids, int most) {
        this.linkConversation = linkConversation;
        this.fids = fids;
        this.most = most;
    }

    void add(ClientConversation clientConversation) {
        leaving.add(clientConversation);
    }

    boolean isIdle() {
        return leaving.isEmpty() && !fids.hasStrays() && outstanding == 0;
    }

    /** The far side has answered one of ours. */
    void answered() {
        outstanding--;
    }

    /** Does some of the work. Returns whether more can be done at once. */
    boolean step() {
        for (int i = 0; i < STEPS; i++) {
            if (outstanding >= most || !one()) {
                return false;
            }
        }
        return true;
    }

    private boolean one() {
        LinkFid stray = fids.nextStray();
        if (stray != null) {
            outstanding++;
            linkConversation.clunk(stray);
            return true;
        }
        ClientConversation clientConversation = leaving.peek();
        if (clientConversation == null) {
            return false;
        }
        Request request = clientConversation.nextToFlush();
        if (request != null) {
            // A Tclunk does what is wanted, and comes to its end by itself; what is written behind was told as done.
            if (!request.flushing && request.type != MessageType.TCLUNK && request.type != MessageType.TBEHIND) {
                outstanding++;
                linkConversation.flush(request, true);
            }
        } else if (!clientConversation.fids().letGoOfNext()) {
            leaving.poll();
            clientConversation.checkGone();
        }
        return true;
    }
}
