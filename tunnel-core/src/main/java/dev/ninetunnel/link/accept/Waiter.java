package dev.ninetunnel.link.accept;

/** A connection at the door, as the {@link HandshakeLimiter} sees it. Its methods may be called on any thread, and do not wait. */
interface Waiter {
    /** Its handshake begins. Afterwards it says what that took, by {@link PendingConnection#heard}. */
    void turn();

    /** It is closed at once, because others need what it takes up. */
    void sendAway(String why);
}
