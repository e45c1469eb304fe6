package dev.ninetunnel.lease;

/**
 * What keeps caches right, by the names that the model of docs/leases has for it. In the test build each can be left out, to
 * show that a test sees it.
 */
enum Rule {
    /** A change waits until every other holder has given up, or its term is over. */
    WAIT_FOR_ACKS,
    /** Leases are recalled before the change is carried out. */
    BREAK_BEFORE_CHANGE,
    /** None is granted while a change of the file waits or runs. */
    NO_GRANT_DURING_CHANGE,
    /** A lease is registered before a worker reads what the reply will say. */
    REGISTER_BEFORE_READ,
    /** The granter waits longer than the holder, by what their clocks may differ. */
    GRANTER_TERM_LONGER,
    /** A reply that shows attributes other than those known recalls first. */
    SEEN_MEANS_NOTICED,
    /** What programs of the host have changed is heard of before replies leave. */
    EVENTS_BEFORE_REPLY,
    /** A recall stays due after the term has passed. */
    BREAK_NEVER_WITHDRAWN,
    /** The leases of a session that has ended stay until the term is over, or the peer shows another session. */
    ENDED_SESSION_WAITS,
    /** After a start, changes wait for those who may hold leases of an endpoint that was killed. */
    RESTART_WAITS,
    /** An exclusive lease is registered before the change that it comes with is carried out. */
    REGISTER_W_BEFORE_CHANGE,
    /** Who reads of a file that another has for itself alone has it recalled, and waits. */
    READ_RECALLS_W,
    /** A write that was told as done before it came is refused when its lease was given up, or its term is over. */
    LATE_WRITE_REFUSED,
    /** One that has begun is waited for even then. */
    BEGUN_WRITE_ENDS_FIRST,
    /** What programs of the host change while one is under way is not taken to be its own. */
    OWN_EVENTS_TOLD_APART,
    /** A lease that was recalled meanwhile does not come with the reply. Another does its work while the holder keeps to the rules. */
    BREAK_WITHDRAWS_GRANT
}
