package dev.ninetunnel.endpoint;

import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkException;

/** Why there is no link with a peer that is dialled, and whether dialling again is of use. */
record DialFault(EndpointException reason, Hope hope) {
    /** Whether, and how soon. */
    enum Hope {
        SOON, LATER, NONE
    }

    /**
     * A link could not be made. Once there has been one, only what is this host's own fault is without hope: an attacker on the way
     * can answer at the peer's address in another name for a moment, and is not to end for good what people do.
     */
    static DialFault of(Throwable failure, boolean linkedBefore) {
        if (!(failure instanceof LinkException e)) {
            return new DialFault(new EndpointException(EndpointException.Kind.UNAVAILABLE,
                    String.valueOf(failure.getMessage()), failure), Hope.SOON);
        }
        Hope hope = healable(e.kind())
                ? Hope.SOON
                : linkedBefore && e.kind() != LinkException.Kind.NO_COMMAND ? Hope.LATER : Hope.NONE;
        return new DialFault(new EndpointException(kind(e.kind()), e.getMessage(), failure), hope);
    }

    /** A link that was made has ended, before or after a session had it. */
    static DialFault of(LinkEnd end, boolean opened) {
        EndpointException.Kind kind = switch (end.kind()) {
            case REFUSED -> EndpointException.Kind.NOT_ALLOWED;
            case BROKEN, INCOMPATIBLE -> EndpointException.Kind.PROTOCOL;
            case LOCAL -> opened ? EndpointException.Kind.UNAVAILABLE : EndpointException.Kind.PROTOCOL;
            case GOODBYE, LOST -> EndpointException.Kind.UNAVAILABLE;
        };
        // By the peer itself: such a link had been proven.
        boolean proven = end.kind() == LinkEnd.Kind.REFUSED || end.kind() == LinkEnd.Kind.INCOMPATIBLE;
        return new DialFault(new EndpointException(kind, end.reason()), proven ? Hope.NONE : Hope.SOON);
    }

    /** The link that the peer had dialled has ended. */
    static DialFault elsewhere(LinkEnd end) {
        return new DialFault(new EndpointException(EndpointException.Kind.UNAVAILABLE, end.reason()), Hope.SOON);
    }

    private static boolean healable(LinkException.Kind kind) {
        return switch (kind) {
            case WRONG_KEY, EXPIRED, NO_COMMON_TERMS, REFUSED_BY_PEER, PROXY_AUTH, PROXY_REFUSED, NO_COMMAND -> false;
            case NAME, UNREACHABLE, REFUSED, TIMEOUT, STALLED, NOT_TLS, CLOSED, COMMAND_ENDED, BIND, OTHER -> true;
        };
    }

    /** What sort of thing it is that keeps this endpoint from another. */
    static EndpointException.Kind kind(LinkException.Kind kind) {
        return switch (kind) {
            case NAME -> EndpointException.Kind.NO_HOST;
            case WRONG_KEY, EXPIRED, REFUSED_BY_PEER, PROXY_AUTH, PROXY_REFUSED ->
                EndpointException.Kind.NOT_ALLOWED;
            case NO_COMMAND -> EndpointException.Kind.MISSING;
            case NOT_TLS, NO_COMMON_TERMS -> EndpointException.Kind.PROTOCOL;
            case UNREACHABLE, REFUSED, TIMEOUT, STALLED, CLOSED, COMMAND_ENDED, BIND, OTHER ->
                EndpointException.Kind.UNAVAILABLE;
        };
    }
}
