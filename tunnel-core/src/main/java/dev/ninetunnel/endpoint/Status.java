package dev.ninetunnel.endpoint;

import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.Traffic;
import dev.ninetunnel.session.Carried;
import dev.ninetunnel.session.PlainClient;
import dev.ninetunnel.session.Session;
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
                neighbours.carried().stream().map(Status::serving).toList());
    }

    private static ServingStatus serving(Carried carried) {
        return switch (carried) {
            case Session session -> new ServingStatus(session.peerName(),
                    session.link().map(Link::toString).orElse("no link"), session.server().fids(),
                    session.server().requests(), session.totals().sent(), session.totals().received());
            case PlainClient client -> new ServingStatus(client.link().orElseThrow().peerName(),
                    client.link().orElseThrow().toString(), client.server().fids(), client.server().requests(),
                    client.link().orElseThrow().sent().amount(), client.link().orElseThrow().received().amount());
        };
    }
}
