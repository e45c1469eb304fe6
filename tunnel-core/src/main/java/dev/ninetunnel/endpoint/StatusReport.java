package dev.ninetunnel.endpoint;

import dev.ninetunnel.endpoint.control.Durations;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.mount.MountState;
import dev.ninetunnel.endpoint.mount.PeerMounts;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.session.Carried;
import dev.ninetunnel.session.PlainClient;
import dev.ninetunnel.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells what an endpoint is doing, from its peers and their sessions. */
final class StatusReport {
    /** Who answers no Tflush for so long is said not to: every server answers at once. */
    private static final Duration MUTE = Duration.ofSeconds(5);

    /** After what time it says of a disk that it does not answer. */
    private static final Duration UNANSWERED = Duration.ofSeconds(5);

    private final EndpointParts parts;
    private final PeerRegistry peerRegistry;
    private final Diallers diallers;
    private final PeerMounts mounts;
    private final Workers workers;
    private final CredentialReloader credentialReloader;
    private final Optional<Granter> granter;

    StatusReport(EndpointParts parts, PeerRegistry peerRegistry, Diallers diallers, PeerMounts mounts, Workers workers,
            CredentialReloader credentialReloader, Optional<Granter> granter) {
        this.parts = parts;
        this.peerRegistry = peerRegistry;
        this.diallers = diallers;
        this.mounts = mounts;
        this.workers = workers;
        this.credentialReloader = credentialReloader;
        this.granter = granter;
    }

    /** On the session loop. */
    Status now() {
        return new Status(parts.tls().self().toString(), ProcessHandle.current().pid(),
                peerRegistry.all().stream().map(this::peer).toList(),
                peerRegistry.carried().stream().map(StatusReport::serving).toList(), warnings(),
                parts.listeners().status(),
                granter.map(g -> new Status.LeaseStatus(g.leases(), g.granted(), g.recalls(), g.overdue())));
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>(credentialReloader.warnings());
        warnings.addAll(parts.peerExports().troubles());
        workers.hangs(UNANSWERED).forEach(hang -> warnings.add("export " + hang));
        parts.peers().fault().ifPresent(fault -> warnings.add("the list of peers is as it was before: " + fault));
        return warnings;
    }

    private Status.PeerStatus peer(PeerState p) {
        return new Status.PeerStatus(p.name(), p.isLinked() && overdue(p).isEmpty(), state(p, diallers.state(p.name())),
                p.sessions().away(), p.client().localClients(), p.client().fids(), p.client().tags(),
                p.client().unexpectedReplies(), p.sessionStatus(), p.client().cache(), mount(p, mounts));
    }

    private static Optional<Status.MountStatus> mount(PeerState peer, PeerMounts mounts) {
        return mounts.state(peer.name()).map(state -> new Status.MountStatus(
                mounts.config(peer.name()).map(config -> config.directory().toString()).orElse(""),
                state instanceof MountState.Mounted, mountState(state, peer.isLinked())));
    }

    private static String mountState(MountState state, boolean linked) {
        return switch (state) {
            case MountState.AwaitsLink() -> "not mounted until the peer is linked";
            case MountState.Begins() -> "being mounted";
            case MountState.Mounted() -> linked ? "mounted" : "mounted, and programs on it wait for a link";
            case MountState.Failed(String reason, Duration left) ->
                "not mounted, tried again in " + Durations.tenths(left) + " s: " + reason;
            case MountState.Unmounted() -> "unmounted by a user; 'ninetunnel reload' mounts it again";
        };
    }

    private static Status.ServingStatus serving(Carried carried) {
        return switch (carried) {
            case Session session -> new Status.ServingStatus(session.peerName(),
                    session.link().map(Link::toString).orElse("no link"), true, session.server().fids(),
                    session.server().requests(), session.totals().sent(), session.totals().received());
            case PlainClient client -> serving(client, client.link().orElseThrow());
        };
    }

    private static Status.ServingStatus serving(PlainClient client, Link link) {
        return new Status.ServingStatus(link.peerName(), link.toString(), false, client.server().fids(),
                client.server().requests(), link.sent().amount(), link.received().amount());
    }

    private static String state(PeerState peer, Optional<Redial.State> dialling) {
        if (peer.isLinked()) {
            return overdue(peer).map(silence -> "silent for " + silence.toSeconds() + " s, an answer is overdue")
                    .orElseGet(() -> linked(peer));
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

    private static String linked(PeerState peer) {
        Duration unanswered = peer.session().map(Session::unansweredFlush).orElse(Duration.ZERO);
        return unanswered.compareTo(MUTE) < 0
                ? "linked"
                : "linked, but it has answered no Tflush for " + unanswered.toSeconds() + " s";
    }

    private static Optional<Duration> overdue(PeerState peer) {
        return peer.session().flatMap(Session::overdue);
    }
}
