package dev.ninetunnel.endpoint.metrics;

import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** What the links of each peer have carried since the start, and how those ended that have. On the session loop. */
public final class LinkCounts {
    private final Map<String, PeerCounts.Links> over = new HashMap<>();
    private final Map<LinkEnd.Kind, Long> ends = new EnumMap<>(LinkEnd.Kind.class);

    /** None so far. */
    public LinkCounts() {
        for (LinkEnd.Kind kind : LinkEnd.Kind.values()) {
            ends.put(kind, 0L);
        }
    }

    /** It has ended. */
    public void ended(Link link, LinkEnd end) {
        ends.merge(end.kind(), 1L, Long::sum);
        over.merge(link.peerName(), of(link), PeerCounts.Links::plus);
    }

    private static PeerCounts.Links of(Link link) {
        return new PeerCounts.Links(1, link.sent().amount(), link.received().amount());
    }

    /** Of each peer, with what these links, which are up, have carried so far. */
    public Map<String, PeerCounts.Links> byPeer(Collection<Link> up) {
        Map<String, PeerCounts.Links> all = new HashMap<>(over);
        up.forEach(link -> all.merge(link.peerName(), of(link), PeerCounts.Links::plus));
        return all;
    }

    /** How many have ended in which way. */
    public Map<LinkEnd.Kind, Long> ends() {
        return Map.copyOf(ends);
    }

    /** Nobody asks for this peer any more. */
    public void forget(String peer) {
        over.remove(peer);
    }
}
