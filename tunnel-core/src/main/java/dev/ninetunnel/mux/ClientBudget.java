package dev.ninetunnel.mux;

/**
 * What one local client has with the far side, held against its limits: its requests, and the bytes of
 * replies that are expected or not yet read by the client (rule L5). Belongs to the loop of the client role.
 */
final class ClientBudget {
    /** So much more than their limits the small requests of a client may have, and those of all clients together. */
    static final int SMALL_OF_CLIENT = 256 << 10;
    static final int SMALL_OF_ALL = 1 << 20;

    private final int mostRequests;
    private int requests;
    private long replyBytes;
    private long bytes;

    ClientBudget(int mostRequests) {
        this.mostRequests = mostRequests;
    }

    /** Requests that are with the far side. */
    int requests() {
        return requests;
    }

    void take(Request request) {
        requests++;
        replyBytes += request.expected;
        bytes += request.cost;
    }

    void giveBack(Request request) {
        requests--;
        replyBytes -= request.expected;
        bytes -= request.cost;
    }

    /**
     * Whether the request may go, as far as its client alone is concerned. A first one always may: else a client whose
     * msize is large could never read at all.
     *
     * @param writable how many bytes the client's channel may take before it counts as one that does not read
     */
    boolean permits(Request request, long writable) {
        long most = RequestQueue.isBulk(request) ? writable : writable + SMALL_OF_CLIENT;
        return requests < mostRequests && (requests == 0 || replyBytes + request.expected <= most);
    }

    /**
     * Whether the request fits into the window that all have together, or else into this client's equal part of it and into
     * a second window of the same size, which such parts are taken from.
     *
     * @param window in bytes
     * @param taken by all of the conversation's requests, in bytes
     * @param part of this client, in bytes
     */
    boolean fits(Request request, long window, long taken, long part) {
        long most = RequestQueue.isBulk(request) ? window : window + SMALL_OF_ALL;
        boolean isWithinPart = requests == 0 || bytes + request.cost <= part;
        return taken == 0 || taken + request.cost <= (isWithinPart ? window + most : most);
    }
}
