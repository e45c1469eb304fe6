package dev.ninetunnel.cache.port;

/** What takes the requests of one local client where leases are held. Belongs to the loop of the client role. */
public interface LocalServer {
    /** Takes a request whose shape is right; neither Tversion nor Tflush. */
    void take(Pending request);

    /** The client has left, or its conversation is lost: nothing is asked for it any more. */
    void left();

    /** Whether the client has been granted leases that it has not given up. */
    boolean hasLent();
}
