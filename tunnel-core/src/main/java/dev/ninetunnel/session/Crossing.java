package dev.ninetunnel.session;

import dev.ninetunnel.identity.PeerId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Links that cross: two endpoints that dial each other may both do it before either has heard of the other's link. Of two
 * links on which nothing is agreed yet, the one stays that the endpoint with the lower peer id has dialled. Both ends know
 * both ids, so both come to the same without a word (as speakers of BGP do, RFC 4271, 6.8). On the session's loop.
 */
final class Crossing {
    private final Supplier<PeerId> self;
    private final Duration patience;
    /** Those that this endpoint has dialled, on which its question is not answered yet. */
    private final Set<DialledLink> asked = new LinkedHashSet<>();

    /**
     * No link yet.
     *
     * @param self this endpoint's id, which is another when its key is
     * @param patience for how long a link of ours that is not answered can keep one of the peer's away: nobody may be there
     *        any more
     */
    Crossing(Supplier<PeerId> self, Duration patience) {
        this.self = self;
        this.patience = patience;
    }

    void asks(DialledLink link) {
        asked.add(link);
    }

    void asksNoMore(DialledLink link) {
        asked.remove(link);
    }

    /** Whether a link of ours stays, and not the one on which this peer asks now. */
    boolean isOurs(PeerId peer) {
        return comesFirst(peer) && asked.stream().anyMatch(link -> link.isTo(peer) && link.isYounger(patience));
    }

    /** Whether the number of the peer's claim is that of ours, which the peer's is preferred to. */
    boolean isTie(PeerId peer, ResumeToken resumeToken) {
        return !comesFirst(peer) && asked.stream().anyMatch(link -> link.isTo(peer) && link.claims(resumeToken));
    }

    /** A link of this peer's has been taken on: ours are not wanted. */
    void giveWay(PeerId peer) {
        List.copyOf(asked).stream().filter(link -> link.isTo(peer)).forEach(DialledLink::giveWay);
    }

    private boolean comesFirst(PeerId peer) {
        return self.get().compareTo(peer) < 0;
    }
}
