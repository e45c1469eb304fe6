package dev.ninetunnel.endpoint.metrics;

import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.accept.RejectionLog;
import dev.ninetunnel.meter.Latency;
import dev.ninetunnel.meter.RequestCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is counted of an endpoint, as it is at one moment.
 *
 * @param known how many peers it knows
 * @param peers each, or some of them and the rest together as {@link #OTHER}
 * @param plainClients the ordinary 9P clients that are linked
 * @param ended how many links have ended in which way
 * @param refused how many connections were not let in, by why
 * @param requests of programs here to peers, and of peers to what is exported here
 * @param exports how long each took to answer
 * @param door what goes on where it listens, if it does
 * @param leases what peers have been granted, if anything can be
 * @param warnings how many things somebody should see to
 */
public record Counts(int known, List<PeerCounts> peers, int plainClients, Map<LinkEnd.Kind, Long> ended,
        Map<RejectionLog.Kind, Long> refused, Requests requests, Map<String, Latency.Counts> exports, Workers workers,
        Optional<Status.DoorStatus> door,
        Optional<Status.LeaseStatus> leases, int warnings) {
    /** The most peers that are told apart: more series than a store for them likes are of no use to anybody. */
    static final int MOST_PEERS = 1_000;

    /** The name for all the others. No peer can have it by accident: see {@link #bounded}. */
    static final String OTHER = "other";

    /**
     * How many of each kind.
     *
     * @param sent of programs here
     * @param served of peers
     */
    public record Requests(Map<RequestCounts.Kind, Long> sent, Map<RequestCounts.Kind, Long> served) {}

    /**
     * The threads that do file work.
     *
     * @param busy those at work
     * @param hanging of these, the ones that wait for a disk that does not answer
     */
    public record Workers(int busy, int hanging) {}

    /** Keeps the first peers apart, and adds up all others, with any that is called as these are. */
    public static List<PeerCounts> bounded(List<PeerCounts> all) {
        List<PeerCounts> kept = new ArrayList<>();
        PeerCounts rest = null;
        for (PeerCounts peer : all) {
            if (kept.size() < MOST_PEERS && !peer.name().equals(OTHER)) {
                kept.add(peer);
            } else {
                rest = rest == null ? peer.named(OTHER) : rest.plus(peer);
            }
        }
        if (rest != null) {
            kept.add(rest);
        }
        return kept;
    }
}
