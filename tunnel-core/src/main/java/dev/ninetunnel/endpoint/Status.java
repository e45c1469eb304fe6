package dev.ninetunnel.endpoint;

import dev.ninetunnel.link.Traffic;
import java.util.List;

/**
 * What an endpoint is doing at one moment.
 *
 * @param serving one for each link, in the order in which they came
 */
public record Status(List<PeerStatus> peers, List<ServingStatus> serving) {
    /**
     * A peer, as this endpoint uses it.
     *
     * @param localClients the local programs that are connected
     * @param fids those that local clients have at the far side
     * @param tags the requests of local clients that the far side has not answered
     * @param unexpectedReplies the frames from it that answered nothing
     */
    public record PeerStatus(String name, boolean linked, int localClients, int fids, int tags,
            long unexpectedReplies) {}

    /**
     * A link, as this endpoint serves it.
     *
     * @param fids those that the far side has here
     * @param requests those in progress
     * @param sent what has gone to the far side since the link was made
     * @param received what has come from it
     */
    public record ServingStatus(String name, String link, int fids, int requests, Traffic.Amount sent,
            Traffic.Amount received) {}

    /** On the session loop. */
    static Status of(Neighbours neighbours) {
        return new Status(
                neighbours.all().stream()
                        .map(p -> new PeerStatus(p.name(), p.isLinked(), p.client().localClients(), p.client().fids(),
                                p.client().tags(), p.client().unexpectedReplies()))
                        .toList(),
                neighbours.carried().stream()
                        .map(c -> new ServingStatus(c.link().peerName(), c.link().toString(), c.server().fids(),
                                c.server().requests(), c.link().sent().amount(), c.link().received().amount()))
                        .toList());
    }
}
