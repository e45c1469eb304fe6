package dev.ninetunnel.link.accept;

/** A connection was closed before it was a link because others needed the room; the message says why that one. */
final class SentAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SentAwayException(String why) {
        super(why, null, false, false);
    }
}
