package dev.ninetunnel.link;

/** A connection at the door, as the {@link Doorkeeper} sees it. Its methods may be called on any thread, and do not wait. */
interface Visitor {
    /** Its handshake begins. Afterwards it says what that took, by {@link Visit#heard}. */
    void turn();

    /** It is closed at once, because others need what it takes up. */
    void sendAway(String why);
}
