package dev.ninetunnel.cache;

/** The rules that a holder of leases obeys, each of which a test can leave out, to see that it would be missed. */
enum Rule {
    /** 7: what was asked before a break and is answered after it is passed on, and not kept. */
    ASKED_BEFORE_BREAK_NOT_KEPT,
    /** 8: what is held is dropped before the break is answered. */
    DROP_BEFORE_ACK,
    /** 9: from a change of its own until the reply, nothing about that inode is answered here. */
    OWN_CHANGE_STOPS_CACHE,
    /** 10: what is asked while a change of its own is in flight, or was when it was sent, is not kept. */
    OWN_CHANGE_OVERLAP_NOT_KEPT,
    /** 11: who joins an ask in flight is answered by it only if it is kept; else it asks again. */
    JOIN_ONLY_KEPT_ASKS,
    /** 12: before a break is answered, fids that exist here only are made at the far side. */
    NAMES_BOUND_BEFORE_ACK,
    /** 13: the same before a change of its own is sent. */
    NAMES_BOUND_BEFORE_CHANGE,
    /** 14: only who holds the exclusive lease writes behind. */
    WRITE_BEHIND_NEEDS_W,
    /** 16: a break is answered when all that is written behind has its reply. */
    ACK_AFTER_FLUSH,
    /** 19: what is asked about a file waits for what is written behind there, if it is not answered here. */
    OWN_ASK_WAITS_FOR_FLUSH,
    /** 20: fsync is sent when all that is written behind has its reply. */
    FSYNC_WAITS_FOR_REPLIES,
    /** 22: from the arrival of a break on, nothing of it is answered here. */
    STOP_AT_BREAK,
    /** 23: the term counts from when the question was put whose answer has come. */
    TERM_FROM_ASKING,
    /** 29: nothing is answered here beyond the term. */
    TERM_IS_OBEYED,
    /** 30: a change that is flushed, and gives no reply, drops what is held of the inode. */
    FLUSHED_CHANGE_DROPS_LEASE,
    /** 31: what local clients were granted by a lease is given up before its break is answered. */
    KERNEL_TOLD_BEFORE_ACK,
    /** 33: before a change by one local client is sent, the others give up what they were granted of that. */
    KERNEL_TOLD_OF_OWN_CHANGE
}
