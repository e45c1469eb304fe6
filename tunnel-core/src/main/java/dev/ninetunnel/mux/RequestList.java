package dev.ninetunnel.mux;

/** A queue of requests, linked through themselves: taking one out of the middle costs nothing. */
final class RequestList {
    private Request head;
    private Request tail;
    private int size;

    void add(Request request) {
        if (request.list != null) {
            throw new IllegalStateException("a request stands in one list at a time");
        }
        request.list = this;
        request.before = tail;
        if (tail == null) {
            head = request;
        } else {
            tail.behind = request;
        }
        tail = request;
        size++;
    }

    void remove(Request request) {
        if (request.list != this) {
            throw new IllegalStateException("the request stands in another list");
        }
        if (request.before == null) {
            head = request.behind;
        } else {
            request.before.behind = request.behind;
        }
        if (request.behind == null) {
            tail = request.before;
        } else {
            request.behind.before = request.before;
        }
        request.list = null;
        request.before = null;
        request.behind = null;
        size--;
    }

    Request peek() {
        return head;
    }

    Request poll() {
        Request request = head;
        if (request != null) {
            remove(request);
        }
        return request;
    }

    boolean isEmpty() {
        return head == null;
    }

    int size() {
        return size;
    }
}
