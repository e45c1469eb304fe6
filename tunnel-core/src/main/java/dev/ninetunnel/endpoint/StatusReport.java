package dev.ninetunnel.endpoint;

import dev.ninetunnel.endpoint.control.Durations;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.metrics.Counts;
import dev.ninetunnel.endpoint.metrics.PeerCounts;
import dev.ninetunnel.endpoint.mount.MountState;
import dev.ninetunnel.endpoint.mount.PeerMounts;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.meter.Latency;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.session.Carried;
import dev.ninetunnel.session.PlainClient;
import dev.ninetunnel.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                parts.listeners().status(), leases(),
                parts.setup().get().config().exports().stream().map(StatusReport::export).toList());
    }

    /** What peers have been granted. On the session loop. */
    Optional<Status.LeaseStatus> leases() {
        return granter.map(g -> new Status.LeaseStatus(g.leases(), g.granted(), g.recalls(), g.overdue()));
    }

    /** What is counted. On the session loop. */
    Counts counts() {
        Map<String, PeerCounts.Links> links = peerRegistry.linkCounts();
        Map<String, Latency.Counts> exports = new LinkedHashMap<>();
        peerRegistry.served().latencies().forEach((name, latency) -> exports.put(name, latency.counts()));
        List<PeerState> peers = peerRegistry.all();
        return new Counts(peers.size(),
                Counts.bounded(peers.stream()
                        .map(peer -> peer.counts(links.getOrDefault(peer.name(), PeerCounts.Links.NONE))).toList()),
                peerRegistry.plainClients(), peerRegistry.linkEnds(), parts.listeners().refused(),
                new Counts.Requests(peerRegistry.sent().counts().now(), peerRegistry.served().counts().now()), exports,
                new Counts.Workers(workers.busy(), workers.hanging()), parts.listeners().status(), leases(),
                warnings().size());
    }

    /**
     * Why the endpoint is not what it was told to be, a line each: it listens everywhere, and is linked with whom it dials. On the
     * session loop.
     */
    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        for (HostPort where : parts.setup().get().listen()) {
            if (!parts.listeners().isAt(where)) {
                troubles.add("it does not listen at " + where + " (yet, or any more)");
            }
        }
        for (PeerState peer : peerRegistry.all()) {
            if (diallers.state(peer.name()).isPresent() && !peer.isWell()) {
                troubles.add(peer.name() + ": " + state(peer));
            }
        }
        return troubles;
    }

    /** What somebody should see to. On the session loop. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>(credentialReloader.warnings());
        warnings.addAll(parts.peerExports().troubles());
        workers.hangs(UNANSWERED).forEach(hang -> warnings.add("export " + hang));
        parts.peers().fault().ifPresent(fault -> warnings.add("the list of peers is as it was before: " + fault));
        return warnings;
    }

    private Status.PeerStatus peer(PeerState p) {
        return new Status.PeerStatus(p.name(), p.isWell(), state(p),
                p.sessions().away(), p.client().localClients(), p.client().fids(), p.client().tags(),
                p.client().unexpectedReplies(), p.sessionStatus(), p.client().cache(), mount(p, mounts),
                parts.setup().get().grants(p.name()));
    }

    private static Status.ExportStatus export(Export export) {
        return new Status.ExportStatus(export.name(), switch (export.target()) {
            case Export.Target.Directory directory -> directory.path().toString();
            case Export.Target.Upstream upstream -> upstream.address().toString();
        });
    }

    /** How it stands with a peer, in words for people. */
    String state(PeerState peer) {
        return state(peer, diallers.state(peer.name()));
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
            return peer.overdue().map(silence -> "silent for " + silence.toSeconds() + " s, an answer is overdue")
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
}
