package dev.ninetunnel.mux;

/**
 * A fid as the far side knows it. It stands for one fid of one local client for a while; its number is used again
 * only when nothing in flight names it and the far side surely has nothing bound to it. Kept by {@link FidTable}.
 */
final class LinkFid {
    /** What the far side has under this number, as far as can be told from here. */
    enum State {
        /** A request that makes it is in flight. */
        MAKING,
        /** It stands for a file. */
        BOUND,
        /** A Tclunk or Tremove is in flight. */
        ENDING,
        /** It stands for nothing. */
        GONE,
        /** A request that makes or ends it was flushed, and gave no answer: only a Tclunk makes that sure. */
        UNKNOWN
    }

    final int number;
    State state = State.GONE;
    ClientConversation owner;
    /** The number by which the client knows it. */
    int clientFid;
    /** Requests in flight that name it. */
    int pins;
    /** Whether the owner's table of fids has it. */
    boolean held;
    /** Whether it was ended by an error reply, which may mean that it was never there to be ended. */
    boolean endFailed;

    LinkFid(int number) {
        this.number = number;
    }
}
