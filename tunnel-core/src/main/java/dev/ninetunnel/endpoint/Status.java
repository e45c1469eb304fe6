package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.TlsInfo;
import dev.ninetunnel.link.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What an endpoint is doing at one moment.
 *
 * @param id its peer id
 * @param process the number of its process
 * @param serving one for each link, in the order in which they came
 */
public record Status(String id, long process, List<PeerStatus> peers, List<ServingStatus> serving) {
    /**
     * A peer, as this endpoint uses it.
     *
     * @param state {@code linked}, {@code dialling}, {@code waiting, try 4 in 3.2 s: REASON}, {@code not linked} where
     *     the peer is to dial, or {@code given up}
     * @param localClients the local programs that are connected
     * @param fids those that local clients have at the far side
     * @param tags the requests of local clients that the far side has not answered
     * @param unexpectedReplies the frames from it that answered nothing
     * @param session what is known of the session, while there is one
     */
    public record PeerStatus(String name, boolean linked, String state, int localClients, int fids, int tags,
            long unexpectedReplies, Optional<SessionStatus> session) {}

    /**
     * A session and its link.
     *
     * @param where the peer's address, or the way to it
     * @param age how long there has been a session
     * @param resumes how often it has gone on with a new link, if sessions can
     * @param lastContact how long ago something came from the peer, if that is watched
     * @param roundTrip how long the peer took to answer a question about nothing, if it has been asked
     */
    public record SessionStatus(String where, TlsInfo tls, Duration age, OptionalLong resumes,
            Optional<Duration> lastContact, Optional<Duration> roundTrip) {}

    /**
     * A link, as this endpoint serves it.
     *
     * @param ours whether the far side is an endpoint too, and so one of the peers; else it is an ordinary 9P client
     * @param fids those that the far side has here
     * @param requests those in progress
     * @param sent what has gone to the far side since the link was made
     * @param received what has come from it
     */
    public record ServingStatus(String name, String link, boolean ours, int fids, int requests, Traffic.Amount sent,
            Traffic.Amount received) {}

    /**
     * On the session loop.
     *
     * @param dialling how it stands with dialling a peer, if it is dialled from here
     */
    static Status of(String id, Neighbours neighbours, Function<String, Optional<Redial.State>> dialling) {
        return new Status(id, ProcessHandle.current().pid(),
                neighbours.all().stream()
                        .map(p -> new PeerStatus(p.name(), p.isLinked(), state(p, dialling.apply(p.name())),
                                p.client().localClients(), p.client().fids(), p.client().tags(),
                                p.client().unexpectedReplies(), p.sessionStatus()))
                        .toList(),
                neighbours.carried().stream()
                        .map(c -> new ServingStatus(c.link().peerName(), c.link().toString(), c.link().ours(),
                                c.server().fids(), c.server().requests(), c.link().sent().amount(),
                                c.link().received().amount()))
                        .toList());
    }

    private static String state(KnownPeer peer, Optional<Redial.State> dialling) {
        if (peer.isLinked()) {
            return "linked";
        }
        return dialling.map(state -> switch (state) {
            // The session has ended, and the dialler is about to hear of it.
            case Redial.State.Linked() -> "dialling";
            case Redial.State.Dialling(int attempt) -> attempt == 0 ? "dialling" : "dialling, try " + attempt;
            case Redial.State.Waiting(int attempt, Duration left, String reason) ->
                "waiting, try " + attempt + " in " + Durations.tenths(left) + " s: " + reason;
            case Redial.State.Stopped() -> "given up";
        }).orElse("not linked");
    }

    /** The link over which a peer is served now, if there is one. */
    Optional<ServingStatus> servingOf(PeerStatus peer) {
        return serving.stream().filter(s -> s.ours() && s.name().equals(peer.name())).reduce((older, newer) -> newer);
    }

    /** The ordinary 9P clients. */
    List<ServingStatus> plainClients() {
        return serving.stream().filter(s -> !s.ours() && peers.stream().noneMatch(
                p -> p.session().isPresent() && p.name().equals(s.name()))).toList();
    }
}
