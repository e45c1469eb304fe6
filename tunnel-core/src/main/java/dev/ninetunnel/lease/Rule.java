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
    /** A lease that was recalled meanwhile does not come with the reply. Another does its work while the holder keeps to the rules. */
    BREAK_WITHDRAWS_GRANT
}
