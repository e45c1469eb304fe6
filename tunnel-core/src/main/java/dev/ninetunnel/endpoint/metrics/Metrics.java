package dev.ninetunnel.endpoint.metrics;

import dev.ninetunnel.meter.RequestCounts;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The metrics that there are, of what is counted; docs/metrics.md lists them. */
final class Metrics {
    private static final double NANOS = 1e9;

    private final Families families = new Families();

    private Metrics() {}

    /**
     * All of them.
     *
     * @param age how old the counts are, in seconds
     */
    static MetricSnapshots of(Counts counts, double age, ProcessCounts process) {
        Metrics metrics = new Metrics();
        metrics.families.gauge("ninetunnel_counts_age_seconds",
                "How old these numbers are: more than 0 where the endpoint is too busy to tell", age);
        metrics.peers(counts);
        metrics.asking(counts.peers());
        metrics.cache(counts.peers());
        metrics.endpoint(counts);
        metrics.requests(counts);
        process.addTo(metrics.families);
        return metrics.families.all();
    }

    private void gauge(String name, String help, List<PeerCounts> peers, ToDoubleFunction<PeerCounts> value) {
        families.gauge("ninetunnel_" + name, help, peers, Metrics::peer, value);
    }

    private void counter(String name, String help, List<PeerCounts> peers, ToDoubleFunction<PeerCounts> value) {
        families.counter("ninetunnel_" + name, help, peers, Metrics::peer, value);
    }

    private static Labels peer(PeerCounts peer) {
        return Families.label("peer", peer.name());
    }

    private void peers(Counts counts) {
        families.gauge("ninetunnel_peers", "Peers that the endpoint knows", counts.known());
        List<PeerCounts> peers = counts.peers();
        gauge("peer_linked", "Whether the peer has a link over which something was heard of late", peers,
                PeerCounts::linked);
        counter("links", "Links with the peer that have come up", peers, peer -> peer.links().made());
        counter("session_resumes", "How often the session has gone on with another link", peers, PeerCounts::resumes);
        gauge("round_trip_seconds", "How long the peer took to answer when it was last asked for a sign of life",
                peers.stream().filter(peer -> peer.roundTrip().isPresent()).toList(),
                peer -> peer.roundTrip().orElseThrow().toNanos() / NANOS);
        counter("sent_bytes", "Bytes of 9P that went to the peer", peers, peer -> peer.links().sent().bytes());
        counter("received_bytes", "Bytes of 9P that came from the peer", peers,
                peer -> peer.links().received().bytes());
        counter("sent_messages", "Messages of 9P that went to the peer", peers,
                peer -> peer.links().sent().requests() + peer.links().sent().replies());
        counter("received_messages", "Messages of 9P that came from the peer", peers,
                peer -> peer.links().received().requests() + peer.links().received().replies());
        gauge("queued_bytes", "Bytes that wait to be sent to the peer, or are kept in case it lacks them", peers,
                PeerCounts::queued);
    }

    private void asking(List<PeerCounts> peers) {
        gauge("local_clients", "Local programs that are connected to the peer's files", peers,
                peer -> peer.asking().clients());
        gauge("client_requests", "Requests of local programs that the peer has not answered", peers,
                peer -> peer.asking().requests());
        gauge("client_fids", "Files of the peer that local programs have in use", peers, peer -> peer.asking().fids());
        gauge("server_requests", "Requests of the peer that this endpoint has not answered", peers,
                peer -> peer.served().requests());
        gauge("server_fids", "Files of this endpoint that the peer has in use", peers, peer -> peer.served().fids());
        families.histogram("ninetunnel_client_request_seconds",
                "From when a request of a local program left for the peer to its reply", peers, Metrics::peer,
                peer -> peer.asking().latency().counts());
    }

    private void cache(List<PeerCounts> peers) {
        gauge("cache_bytes", "What is kept of the peer's files", peers, peer -> peer.cache().bytes());
        gauge("cache_limit_bytes", "What may be kept of the peer's files", peers, peer -> peer.cache().mostBytes());
        counter("cache_hits", "Requests that were answered from what is kept", peers,
                peer -> peer.cache().totals().hits());
        counter("cache_misses", "Requests that could have been, and were not", peers,
                peer -> peer.cache().totals().misses());
        counter("writes_behind", "Writes that were answered before the peer had them", peers,
                peer -> peer.cache().totals().writesBehind());
        counter("writes_behind_failed", "Of these, those that the peer refused, or perhaps did not receive", peers,
                peer -> peer.cache().totals().writesFailed());
        gauge("leases_held", "Leases that the peer has granted", peers, peer -> peer.cache().leases());
        counter("leases_taken_back", "Leases that the peer has asked back", peers,
                peer -> peer.cache().totals().breaks());
    }

    private void endpoint(Counts counts) {
        families.gauge("ninetunnel_plain_clients", "Ordinary 9P clients that are linked", counts.plainClients());
        families.counter("ninetunnel_link_ends", "Links that have ended, by how", counts.ended().entrySet(),
                end -> Labels.of("how", word(end.getKey())), Map.Entry::getValue);
        families.counter("ninetunnel_refused_connections", "Connections that were not let in, by why",
                counts.refused().entrySet(), kind -> Labels.of("reason", word(kind.getKey())), Map.Entry::getValue);
        counts.door().ifPresent(door -> families.gauge("ninetunnel_handshakes", "Handshakes in progress",
                door.handshakes()));
        families.gauge("ninetunnel_workers_busy", "Threads that do file work", counts.workers().busy());
        families.gauge("ninetunnel_workers_hanging", "Of these, those that wait for a disk that does not answer",
                counts.workers().hanging());
        counts.leases().ifPresent(leases -> {
            families.gauge("ninetunnel_leases_granted", "Leases that peers hold", leases.out());
            families.counter("ninetunnel_lease_grants", "Replies that brought a lease",
                    (double) leases.granted());
            families.counter("ninetunnel_lease_recalls", "Leases that were asked back",
                    (double) leases.recalls());
            families.counter("ninetunnel_lease_recalls_overdue", "Of these, those not given up in time",
                    (double) leases.overdue());
        });
        families.gauge("ninetunnel_warnings", "Things that somebody should see to: 'ninetunnel status' has them",
                counts.warnings());
    }

    private static String word(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private void requests(Counts counts) {
        families.counter("ninetunnel_client_requests_sent", "Requests of local programs that went to peers",
                counts.requests().sent().entrySet(), one -> kind(one.getKey()), Map.Entry::getValue);
        families.counter("ninetunnel_server_requests_received", "Requests of peers",
                counts.requests().served().entrySet(), one -> kind(one.getKey()), Map.Entry::getValue);
        families.histogram("ninetunnel_server_request_seconds",
                "From when a request of a peer came to its reply, by what is exported", counts.exports().entrySet(),
                export -> Families.label("export", export.getKey()), Map.Entry::getValue);
    }

    private static Labels kind(RequestCounts.Kind kind) {
        return Labels.of("dialect", kind.dialect().version(), "type", kind.type().toString());
    }
}
