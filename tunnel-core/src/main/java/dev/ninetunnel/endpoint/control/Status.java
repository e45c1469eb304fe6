package dev.ninetunnel.endpoint.control;

import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.link.Traffic;
import dev.ninetunnel.tls.TlsInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an endpoint is doing at one moment.
 *
 * @param id its peer id
 * @param process the number of its process
 * @param serving one for each link, in the order in which they came
 * @param warnings what somebody should see to, such as a certificate that is about to end
 * @param door what goes on where it listens, if it does
 * @param leases what peers have been granted of its files, if anything can be
 * @param exports what it offers
 */
public record Status(String id, long process, List<PeerStatus> peers, List<ServingStatus> serving,
        List<String> warnings, Optional<DoorStatus> door, Optional<LeaseStatus> leases, List<ExportStatus> exports) {
    public Status(String id, long process, List<PeerStatus> peers, List<ServingStatus> serving) {
        this(id, process, peers, serving, List.of(), Optional.empty(), Optional.empty(), List.of());
    }

    /** The same, with something that somebody should see to. */
    public Status withWarnings(List<String> now) {
        return new Status(id, process, peers, serving, List.copyOf(now), door, leases, exports);
    }

    /** The same, with what goes on where it listens. */
    public Status withDoor(Optional<DoorStatus> now) {
        return new Status(id, process, peers, serving, warnings, now, leases, exports);
    }

    /** The same, with what peers have been granted. */
    public Status withLeases(Optional<LeaseStatus> now) {
        return new Status(id, process, peers, serving, warnings, door, now, exports);
    }

    /** The same, with what is exported. */
    public Status withExports(List<ExportStatus> now) {
        return new Status(id, process, peers, serving, warnings, door, leases, List.copyOf(now));
    }

    /**
     * Something that peers may use, if they are granted it.
     *
     * @param where the directory, or the address of the server
     */
    public record ExportStatus(String name, String where) {}

    /**
     * What peers have been granted: to be told before what they know of a file changes.
     *
     * @param out the leases that are out
     * @param granted how many replies have brought one, since the start
     * @param recalls how many were asked back
     * @param overdue how many of these were not given up within their term
     */
    public record LeaseStatus(int out, long granted, long recalls, long overdue) {}

    /**
     * Where an endpoint listens.
     *
     * @param handshakes those that are in progress
     * @param turnedAway connections that were closed unheard, for there were too many
     * @param refused those whose handshake, or invitation, came to nothing
     */
    public record DoorStatus(int handshakes, long turnedAway, long refused) {}

    /**
     * A peer, as this endpoint uses it.
     *
     * @param linked whether it has a link over which something was heard of late
     * @param state {@code linked}, perhaps with what is wrong with it, {@code silent for 27 s}, {@code dialling}, {@code waiting, try 4 in 3.2 s: REASON}, {@code not linked} where
     *     the peer is to dial, or {@code given up}
     * @param away for how long it has had no link, since the last one or since the endpoint knows it
     * @param localClients the local programs that are connected
     * @param fids those that local clients have at the far side
     * @param tags the requests of local clients that the far side has not answered
     * @param unexpectedReplies the frames from it that answered nothing
     * @param session what is known of the session, while there is one
     * @param cache what is kept of its files, if anything is
     * @param mount where this endpoint mounts its files, if it does
     * @param rights what it may do here, by the names of the exports that it may use
     */
    public record PeerStatus(String name, boolean linked, String state, Optional<Duration> away, int localClients,
            int fids, int tags,
            long unexpectedReplies, Optional<SessionStatus> session, Optional<HolderStatus> cache,
            Optional<MountStatus> mount, Map<String, Grant> rights) {}

    /**
     * A mount of a peer's files that the endpoint keeps.
     *
     * @param mounted whether they are there
     * @param state {@code mounted}, perhaps with what programs on it wait for, or what the mount itself waits for
     */
    public record MountStatus(String directory, boolean mounted, String state) {}

    /**
     * A session.
     *
     * @param age how long there has been one
     * @param resumes how often it has gone on with a new link
     * @param lastContact how long ago something came from the peer
     * @param keptBytes what is kept for the peer, because it may not have arrived
     * @param left how long it waits for another link still, and requests with it
     * @param link the link that it has now; none while it waits for one
     */
    public record SessionStatus(Duration age, int resumes, Optional<Duration> lastContact, long keptBytes,
            Optional<Duration> left, Optional<LinkStatus> link) {}

    /**
     * The link of a session.
     *
     * @param where the peer's address, or the way to it
     * @param roundTrip how long the peer took to answer a question about nothing, if it has been asked
     */
    public record LinkStatus(String where, TlsInfo tls, Optional<Duration> roundTrip) {}

    /**
     * Whom this endpoint serves: a peer by its session, or an ordinary 9P client by its link.
     *
     * @param ours whether the far side is an endpoint too, and so one of the peers; else it is an ordinary 9P client
     * @param fids those that the far side has here
     * @param requests those in progress
     * @param link where it is now; {@code no link} while the session waits for one
     * @param sent what has gone to the far side since the session began
     * @param received what has come from it
     */
    public record ServingStatus(String name, String link, boolean ours, int fids, int requests, Traffic.Amount sent,
            Traffic.Amount received) {}

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
