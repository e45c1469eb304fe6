package dev.ninetunnel.mux;

import dev.ninetunnel.mux.LinkFid.State;
import java.util.ArrayDeque;

/**
 * The fids of one conversation, over all local clients. Numbers are handed out last-freed-first, from 0. Belongs to
 * the loop of the client role.
 */
final class FidTable {
    /** How a request that makes or ends a fid came out. */
    enum Outcome {
        /** It did what it says. */
        DONE,
        /** An error reply, or a partial walk: it made nothing. */
        FAILED,
        /** Flushed, or answered with nonsense. */
        UNKNOWN
    }

    private final ArrayDeque<LinkFid> free = new ArrayDeque<>();
    private final ArrayDeque<LinkFid> strays = new ArrayDeque<>();
    private int fresh;

    /** A fid for a client's request that makes one. The client's table is to hold it from here on. */
    LinkFid take(ClientConversation owner, int clientFid) {
        LinkFid fid = free.isEmpty() ? new LinkFid(fresh++) : free.pop();
        fid.owner = owner;
        fid.clientFid = clientFid;
        fid.state = State.MAKING;
        fid.held = true;
        fid.endFailed = false;
        owner.linkFids++;
        return fid;
    }

    /** How many numbers are not free. */
    int inUse() {
        return fresh - free.size();
    }

    /** A fid that no client holds and no request names, but that the far side may have: to be clunked. Or null. */
    LinkFid nextStray() {
        return strays.poll();
    }

    boolean hasStrays() {
        return !strays.isEmpty();
    }

    /** The request is over: what it did to the fids that it names (rules M5 and M6). */
    void settle(Request request, Outcome outcome) {
        if (request.made != null) {
            made(request.made, outcome);
        }
        if (request.ended != null) {
            LinkFid fid = request.ended;
            fid.state = outcome == Outcome.UNKNOWN ? State.UNKNOWN : State.GONE;
            fid.endFailed = outcome == Outcome.FAILED;
        }
        LinkFid first = request.first;
        LinkFid second = request.second;
        request.dropFids();
        unpin(first);
        unpin(second);
    }

    private void made(LinkFid fid, Outcome outcome) {
        switch (fid.state) {
            case MAKING -> {
                fid.state = switch (outcome) {
                    case DONE -> State.BOUND;
                    case FAILED -> State.GONE;
                    case UNKNOWN -> State.UNKNOWN;
                };
                if (outcome != Outcome.DONE) {
                    fid.owner.forget(fid);
                }
            }
            // The clunk was answered first, with an error: perhaps it was carried out first, too.
            case GONE -> {
                if (fid.endFailed && outcome != Outcome.FAILED) {
                    fid.state = State.UNKNOWN;
                }
            }
            // A request that ends it is in flight, or was flushed: that decides.
            case ENDING, UNKNOWN, BOUND -> {
            }
        }
    }

    private void unpin(LinkFid fid) {
        if (fid != null) {
            fid.pins--;
            release(fid);
        }
    }

    /** The client's table does not hold it any more. */
    void letGo(LinkFid fid) {
        fid.held = false;
        release(fid);
    }

    private void release(LinkFid fid) {
        if (fid.pins > 0 || fid.held) {
            return;
        }
        if (fid.state != State.GONE) {
            strays.add(fid);
            return;
        }
        ClientConversation owner = fid.owner;
        fid.owner = null;
        free.push(fid);
        owner.linkFids--;
        owner.checkGone();
    }
}
