package dev.ninetunnel.mux;

import java.util.Arrays;

/**
 * The tags of one conversation, 0 to 0xFFFE, and the request that has each (rule M1). Tags are handed out
 * last-freed-first, so that few are in use and the other side keeps little. Each request of a client leaves a tag
 * free for the Tflush that may follow it: else requests that block could take all tags, and none would be left to
 * flush them with. Belongs to the loop of the client role.
 */
final class TagTable {
    /** Tags below NOTAG. */
    static final int TAGS = 0xFFFF;
    /** Those kept for recalling leases. A session has no more leases than that out, so that each can be recalled at any time. */
    static final int RECALLS = 8192;

    private final int most;
    private Request[] requests = new Request[8];
    private int[] free = new int[8];
    private int freed;
    private int fresh;
    private long handedOut;
    /** Of clients' requests. */
    private int taken;

    /** With this number of tags kept for cleaning up behind clients, some for recalls, and one for a sign of life. */
    TagTable(int cleanups) {
        this.most = (TAGS - cleanups - RECALLS - 1) / 2;
    }

    /** Whether a client's request can have a tag now. One of our own always can. */
    boolean hasRoom() {
        return taken < most;
    }

    int inUse() {
        return fresh - freed;
    }

    /** Gives the request a tag. If it is a client's, {@link #hasRoom} said that there is one. */
    void take(Request request) {
        int tag = freed > 0 ? free[--freed] : fresh++;
        if (tag >= TAGS) {
            throw new IllegalStateException("all " + TAGS + " tags are taken");
        }
        if (tag >= requests.length) {
            requests = Arrays.copyOf(requests, requests.length * 2);
        }
        requests[tag] = request;
        request.linkTag = tag;
        request.number = ++handedOut;
        taken += request.isOurs() ? 0 : 1;
    }

    /** The request that has this tag, or null. */
    Request get(int tag) {
        return tag < requests.length ? requests[tag] : null;
    }

    /** The far side has answered, and the tag may mean something else from here on. */
    void release(Request request) {
        requests[request.linkTag] = null;
        taken -= request.isOurs() ? 0 : 1;
        if (freed == free.length) {
            free = Arrays.copyOf(free, freed * 2);
        }
        free[freed++] = request.linkTag;
        request.linkTag = Request.NO_TAG;
    }
}
